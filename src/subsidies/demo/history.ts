import { sql } from "kysely";
import type { DomainModule } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import { takeIn } from "../claims/intake.ts";
import {
  acceptClaims,
  addFundLine,
  approveClaims,
  buildBatch,
  checkClaims,
  clearLists,
  closeClaims,
  closeInspection,
  confirmClaims,
  endorseClaims,
  freezeBatch,
  getBatch,
  importBankResult,
  listClaims,
  listFundLines,
  listPayments,
  listPublications,
  proposeSettlement,
  publishClaims,
  raiseObjection,
  getPublication,
  recordInspection,
  rectifyInspection,
  refuseClaims,
  releaseBatch,
  returnClaims,
  sendBatch,
  setPayeeAccount,
  setTarget,
  withdrawClaims,
  type ClaimRow,
  type ClaimState,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { Desks } from "./desks.ts";

/** Counties of the demonstration with the logins of their officers. */
const COUNTIES = [
  { region: "433124", login: "huayuan", leader: "xiangxi-leader", name: "花垣县" },
  { region: "370831", login: "sishui", leader: "jining-leader", name: "泗水县" },
  { region: "622927", login: "jishishan", leader: "linxia-leader", name: "积石山县" },
] as const;
type County = (typeof COUNTIES)[number];

/** Working days before today on which things were done; the bank's holidays take care of themselves. */
const AGO = {
  found: 38,
  taken: 37,
  checked: 35,
  approved: 33,
  published: 32,
  cleared: 26,
  paid: 24,
  retried: 20,
  closed: 17,
  late: 3,
} as const;
const RULES = 3;
const PAYEES = 12;

/**
 * Lets the offices of a demonstration work through the months before today: claims of what was found then, in every state, with a batch
 * that the bank has settled, a payment that came back and was sent again, a list that is open with an objection, and what is late. Only
 * the days are made up: everything is done by the acts of the screen, so that funds, events, the log and the lists agree.
 */
export async function tellHistory(
  options: SubsidiesOptions,
  context: Pick<TaskContext, "services" | "progress">,
  subsidies: DomainModule,
): Promise<void> {
  const { services } = context;
  for (const county of COUNTIES) {
    const made = await sql<{
      n: string;
    }>`SELECT count(*) AS n FROM subsidies.claim WHERE region = ${county.region}`.execute(services.database.worker);
    // A second run, or an office that has begun by itself.
    if (made.rows[0]!.n !== "0") continue;
    const desks = new Desks(services, subsidies, services.businessDate(county.region));
    await tellCounty(options, context, desks, county);
  }
}

/** Are left as they were found, for whoever wants to try all of it from the start. */
const UNTOUCHED = ["skill-upgrade-subsidy", "workshop-award"];

/** Rules of which most was found payable early enough. `unfunded`: their text names no fund, so that a document must set money aside for them. */
async function rulesOf(
  { services }: Pick<TaskContext, "services">,
  region: string,
  until: string,
): Promise<readonly { readonly path: string; readonly rule_id: string; readonly unfunded: boolean }[]> {
  const found = await sql<{
    path: string;
    rule_id: string;
    unfunded: boolean;
  }>`SELECT v.path, v.rule_id, bool_or(coalesce(r.fund, '') = '') AS unfunded FROM policy.result r JOIN policy.version v USING (version_id)
    WHERE starts_with(r.region, ${region}) AND r.outcome IN ('ELIGIBLE', 'ELIGIBLE_UP_TO_CAP') AND r.amount_fen > 0 AND r.event_date <= ${until}::date
      AND v.rule_id <> ALL(${UNTOUCHED}::text[]) AND v.source LIKE ${"%\npays:%"}
    GROUP BY v.path, v.rule_id ORDER BY count(*) DESC, v.path LIMIT ${sql.lit(RULES)}`.execute(
    services.database.worker,
  );
  return found.rows;
}

async function tellCounty(
  options: SubsidiesOptions,
  { progress }: Pick<TaskContext, "services" | "progress">,
  desks: Desks,
  county: County,
): Promise<void> {
  const { region, login } = county;
  const then = desks.services(AGO.found);
  const rules = await rulesOf({ services: then }, region, desks.before(AGO.found));
  // Where nothing was found so early, the office had nothing to do.
  if (rules.length === 0) return;
  const unfunded = rules.filter((rule) => rule.unfunded).map(({ rule_id }) => rule_id);
  if (unfunded.length > 0)
    await desks.act(AGO.found, `${login}-finance`, addFundLine, {
      region,
      fund: "就业补助资金",
      level: "省级",
      year: Number(desks.before(AGO.found).slice(0, 4)),
      document: "样例：非真实下达文件，限定项目",
      rules: unfunded,
      validFrom: desks.before(AGO.found),
      amountFen: 100_000_000,
    });
  const share = { rules: rules.map(({ path }) => path), payees: PAYEES };
  await progress(`演示：${county.name}往月补贴`);
  await takeIn(options, { services: then, progress: async () => {} }, region, { officerId: null, name: "系统" }, share);
  const office = new Office(desks, county);
  await office.bring();
  await office.pay();
  await office.publishLately();
  await office.leaveOver();
  await office.lookBack();
  // What nobody came for is taken back: nothing waits from then for its payee.
  const waiting = await office.claims("proposed");
  if (waiting.length > 0)
    await desks.act(AGO.closed, login, withdrawClaims, {
      claimIds: idsOf(waiting),
      note: "多次联系未确认，本人暂不申领",
    });
}

const idsOf = (claims: readonly ClaimRow[]): string[] => claims.map(({ claimId }) => claimId);

/** One county's desks, in the order in which things happen there. */
class Office {
  readonly #desks: Desks;
  readonly #county: County;

  constructor(desks: Desks, county: County) {
    this.#desks = desks;
    this.#county = county;
  }

  get #clerk(): string {
    return this.#county.login;
  }
  get #reviewer(): string {
    return `${this.#county.login}-review`;
  }
  get #finance(): string {
    return `${this.#county.login}-finance`;
  }

  async claims(state: ClaimState): Promise<readonly ClaimRow[]> {
    return (await this.#desks.act(0, this.#clerk, listClaims, { state, size: 200 })).rows;
  }

  /** Three in four came to the counter; all were examined, but for some. */
  async bring(): Promise<void> {
    const proposed = await this.claims("proposed");
    const came = proposed.filter((_, at) => at % 4 !== 3);
    if (came.length > 0)
      await this.#desks.act(AGO.taken, this.#clerk, confirmClaims, { claimIds: idsOf(came), agent: "柜台本人确认" });
    const submitted = await this.claims("submitted");
    if (submitted.length > 0)
      await this.#desks.act(AGO.taken, this.#clerk, acceptClaims, { claimIds: idsOf(submitted) });
    const accepted = await this.claims("accepted");
    const some = accepted.filter((_, at) => at % 6 !== 5);
    if (some.length > 0) await this.#desks.act(AGO.checked, this.#clerk, checkClaims, { claimIds: idsOf(some) });
  }

  /** The first half is approved, published without objection, paid but for one that comes back, and paid again. */
  async pay(): Promise<void> {
    const checked = await this.claims("checked");
    const now = checked.filter((_, at) => at % 2 === 0);
    if (now.length === 0) return;
    await this.#desks.act(AGO.approved, this.#reviewer, approveClaims, { claimIds: idsOf(now) });
    const large = (await this.claims("escalated")).slice(1);
    if (large.length > 0)
      await this.#desks.act(AGO.approved, this.#county.leader, endorseClaims, { claimIds: idsOf(large) });
    await this.#publish(AGO.published);
    await this.#desks.act(AGO.cleared, this.#clerk, clearLists, {});
    await this.#giveAccounts();
    await this.#payBatches(AGO.paid, true);
    await this.#payBatches(AGO.retried, false);
    const paid = await this.claims("paid");
    const done = paid.slice(0, Math.ceil(paid.length / 2));
    if (done.length > 0) await this.#desks.act(AGO.closed, this.#finance, closeClaims, { claimIds: idsOf(done) });
  }

  async #publish(ago: number): Promise<void> {
    const { waiting } = await this.#desks.act(ago, this.#clerk, listPublications, {});
    for (const { rule } of waiting)
      await this.#desks.act(ago, this.#clerk, publishClaims, {
        rule,
        contact: `${this.#county.name}人力资源和社会保障局就业股（演示）`,
      });
  }

  /** Of those who are no persons: a person's is the registry's. */
  async #giveAccounts(): Promise<void> {
    const cleared = (await this.claims("cleared")).filter(({ payeePersonId }) => payeePersonId === null);
    const seen = new Set<string>();
    for (const [at, claim] of cleared.entries()) {
      if (seen.has(claim.payeeName)) continue;
      seen.add(claim.payeeName);
      const account = `62280000${String(at + 1).padStart(11, "0")}`;
      const given = { claimId: claim.claimId, holder: claim.payeeName, bank: "演示银行", account };
      await this.#desks.act(AGO.cleared, this.#clerk, setPayeeAccount, given);
    }
  }

  /** One batch of each line that something waits under: built, frozen, signed by two others, sent, answered by the bank. */
  async #payBatches(ago: number, firstComesBack: boolean): Promise<void> {
    const { rows } = await this.#desks.act(ago, this.#finance, listFundLines, {});
    let comesBack = firstComesBack;
    for (const { fundLineId } of rows.filter(({ reservedFen }) => reservedFen > 0)) {
      const built = await this.#desks.act(ago, this.#finance, buildBatch, { fundLineId }).catch(() => null);
      if (!built) continue;
      const { batchId } = built;
      const lock = async () => (await this.#desks.act(ago, this.#finance, getBatch, { batchId })).lock;
      await this.#desks.act(ago, this.#finance, freezeBatch, { batchId, lock: await lock() });
      for (const hand of [this.#reviewer, this.#county.leader])
        await this.#desks.act(ago, hand, releaseBatch, { batchId, lock: await lock() });
      await this.#desks.act(ago - 1, this.#finance, sendBatch, { batchId, lock: await lock() });
      await this.#answer(ago - 2, batchId, comesBack && built.payments > 1);
      if (built.payments > 1) comesBack = false;
    }
  }

  async #answer(ago: number, batchId: string, comesBack: boolean): Promise<void> {
    const { rows } = await this.#desks.act(ago, this.#finance, listPayments, { batchId, size: 200 });
    const { number } = await this.#desks.act(ago, this.#finance, getBatch, { batchId });
    const day = this.#desks.before(ago);
    const lines = rows.map(({ line, amountFen }) => {
      const amount = formatYuan(amountFen).replaceAll(",", "");
      return comesBack && line === 1
        ? `${line},失败,${amount},,${day},账户状态异常，请核对后重发`
        : `${line},成功,${amount},${number}-${line},${day},`;
    });
    const content = ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n");
    await this.#desks.act(ago, this.#finance, importBankResult, { batchId }, { name: `${number}回盘.csv`, content });
  }

  /** Some of the rest is approved only now: an open list, with one objection. */
  async publishLately(): Promise<void> {
    const checked = (await this.claims("checked")).filter((_, at) => at % 2 === 0);
    if (checked.length === 0) return;
    await this.#desks.act(AGO.late, this.#reviewer, approveClaims, { claimIds: idsOf(checked) });
    await this.#publish(AGO.late - 1);
    const { rows } = await this.#desks.act(0, this.#clerk, listPublications, { state: "open" });
    const [list] = rows.toSorted((a, b) => b.claims - a.claims);
    if (!list) return;
    const { lines } = await this.#desks.act(0, this.#clerk, getPublication, { publicationId: list.publicationId });
    await this.#desks.act(1, this.#clerk, raiseObjection, {
      publicationId: list.publicationId,
      claimId: lines.at(-1)!.claimId,
      raisedBy: "匿名",
      content: "反映与实际不符，请核实（演示）",
    });
  }

  /** Of what is left one is refused with its reason, one goes back for papers; the rest is late at its desk. */
  async leaveOver(): Promise<void> {
    const [refused, ...others] = await this.claims("checked");
    if (refused)
      await this.#desks.act(AGO.closed, this.#reviewer, refuseClaims, {
        claimIds: [refused.claimId],
        note: "核实材料与登记不符，依据文件规定不予发放（演示）",
      });
    const accepted = await this.claims("accepted");
    const back = accepted[0] ?? others[0];
    if (accepted[0] && back)
      await this.#desks.act(AGO.closed, this.#clerk, returnClaims, {
        claimIds: [back.claimId],
        note: "缺考勤或到岗证明，请补充",
      });
  }

  /** The year's targets, what an inspection found, and a line of which something is to go back. */
  async lookBack(): Promise<void> {
    const { name, login } = this.#county;
    const year = Number(this.#desks.before(0).slice(0, 4));
    const target = { year, document: `${name}${year}年绩效目标（样例，非真实文件）` };
    for (const [indicator, value] of [
      ["claims", 40],
      ["spent", 500],
      ["days", 300],
      ["returned", 50],
    ] as const)
      await this.#desks.act(AGO.closed, this.#finance, setTarget, { ...target, indicator, target: value });
    const auditor = `${login}-audit`;
    const found = {
      source: "专项检查",
      foundBy: "财政监督检查组（演示）",
      foundOn: this.#desks.before(AGO.closed),
      responsible: `${name}人力资源和社会保障局`,
    } as const;
    const first = await this.#desks.act(AGO.closed, auditor, recordInspection, {
      ...found,
      content: "部分补贴件收款账户未及时核对，一笔付款被银行退回",
      demand: "核对账户后重发，建立账户核对制度",
      dueOn: this.#desks.before(5),
    });
    await this.#desks.act(10, this.#finance, rectifyInspection, {
      itemId: first.itemId,
      lock: 1,
      measure: "已核对账户并重发，银行确认到账",
      evidence: "回盘文件和收款账户核对记录（演示）",
    });
    await this.#desks.act(6, auditor, closeInspection, {
      itemId: first.itemId,
      lock: 2,
      closing: "抽查回盘和账户，情况属实",
    });
    await this.#desks.act(AGO.closed, auditor, recordInspection, {
      ...found,
      content: "部分资金额度长期没有支出",
      demand: "说明原因，提出结转或收回意见",
      dueOn: this.#desks.before(2),
    });
    const { rows } = await this.#desks.act(0, this.#finance, listFundLines, {});
    const unused = rows.find(({ spentFen, reservedFen, leftFen }) => spentFen + reservedFen === 0 && leftFen > 0);
    if (unused)
      await this.#desks.act(2, this.#finance, proposeSettlement, {
        fundLineId: unused.fundLineId,
        kind: "claw",
        amountFen: Math.floor(unused.leftFen / 2),
        document: "关于收回闲置资金的请示（样例，非真实文件）",
      });
  }
}
