import {
  batchStateLabels,
  handoverDueOn,
  handoverRuleOf,
  ledgerKindLabels,
  type BatchCounts,
  type BatchState,
  type HandoverRule,
  type LedgerKind,
} from "#ledger/contract";
import type { MonthDuty } from "#months/contract";
import type { MoneyDuty } from "#subsidies";
import { addDays, addMonths, daysBetween, lateness, monthOf, type Urgency } from "../platform/dates/index.ts";
import type { Duty, QueueFigure } from "./contract.ts";
import { moneyDuty } from "./money.ts";

/** What the workbench needs to know of a batch. */
export interface BatchAtHand {
  readonly batchId: string;
  readonly kind: LedgerKind;
  readonly month: string;
  readonly title: string;
  readonly region: string;
  readonly state: BatchState;
  readonly counts: BatchCounts;
  readonly receivedOn: string;
  readonly awaitsApproval: boolean;
  /** Received by the officer himself, so that its vanished are another's to confirm. */
  readonly ownReceipt: boolean;
}

/** What the officer's duties let him do. Nobody is held to what is another's to do. */
export interface Acts {
  /** Receives tables and repairs them. */
  readonly receive: boolean;
  readonly apply: boolean;
  /** Confirms the vanished of another's batch. */
  readonly approve: boolean;
  /** Settles comparison tasks. */
  readonly settle: boolean;
  /** Answers for the offices below that owe a table. */
  readonly chase: boolean;
}

export interface Situation {
  /** The officer's area: its length tells the level. */
  readonly region: string;
  readonly businessDate: string;
  /** The month whose tables come in now. */
  readonly month: string;
  readonly acts: Acts;
  /** Batches of this month and the one before, and whatever is unfinished, the newest first. */
  readonly batches: readonly BatchAtHand[];
  /** Counties below a city or province that hold persons; empty for a county itself. */
  readonly counties: readonly string[];
  /** Null, like the next: not this officer's concern. `due`: of the one that is due first. */
  readonly comparisons: { readonly open: number; readonly overdue: number; readonly due: string | null } | null;
  readonly toVerify: number | null;
  /** Months that wait for this officer: to close, acknowledge, call for. */
  readonly months: readonly MonthDuty[];
  /** Claims and payment batches that wait for this officer. */
  readonly money: readonly MoneyDuty[];
  /** Whether the queues of the ledger are shown. */
  readonly seesLedger: boolean;
}

const COUNTY_DIGITS = 6;
const VILLAGE_DIGITS = 12;
const STEPS = 6;
/** Which of the six steps a waiting batch stands at. */
const stepOf: Partial<Record<BatchState, number>> = { mapping: 2, compared: 4, refused: 1 };

/** Everything that is due, the most pressing first. Pure: the same situation gives the same list. */
export function dutiesOf(situation: Situation): Duty[] {
  const rule = handoverRuleOf(situation.region);
  const duties = [
    ...(rule ? handovers(situation, rule) : []),
    ...unfinished(situation, rule),
    ...openComparisons(situation),
    ...situation.months.map((month) => monthDuty(month, situation)),
    ...situation.money.map((one) => moneyDuty(one, situation.businessDate)),
  ];
  return duties.toSorted((a, b) => order[a.tone] - order[b.tone] || (a.due ?? "9999").localeCompare(b.due ?? "9999"));
}

const order: Record<Urgency, number> = { late: 0, soon: 1, plain: 2 };

/** The month whose tables are handed over in the month of the business date. */
export function monthInHand(businessDate: string): string {
  return addMonths(monthOf(businessDate), -1);
}

/** Words and colour of a deadline, as a duty shows them. */
function pressing(due: string, businessDate: string): Pick<Duty, "words" | "tone"> {
  const { words, tone } = lateness(due, businessDate);
  return { words, tone };
}

/** Tables that should have come and have not, of the current month and, once the office has begun with that table, of the month before. */
function handovers(situation: Situation, rule: HandoverRule): Duty[] {
  const { region, acts } = situation;
  if (region.length > COUNTY_DIGITS || !(region.length === COUNTY_DIGITS ? acts.receive : acts.chase)) return [];
  const before = addMonths(situation.month, -1);
  return rule.kinds.flatMap((kind) => {
    const begun = situation.batches.some((batch) => batch.kind === kind && batch.month <= before);
    return (begun ? [before, situation.month] : [situation.month]).flatMap((month) =>
      handover(situation, rule, month, kind),
    );
  });
}

function handover(situation: Situation, rule: HandoverRule, month: string, kind: LedgerKind): Duty[] {
  const received = new Set(
    situation.batches
      .filter((batch) => batch.kind === kind && batch.month === month && arrived.has(batch.state))
      .map((batch) => batch.region.slice(0, COUNTY_DIGITS)),
  );
  const expected = situation.region.length === COUNTY_DIGITS ? [situation.region] : situation.counties;
  const done = expected.filter((county) => received.has(county)).length;
  if (expected.length === 0 || done === expected.length) return [];
  const due = handoverDueOn(rule, month);
  const name = `${Number(month.slice(5))}月${ledgerKindLabels[kind]}`;
  const own = situation.region.length === COUNTY_DIGITS;
  return [
    {
      key: `handover ${kind} ${month}`,
      title: own ? `接收 ${name}` : `催收 ${name}`,
      detail: own ? "尚未收到移交" : `还有 ${expected.length - done} 个县未收到`,
      due,
      ...pressing(due, situation.businessDate),
      basis: { source: rule.source, quote: rule.quote },
      progress: { words: `${done} / ${expected.length} ${own ? "份" : "县"}`, part: done / expected.length },
      next: own
        ? { label: "去接收", path: `/ledger/receive?kind=${kind}&month=${month}` }
        : { label: "看收到情况", path: `/ledger?kind=${kind}&month=${month}` },
    },
  ];
}

/** A refused or discarded file does not count as handed over. */
const arrived: ReadonlySet<BatchState> = new Set([
  "receiving",
  "mapping",
  "checking",
  "comparing",
  "compared",
  "applying",
  "applied",
  "undoing",
]);

/** Batches that wait for this officer: columns to confirm, rows to repair, the vanished to confirm, differences to apply. */
function unfinished(situation: Situation, rule: HandoverRule | undefined): Duty[] {
  return situation.batches.flatMap((batch) => {
    const act = actOn(batch, situation.acts);
    if (act === null) return [];
    const step = stepOf[batch.state] ?? 1;
    const name = `${Number(batch.month.slice(5))}月${batch.kind === "other" && batch.title ? batch.title : ledgerKindLabels[batch.kind]}`;
    const due = rule?.kinds.includes(batch.kind) ? addDays(batch.receivedOn, rule.enterWithinDays) : null;
    const waited = Math.max(0, daysBetween(batch.receivedOn, situation.businessDate));
    return [
      {
        key: `batch ${batch.batchId}`,
        title: `${act.verb} ${name}`,
        detail: detailOf(batch, situation.acts),
        due,
        ...(due
          ? pressing(due, situation.businessDate)
          : {
              tone: batch.state === "refused" ? ("late" as const) : ("plain" as const),
              words: waited === 0 ? "今日收到" : `已等 ${waited} 天`,
            }),
        basis: rule && due ? { source: rule.source, quote: rule.enterQuote } : null,
        progress: { words: `第 ${step} / ${STEPS} 步`, part: step / STEPS },
        next: { label: act.label, path: `/ledger/${batch.batchId}${act.step}` },
      },
    ];
  });
}

/** What this officer is to do with the batch; null: it waits for nobody, or for another. */
function actOn(batch: BatchAtHand, acts: Acts): { verb: string; label: string; step: string } | null {
  if (batch.state === "mapping") return acts.receive ? { verb: "确认列", label: "继续", step: "" } : null;
  if (batch.state === "refused") return acts.receive ? { verb: "处理无法读取的", label: "看原因", step: "" } : null;
  if (batch.state !== "compared") return null;
  if (batch.awaitsApproval && acts.approve && !batch.ownReceipt)
    return { verb: "复核", label: "去复核", step: "?step=compare&kind=vanished" };
  if (acts.apply) return { verb: "应用", label: "继续", step: "" };
  return acts.receive && batch.counts.waiting > 0
    ? { verb: "修复", label: "去修复", step: "?step=check&severity=waiting" }
    : null;
}

function detailOf(batch: BatchAtHand, acts: Acts): string {
  if (batch.state !== "compared")
    return batch.state === "mapping" ? "列名已认出，等您核对" : `${batchStateLabels[batch.state]}，请核对文件`;
  const differences = Object.values(batch.counts.differences).reduce((sum, one) => sum + (one ?? 0), 0);
  return [
    `比对已完成，${differences.toLocaleString("zh-CN")} 处差异待应用`,
    batch.counts.waiting > 0 ? `${batch.counts.waiting} 行待修` : "",
    batch.awaitsApproval ? `消失超过 3%，${acts.approve && !batch.ownReceipt ? "待您复核" : "待另一人复核"}` : "",
  ]
    .filter((part) => part !== "")
    .join("，");
}

/** A month to be closed, acknowledged or called for. */
function monthDuty(duty: MonthDuty, { region, businessDate }: Situation): Duty {
  const name = `${Number(duty.month.slice(5))}月`;
  const common = {
    key: duty.key,
    due: duty.due,
    ...pressing(duty.due, businessDate),
    basis: null,
    progress: { words: `${duty.done} / ${duty.of} 已签收`, part: duty.of === 0 ? 0 : duty.done / duty.of },
  };
  const here = `/months/${region}/${duty.month}`;
  const all = `/months?month=${duty.month}`;
  switch (duty.act) {
    case "resubmit":
      return {
        ...common,
        title: `重报 ${name}月度数据`,
        detail: `上级退回：${duty.reason}`,
        words: "已退回",
        tone: "late",
        progress: { words: "更正后再报", part: 0 },
        next: { label: "去更正", path: here },
      };
    case "acknowledge":
      return {
        ...common,
        title: `签收 ${name}月度数据`,
        detail: "下级已上报，核对后签收或退回",
        next: { label: "去签收", path: all },
      };
    case "chase":
      return {
        ...common,
        title: `催报 ${name}月度数据`,
        detail: `还有 ${duty.of - duty.done} 个下级未上报`,
        progress: { words: `${duty.done} / ${duty.of} 已上报`, part: duty.done / duty.of },
        next: { label: "看谁没报", path: all },
      };
    case "submit":
      return {
        ...common,
        title: `关账 ${name}月度数据`,
        detail: duty.of === 0 ? "核对后确认上报" : "下级签收完后关账上报",
        progress: duty.of === 0 ? { words: "未关账", part: 0 } : common.progress,
        next: { label: "去关账", path: here },
      };
  }
}

/** Two sources that disagree, due ten days after they were found to. */
function openComparisons({ comparisons, acts, businessDate }: Situation): Duty[] {
  if (!acts.settle || !comparisons || comparisons.open === 0) return [];
  const { open, overdue, due } = comparisons;
  return [
    {
      key: "comparisons",
      title: overdue > 0 ? `处理逾期的比对任务 ${overdue} 件` : `处理比对任务 ${open} 件`,
      detail: overdue > 0 ? `两源不符或本期未报，共 ${open} 件待处理` : "两源不符或本期未报，核实后办结",
      due,
      ...(due === null ? { words: "待处理", tone: "plain" as const } : pressing(due, businessDate)),
      basis: null,
      progress: { words: overdue > 0 ? `${overdue} / ${open} 件逾期` : `${open} 件待处理`, part: 0 },
      next: { label: "去处理", path: overdue > 0 ? "/comparisons?overdue=true" : "/comparisons" },
    },
  ];
}

/** Queues by number, each opening its list. What the officer may not see, or is none of his concern, is left out. */
export function queuesOf(situation: Situation): QueueFigure[] {
  return [...(situation.seesLedger ? ledgerQueues(situation) : []), ...peopleQueues(situation)];
}

function ledgerQueues(situation: Situation): QueueFigure[] {
  const at = (state: BatchState) => situation.batches.filter((batch) => batch.state === state);
  const compared = at("compared");
  const waiting = compared.reduce((sum, batch) => sum + batch.counts.waiting, 0);
  const approvals = compared.filter((batch) => batch.awaitsApproval).length;
  const oldest = compared.map((batch) => batch.receivedOn).toSorted()[0];
  const repair = compared.find((batch) => batch.counts.waiting > 0);
  return [
    {
      key: "mapping",
      label: "待确认列",
      value: at("mapping").length,
      unit: "批",
      note: "核对后开始校验",
      tone: "plain",
      path: "/ledger?state=mapping",
    },
    {
      key: "repair",
      label: "待修复",
      value: waiting,
      unit: "行",
      note: "不应用，不算消失",
      tone: waiting > 0 ? "soon" : "plain",
      path: repair ? `/ledger/${repair.batchId}?step=check&severity=waiting` : "/ledger",
    },
    {
      key: "apply",
      label: "待应用",
      value: compared.length,
      unit: "批",
      note: oldest ? `最久 ${Math.max(0, daysBetween(oldest, situation.businessDate))} 天` : "没有积压",
      tone: "plain",
      path: "/ledger?state=compared",
    },
    {
      key: "approve",
      label: "待复核",
      value: approvals,
      unit: "批",
      note: "消失超过 3%",
      tone: approvals > 0 ? "soon" : "plain",
      path: "/ledger?state=compared",
    },
  ];
}

function peopleQueues(situation: Situation): QueueFigure[] {
  return [
    ...(situation.comparisons
      ? [
          {
            key: "comparisons",
            label: "比对任务",
            value: situation.comparisons.open,
            unit: "件",
            note:
              situation.comparisons.overdue > 0
                ? `逾期 ${situation.comparisons.overdue} 件`
                : situation.region.length === VILLAGE_DIGITS
                  ? "核实后由乡镇办结"
                  : "没有逾期",
            tone: situation.comparisons.overdue > 0 ? ("late" as const) : ("plain" as const),
            path: "/comparisons",
          },
        ]
      : []),
    ...(situation.toVerify === null
      ? []
      : [
          {
            key: "verify",
            label: "待核实",
            value: situation.toVerify,
            unit: "人",
            note: situation.region.length === VILLAGE_DIGITS ? "入户或电话核实" : "派村核实",
            tone: situation.toVerify > 0 ? ("soon" as const) : ("plain" as const),
            path: "/persons?workStates=to-verify",
          },
        ]),
  ];
}
