import {
  batchStateLabels,
  ledgerKindLabels,
  type BatchCounts,
  type BatchState,
  type LedgerKind,
} from "#ledger/contract";
import type { Duty, DutyTone, QueueFigure } from "./contract.ts";
import { addDays, daysFrom, handoverDueOn, handoverRuleOf, monthBefore, type HandoverRule } from "./handover.ts";

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
}

export interface Situation {
  /** The officer's area: its length tells the level. */
  readonly region: string;
  readonly businessDate: string;
  /** The month whose tables come in now. */
  readonly month: string;
  /** Batches of this month and the one before, and whatever is unfinished, the newest first. */
  readonly batches: readonly BatchAtHand[];
  /** Counties below a city or province that hold persons; empty for a county itself. */
  readonly counties: readonly string[];
  readonly comparisons: { readonly open: number; readonly overdue: number } | null;
  readonly toVerify: number | null;
}

const COUNTY_DIGITS = 6;
const SOON_DAYS = 3;
const STEPS = 6;
/** Which of the six steps a waiting batch stands at. */
const stepOf: Partial<Record<BatchState, number>> = { mapping: 2, compared: 4, refused: 1 };

/** Everything that is due, the most pressing first. Pure: the same situation gives the same list. */
export function dutiesOf(situation: Situation): Duty[] {
  const rule = handoverRuleOf(situation.region);
  const duties = [
    ...(rule ? handovers(situation, rule) : []),
    ...unfinished(situation, rule),
    ...overdueComparisons(situation),
  ];
  return duties.toSorted((a, b) => order[a.tone] - order[b.tone] || (a.due ?? "9999").localeCompare(b.due ?? "9999"));
}

const order: Record<DutyTone, number> = { late: 0, soon: 1, plain: 2 };

/** Tables that should have come and have not, of the current month and, once the office has begun with that table, of the month before. */
function handovers(situation: Situation, rule: HandoverRule): Duty[] {
  if (situation.region.length > COUNTY_DIGITS) return [];
  const before = monthBefore(situation.month);
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

/** Batches that wait for somebody: columns to confirm, rows to repair, differences to apply. */
function unfinished(situation: Situation, rule: HandoverRule | undefined): Duty[] {
  return situation.batches
    .filter((batch) => batch.state in stepOf)
    .map((batch) => {
      const step = stepOf[batch.state] ?? 1;
      const name = `${Number(batch.month.slice(5))}月${batch.kind === "other" && batch.title ? batch.title : ledgerKindLabels[batch.kind]}`;
      const due = rule?.kinds.includes(batch.kind) ? addDays(batch.receivedOn, rule.enterWithinDays) : null;
      const waited = Math.max(0, daysFrom(batch.receivedOn, situation.businessDate));
      return {
        key: `batch ${batch.batchId}`,
        title: `${batch.state === "mapping" ? "确认列" : batch.state === "refused" ? "处理无法读取的" : "应用"} ${name}`,
        detail: detailOf(batch),
        due,
        ...(due
          ? pressing(due, situation.businessDate)
          : {
              tone: batch.state === "refused" ? ("late" as const) : ("plain" as const),
              words: waited === 0 ? "今日收到" : `已等 ${waited} 天`,
            }),
        basis: rule && due ? { source: rule.source, quote: rule.enterQuote } : null,
        progress: { words: `第 ${step} / ${STEPS} 步`, part: step / STEPS },
        next: { label: batch.state === "refused" ? "看原因" : "继续", path: `/ledger/${batch.batchId}` },
      };
    });
}

function detailOf(batch: BatchAtHand): string {
  if (batch.state !== "compared")
    return batch.state === "mapping" ? "列名已认出，等您核对" : `${batchStateLabels[batch.state]}，请核对文件`;
  const differences = Object.values(batch.counts.differences).reduce((sum, one) => sum + (one ?? 0), 0);
  return [
    `比对已完成，${differences.toLocaleString("zh-CN")} 处差异待应用`,
    batch.counts.waiting > 0 ? `${batch.counts.waiting} 行待修` : "",
    batch.awaitsApproval ? "消失超过 3%，待另一人复核" : "",
  ]
    .filter((part) => part !== "")
    .join("，");
}

function overdueComparisons({ comparisons }: Situation): Duty[] {
  if (!comparisons || comparisons.overdue === 0) return [];
  return [
    {
      key: "comparisons",
      title: `处理逾期的比对任务 ${comparisons.overdue} 件`,
      detail: `两源不符，共 ${comparisons.open} 件待处理`,
      due: null,
      words: "已逾期",
      tone: "late",
      basis: null,
      progress: { words: `${comparisons.overdue} / ${comparisons.open} 件逾期`, part: 0 },
      next: { label: "去处理", path: "/comparisons?overdue=true" },
    },
  ];
}

/** Words and tone of a deadline on the business date; amber in its last three days. */
export function pressing(due: string, businessDate: string): { words: string; tone: DutyTone } {
  const days = daysFrom(businessDate, due);
  if (days < 0) return { words: `逾期 ${-days} 天`, tone: "late" };
  if (days === 0) return { words: "今日", tone: "soon" };
  return { words: `还剩 ${days} 天`, tone: days <= SOON_DAYS ? "soon" : "plain" };
}

/** Queues by number, each opening its list. What the officer may not see is left out. */
export function queuesOf(situation: Situation): QueueFigure[] {
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
      note: oldest ? `最久 ${Math.max(0, daysFrom(oldest, situation.businessDate))} 天` : "没有积压",
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
    ...(situation.comparisons
      ? [
          {
            key: "comparisons",
            label: "比对任务",
            value: situation.comparisons.open,
            unit: "件",
            note: situation.comparisons.overdue > 0 ? `逾期 ${situation.comparisons.overdue} 件` : "没有逾期",
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
            note: "派村核实",
            tone: situation.toVerify > 0 ? ("soon" as const) : ("plain" as const),
            path: "/persons?workStates=to-verify",
          },
        ]),
  ];
}
