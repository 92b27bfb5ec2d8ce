import { clearPublished } from "../../src/subsidies/publicity/handlers.ts";
import type { OutputOf, RequestOf, Route } from "../../src/platform/contract.ts";
import {
  acceptClaims,
  adjustFundLine,
  approveClaims,
  buildBatch,
  cancelBatch,
  checkClaims,
  closeClaims,
  confirmClaims,
  decideObjection,
  endorseClaims,
  freezeBatch,
  gatherClaims,
  getBatch,
  importBankResult,
  listFundLines,
  publishClaims,
  raiseObjection,
  reconcileMoney,
  refuseClaims,
  releaseBatch,
  reopenClaims,
  returnClaims,
  sendBackClaims,
  sendBatch,
  subsidiesPermissions,
  supplyClaims,
  transferFunds,
  withdrawClaims,
} from "../../src/subsidies/contract.ts";
import { Refused, TurnedAway, Unacknowledged } from "../crash/clerk.ts";
import { checkHistory, type Acknowledged } from "./history.ts";
import type { MoneyOffice, Officer } from "./office.ts";

export interface ActsReport {
  readonly acts: number;
  readonly seconds: number;
  readonly done: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Claims taken one step on by acts that were answered. */
  readonly steps: number;
  readonly events: number;
  readonly payments: number;
  readonly paidFen: number;
  /** Times that all lists were held against each other while officers were at work. */
  readonly looks: number;
  /** Longest answers, in ms. */
  readonly slowest: readonly { readonly act: string; readonly ms: number }[];
  readonly violations: readonly string[];
}

const BUSY = "platform.busy";
const AT_THE_DOOR = new Set(["platform.too-many"]);
const NOTE = "压力测试";
const CONTACT = "花垣县人社局就业股";
const DAY = "2025-06-18";
/** Routes by which chosen claims go on: the act in history, how often it is tried, the states in which it makes sense, what it needs. */
const STEPS = [
  [confirmClaims, 6, ["proposed"], { agent: "柜台本人确认" }],
  [acceptClaims, 10, ["proposed", "submitted"], {}],
  [returnClaims, 2, ["submitted", "accepted"], { note: NOTE }],
  [supplyClaims, 2, ["correction"], { note: NOTE }],
  [checkClaims, 14, ["accepted"], {}],
  [approveClaims, 16, ["checked"], {}],
  [endorseClaims, 3, ["escalated"], {}],
  [sendBackClaims, 3, ["checked", "escalated", "approved", "published", "cleared"], { note: NOTE }],
  [refuseClaims, 2, ["checked", "published"], { note: NOTE }],
  [reopenClaims, 3, ["refused"], { note: NOTE }],
  [withdrawClaims, 0.4, ["proposed", "submitted", "accepted", "correction"], { note: NOTE }],
  [closeClaims, 1, ["paid"], {}],
] as const;
type Other =
  | "publish"
  | "object"
  | "answer"
  | "clear"
  | "build"
  | "batch"
  | "result"
  | "adjust"
  | "transfer"
  | "gather";
const WEIGHTS: Record<Other, number> = {
  publish: 3,
  object: 2,
  answer: 2,
  clear: 2,
  build: 4,
  batch: 14,
  result: 4,
  adjust: 1,
  transfer: 1.5,
  gather: 0.15,
};

const permissionOf = ({ access }: Route): string => (typeof access === "object" ? access.permission : "");
const { handle, approve, pay, funds, release } = subsidiesPermissions;
const OTHER_PERMISSIONS: Record<Other, string> = {
  publish: permissionOf(publishClaims),
  object: permissionOf(raiseObjection),
  answer: permissionOf(decideObjection),
  clear: approve,
  build: pay,
  batch: release,
  result: pay,
  adjust: funds,
  transfer: funds,
  gather: handle,
};
type Drawn = { readonly weight: number; readonly permission: string } & (
  | { readonly step: (typeof STEPS)[number] }
  | { readonly step: null; readonly other: Other }
);
const DRAWN: readonly Drawn[] = [
  ...STEPS.map((step) => ({ step, weight: step[1], permission: permissionOf(step[0]) })),
  ...(Object.keys(WEIGHTS) as Other[]).map((other) => ({
    step: null,
    other,
    weight: WEIGHTS[other],
    permission: OTHER_PERMISSIONS[other],
  })),
];
const ALL_WEIGHTS = DRAWN.reduce((sum, { weight }) => sum + weight, 0);

/** Eight officers at once, each with the next random act as soon as the last is answered; then history is held against the model. */
export async function runMoneyActs(
  office: MoneyOffice,
  { acts, seed = 1, onLook }: { readonly acts: number; readonly seed?: number; onLook?: (line: string) => void },
): Promise<ActsReport> {
  const run = new Run(office, seed);
  const began = performance.now();
  const look = async () => {
    const found = await office.auditor.askUntilAnswered(reconcileMoney, {});
    run.looks++;
    for (const { says, subject, leftFen, rightFen } of found.faults)
      run.violations.push(`while at work: ${says}: ${subject} ${leftFen} and ${rightFen}`);
    const below = (await office.auditor.askUntilAnswered(listFundLines, {})).rows.filter(
      (line) => line.leftFen < 0 || line.reservedFen < 0 || line.spentFen < 0,
    );
    for (const line of below) run.violations.push(`fund ${line.document} is below zero`);
    onLook?.(`${run.asked} acts, ${run.done} done, ${run.violations.length} violations`);
  };
  await Promise.all(
    office.officers.map(async (officer, index) => {
      for (let own = 0; run.asked < acts && run.violations.length === 0; own++) {
        await run.act(officer);
        if (index === 0 && own % 8 === 7) await look();
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  await look();
  const history = await checkHistory(office, run.acknowledged, run.refusals);
  return {
    acts: run.asked,
    seconds: Math.round(seconds * 10) / 10,
    done: run.done,
    refused: Object.fromEntries([...run.refusedBy].toSorted(([a], [b]) => a.localeCompare(b))),
    steps: history.steps,
    events: history.events,
    payments: history.payments,
    paidFen: history.paidFen,
    looks: run.looks,
    slowest: run.slowest.toSorted((a, b) => b.ms - a.ms).slice(0, 5),
    violations: [...run.violations, ...history.violations],
  };
}

class Run {
  readonly violations: string[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly refusals: { readonly officerId: string; readonly summary: string }[] = [];
  readonly refusedBy = new Map<string, number>();
  readonly slowest: { readonly act: string; readonly ms: number }[] = [];
  looks = 0;
  asked = 0;
  done = 0;
  readonly #office: MoneyOffice;
  readonly #random: () => number;

  constructor(office: MoneyOffice, seed: number) {
    this.#office = office;
    this.#random = randomFrom(seed);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  /** What an officer sees on his desk: it may be out of date by the time that he acts. */
  async #rows<T extends object>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> {
    return (await this.#office.desks.query<T>(text, [...values])).rows;
  }

  async act(officer: Officer): Promise<void> {
    const drawn = () => {
      let at = this.#random() * ALL_WEIGHTS;
      return DRAWN.find(({ weight }) => (at -= weight) < 0) ?? DRAWN[0]!;
    };
    let one = drawn();
    // Whoever has one duty mostly keeps to it, and sometimes tries what is not his.
    for (let again = 0; again < 20 && !officer.permissions.has(one.permission) && this.#random() < 0.97; again++)
      one = drawn();
    await (one.step ? this.#step(officer, one.step) : this[one.other](officer));
  }

  /** Asks, and keeps what was answered. Null: refused, or nothing known of it. */
  async #ask<R extends Route>(
    officer: Officer,
    route: R,
    input: RequestOf<R>,
    file?: string,
  ): Promise<{ readonly answer: OutputOf<R>; readonly said: Acknowledged } | null> {
    const began = performance.now();
    this.asked++;
    try {
      const answer = await (file === undefined
        ? officer.clerk.ask(route, input)
        : officer.clerk.upload(route, input, "回盘.csv", file));
      this.done++;
      const said: Acknowledged = { officerId: officer.officerId, summary: route.summary, claims: [], more: 0 };
      this.acknowledged.push(said);
      return { answer, said };
    } catch (cause) {
      if (cause instanceof Refused) {
        this.refusedBy.set(cause.code, (this.refusedBy.get(cause.code) ?? 0) + 1);
        // What a limit of frequency turns away at the door is no act.
        if (!AT_THE_DOOR.has(cause.code)) this.refusals.push({ officerId: officer.officerId, summary: route.summary });
      } else if (cause instanceof TurnedAway) this.refusedBy.set(BUSY, (this.refusedBy.get(BUSY) ?? 0) + 1);
      else if (cause instanceof Unacknowledged) this.violations.push(`no answer: ${cause.message}`);
      else throw cause;
      return null;
    } finally {
      this.slowest.push({ act: route.summary, ms: Math.round(performance.now() - began) });
      if (this.slowest.length > 200) this.slowest.sort((a, b) => b.ms - a.ms).splice(20);
    }
  }

  async #step(officer: Officer, [route, , states, more]: (typeof STEPS)[number]): Promise<void> {
    // Now and then something that makes no sense any more, and now and then more than a page.
    const sensible = this.#random() < 0.85;
    if (this.#random() < 0.12) return this.#whole(officer, route, states, more);
    const found = await this.#rows<{ claim_id: string }>(
      `SELECT claim_id FROM (SELECT claim_id FROM subsidies.claim WHERE ${sensible ? "state = ANY($1)" : "$1::text[] IS NOT NULL"} ORDER BY claim_id % (1 + $2::bigint), claim_id LIMIT 80) c
       ORDER BY random() LIMIT $3`,
      [states, Math.floor(this.#random() * 97), 1 + Math.floor(this.#random() ** 3 * 60)],
    );
    const claimIds = found.map(({ claim_id }) => claim_id);
    if (claimIds.length === 0) return;
    const asked = await this.#ask(officer, route, { ...more, claimIds } as RequestOf<typeof route>);
    if (asked === null) return;
    const { answer, said } = asked;
    const left = new Set(answer.left.map(({ claimId }) => claimId));
    const done = claimIds.filter((claimId) => !left.has(claimId));
    if (done.length !== answer.done)
      this.violations.push(`${route.summary}: says ${answer.done} done and ${left.size} of ${claimIds.length} left`);
    said.claims.push(...done);
  }

  /** All that a filter shows, as a bulk act does it. */
  async #whole(
    officer: Officer,
    route: (typeof STEPS)[number][0],
    states: readonly string[],
    more: (typeof STEPS)[number][3],
  ): Promise<void> {
    const state = this.#pick(states)!;
    const [rule] = await this.#rows<{ rule_id: string }>(
      "SELECT rule_id FROM (SELECT DISTINCT rule_id FROM subsidies.claim WHERE state = $1) r ORDER BY random() LIMIT 1",
      [state],
    );
    if (!rule) return;
    const asked = await this.#ask(officer, route, { ...more, all: { state, rule: rule.rule_id } } as RequestOf<
      typeof route
    >);
    if (asked) asked.said.more = asked.answer.done;
  }

  async publish(officer: Officer): Promise<void> {
    const rule = this.#pick(
      await this.#rows<{ rule_id: string }>("SELECT DISTINCT rule_id FROM subsidies.claim WHERE state = 'approved'"),
    );
    if (rule) await this.#ask(officer, publishClaims, { rule: rule.rule_id, contact: CONTACT });
  }

  async object(officer: Officer): Promise<void> {
    const line = this.#pick(
      await this.#rows<{ publication_id: string; claim_id: string }>(
        "SELECT publication_id, claim_id FROM subsidies.publication_line l JOIN subsidies.publication p USING (publication_id) WHERE p.state = 'open' LIMIT 30",
      ),
    );
    if (line)
      await this.#ask(officer, raiseObjection, {
        publicationId: line.publication_id,
        claimId: line.claim_id,
        raisedBy: "匿名",
        content: NOTE,
      });
  }

  async answer(officer: Officer): Promise<void> {
    const one = this.#pick(
      await this.#rows<{ objection_id: string }>(
        "SELECT objection_id FROM subsidies.objection ORDER BY state = 'open' DESC LIMIT 10",
      ),
    );
    if (one)
      await this.#ask(officer, decideObjection, {
        objectionId: one.objection_id,
        upheld: this.#random() < 0.5,
        answer: NOTE,
      });
  }

  /** What the worker does every morning, on a day when all lists have run out. */
  async clear(): Promise<void> {
    await clearPublished({ ...this.#office.runtime, businessDate: () => "2026-01-05" });
  }

  async gather(officer: Officer): Promise<void> {
    if (await this.#ask(officer, gatherClaims, {})) await this.#office.drain();
  }

  async build(officer: Officer): Promise<void> {
    const line = this.#pick(
      await this.#rows<{ fund_line_id: string }>(
        "SELECT DISTINCT fund_line_id FROM subsidies.claim WHERE state = 'cleared' UNION ALL (SELECT fund_line_id FROM subsidies.fund_line ORDER BY random() LIMIT 1)",
      ),
    );
    if (line) await this.#ask(officer, buildBatch, { fundLineId: line.fund_line_id });
  }

  /** The next act of a batch, or one that does not fit. */
  async batch(officer: Officer): Promise<void> {
    const one = this.#pick(
      await this.#rows<{ batch_id: string; state: string; lock: number }>(
        "SELECT batch_id, state, lock FROM subsidies.payment_batch WHERE state IN ('draft', 'frozen', 'released') ORDER BY batch_id LIMIT 6",
      ),
    );
    if (!one) return;
    const input = { batchId: one.batch_id, lock: one.lock };
    const chance = this.#random();
    if (chance < 0.06) await this.#ask(officer, cancelBatch, { ...input, note: NOTE });
    else if (chance < 0.1) await this.#ask(officer, getBatch, { batchId: one.batch_id });
    else if (one.state === "draft" || chance < 0.13) await this.#ask(officer, freezeBatch, input);
    else if (one.state === "frozen" || chance < 0.16) await this.#ask(officer, releaseBatch, input);
    else await this.#ask(officer, sendBatch, input);
  }

  /** The bank's answer to a part of what was sent, also a second time, and also of money that comes back late. */
  async result(officer: Officer): Promise<void> {
    const one = this.#pick(
      await this.#rows<{ batch_id: string }>(
        "SELECT batch_id FROM subsidies.payment_batch WHERE state = 'sent' OR (state = 'settled' AND random() < 0.1) ORDER BY batch_id LIMIT 6",
      ),
    );
    if (!one) return;
    const payments = await this.#rows<{ line: number; yuan: string; state: string }>(
      "SELECT line, (amount_fen / 100.0)::numeric(14, 2)::text AS yuan, state FROM subsidies.payment WHERE batch_id = $1 ORDER BY random() LIMIT $2",
      [one.batch_id, 1 + Math.floor(this.#random() * 120)],
    );
    const lines = payments.map(({ line, yuan, state }) => {
      const back = state === "returned" || this.#random() < (state === "paid" ? 0.15 : 0.25);
      return `${line},${back ? "退汇" : "成功"},${yuan},${back ? "" : `L${one.batch_id}-${line}`},2025-06-19,${back ? "户名不符" : ""}`;
    });
    await this.#ask(
      officer,
      importBankResult,
      { batchId: one.batch_id },
      ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n"),
    );
  }

  async #fundLine(): Promise<{ fund_line_id: string; fund: string } | undefined> {
    return this.#pick(
      await this.#rows<{ fund_line_id: string; fund: string }>(
        "SELECT fund_line_id, fund FROM subsidies.fund_line ORDER BY fund_line_id",
      ),
    );
  }

  async adjust(officer: Officer): Promise<void> {
    const line = await this.#fundLine();
    const amountFen = Math.floor((this.#random() - 0.4) * 5_000_000);
    if (line && amountFen !== 0)
      await this.#ask(officer, adjustFundLine, { fundLineId: line.fund_line_id, amountFen, document: NOTE });
  }

  async transfer(officer: Officer): Promise<void> {
    const from = await this.#fundLine();
    const to = this.#pick(
      await this.#rows<{ fund_line_id: string }>("SELECT fund_line_id FROM subsidies.fund_line WHERE fund = $1", [
        from?.fund,
      ]),
    );
    if (from && to)
      await this.#ask(officer, transferFunds, {
        fundLineId: from.fund_line_id,
        toFundLineId: to.fund_line_id,
        amountFen: 1 + Math.floor(this.#random() * 2_000_000),
        document: `${NOTE}${DAY}`,
      });
  }
}

/** Mulberry32, as the other rounds draw. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
