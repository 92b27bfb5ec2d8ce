import { setTimeout as sleep } from "node:timers/promises";
import { addOfficer } from "../../src/identity/fixtures.ts";
import type { Duty } from "../../src/identity/contract.ts";
import {
  buildBatch,
  freezeBatch,
  getBatch,
  importBankResult,
  reconcileMoney,
  releaseBatch,
  sendBatch,
} from "../../src/subsidies/contract.ts";
import { Clerk, Refused, Unacknowledged } from "../crash/clerk.ts";
import { Installation, victims, type Victim } from "../crash/installation.ts";
import { randomFrom } from "./acts.ts";
import { addClearedClaims, addLine } from "./world.ts";

const COUNTY = "433124";
const phases = ["release", "send", "result"] as const;
type Phase = (typeof phases)[number];
type Desk = "finance" | "second" | "leader" | "auditor";

export interface MoneyCrashReport {
  readonly rounds: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly acts: Readonly<Record<Phase, number>>;
  /** What the interrupted act had become when everything was up again. */
  readonly found: { readonly before: number; readonly after: number };
  /** Of those found done, how many were answered; an answer whose effect is missing is a violation. */
  readonly acknowledged: number;
  readonly payments: number;
  readonly paidFen: number;
  readonly restoreMs: { readonly median: number; readonly most: number };
  readonly violations: readonly string[];
}

/** What a batch has done to everything that it touches: two of these are equal or something in between has happened. */
interface Standing {
  readonly batch: string;
  readonly payments: string;
  readonly claims: string;
  readonly movements: string;
  readonly events: string;
}
const same = (one: Standing, other: Standing) => JSON.stringify(one) === JSON.stringify(other);

/** kill -9 of a part at a random moment while a batch is released, sent or answered; a new batch each round, and all books closed at the end. */
export async function runMoneyCrashRounds(options: {
  readonly rounds: number;
  /** Payments of each batch. */
  readonly payments?: number;
  readonly seed?: number;
  onRound?: (line: string) => void;
}): Promise<MoneyCrashReport> {
  const installation = new Installation();
  try {
    await installation.start();
    return await new Rounds(installation, options.payments ?? 400, options.seed ?? 1, options.onRound).run(
      options.rounds,
    );
  } finally {
    await installation.stop();
  }
}

class Rounds {
  readonly #installation: Installation;
  readonly #size: number;
  readonly #random: () => number;
  readonly #onRound: ((line: string) => void) | undefined;
  readonly #clerks: Record<Desk, Clerk>;
  readonly #violations: string[] = [];
  readonly #kills: Record<Victim, number> = { server: 0, worker: 0, postmaster: 0, backend: 0 };
  readonly #acts: Record<Phase, number> = { release: 0, send: 0, result: 0 };
  readonly #found = { before: 0, after: 0 };
  readonly #usualMs: Record<Phase, number> = { release: 0, send: 0, result: 0 };
  readonly #restoreMs: number[] = [];
  #acknowledged = 0;
  #claims = 0;
  #fundLineId = "";

  constructor(installation: Installation, size: number, seed: number, onRound?: (line: string) => void) {
    this.#installation = installation;
    this.#size = size;
    this.#random = randomFrom(seed);
    this.#onRound = onRound;
    this.#clerks = {
      finance: new Clerk(installation),
      second: new Clerk(installation),
      leader: new Clerk(installation),
      auditor: new Clerk(installation),
    };
  }

  async run(rounds: number): Promise<MoneyCrashReport> {
    await this.#prepare();
    // Undisturbed once, to know how long each step takes.
    const first = await this.#newBatch();
    for (const phase of phases) await this.#ensure(first, phase);
    let done = 0;
    for (; done < rounds && this.#violations.length === 0; done++)
      await this.#round(phases[done % phases.length]!, done + 1);
    const sums = await this.#close();
    const sorted = this.#restoreMs.toSorted((a, b) => a - b);
    return {
      rounds: done,
      kills: this.#kills,
      acts: this.#acts,
      found: this.#found,
      acknowledged: this.#acknowledged,
      ...sums,
      restoreMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 },
      violations: this.#violations,
    };
  }

  async #prepare(): Promise<void> {
    const owner = await this.#installation.connect();
    try {
      await owner.query("DELETE FROM identity.second_factor_rule");
      const duties: Record<Desk, Duty> = {
        finance: "finance",
        second: "finance",
        leader: "leader",
        auditor: "auditor",
      };
      for (const [login, duty] of Object.entries(duties) as [Desk, Duty][]) {
        await addOfficer(owner, { login: `crash-${login}`, region: COUNTY, duties: [duty] });
        await this.#clerks[login].signIn(`crash-${login}`);
      }
      this.#fundLineId = await addLine(owner, COUNTY);
    } finally {
      await owner.end();
    }
  }

  /** A batch that is frozen and has its first signature. */
  async #newBatch(): Promise<string> {
    const owner = await this.#installation.connect();
    try {
      await addClearedClaims(owner, this.#installation.keys, {
        region: COUNTY,
        count: this.#size,
        fundLineId: this.#fundLineId,
        before: this.#claims,
      });
    } finally {
      await owner.end();
    }
    this.#claims += this.#size;
    const { finance, second } = this.#clerks;
    const { batchId } = await finance.ask(buildBatch, { fundLineId: this.#fundLineId });
    await finance.ask(freezeBatch, { batchId, lock: await this.#lock(batchId) });
    await second.ask(releaseBatch, { batchId, lock: await this.#lock(batchId) });
    return batchId;
  }

  async #lock(batchId: string): Promise<number> {
    return (await this.#clerks.finance.askUntilAnswered(getBatch, { batchId })).lock;
  }

  async #act(batchId: string, phase: Phase, lock: number): Promise<unknown> {
    const { finance, leader } = this.#clerks;
    if (phase === "release") return leader.ask(releaseBatch, { batchId, lock });
    if (phase === "send") return finance.ask(sendBatch, { batchId, lock });
    const owner = await this.#installation.connect();
    const { rows } = await owner
      .query<{ line: number; yuan: string }>(
        "SELECT line, (amount_fen / 100.0)::numeric(14, 2)::text AS yuan FROM subsidies.payment WHERE batch_id = $1 ORDER BY line",
        [batchId],
      )
      .finally(() => owner.end());
    const lines = rows.map(({ line, yuan }) => `${line},成功,${yuan},L${batchId}-${line},2025-06-18,`);
    const file = ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n");
    return finance.upload(importBankResult, { batchId }, "回盘.csv", file);
  }

  /** Does a step until it is done, however often it must be asked. */
  async #ensure(batchId: string, phase: Phase): Promise<void> {
    for (let asked = 0; asked < 20; asked++) {
      const { batch } = await this.#standing(batchId);
      if (isDone(phase, batch)) return;
      try {
        const lock = await this.#lock(batchId);
        const began = performance.now();
        await this.#act(batchId, phase, lock);
        // What was slow because it was the first is forgotten by and by: kills are to come while it is done.
        const took = performance.now() - began;
        this.#usualMs[phase] = this.#usualMs[phase] === 0 ? took : (this.#usualMs[phase] + took) / 2;
      } catch (cause) {
        if (!(cause instanceof Unacknowledged) && !(cause instanceof Refused)) throw cause;
        await sleep(200);
      }
    }
    this.#violations.push(`batch ${batchId}: its ${phase} could not be done any more`);
  }

  async #round(phase: Phase, number: number): Promise<void> {
    await this.#installation.workerReady();
    const batchId = await this.#newBatch();
    for (const earlier of phases.slice(0, phases.indexOf(phase))) await this.#ensure(batchId, earlier);
    const before = await this.#standing(batchId);
    const lock = await this.#lock(batchId);
    const victim = victims[Math.floor(this.#random() * victims.length)]!;
    const delay = Math.floor(this.#random() * 1.1 * this.#usualMs[phase]);
    const where = `round ${number}: kill -9 of the ${victim} ${delay} ms into the ${phase} of batch ${batchId}`;
    const answered = this.#act(batchId, phase, lock).then(
      () => true,
      (cause: unknown) => {
        if (cause instanceof Unacknowledged) return false;
        throw cause;
      },
    );
    await sleep(delay);
    const killedAt = performance.now();
    if (!this.#installation.kill(victim, (among) => Math.floor(this.#random() * among)))
      throw new Error(`${where}: there was no ${victim} to kill`);
    await this.#installation.restore(victim);
    const acknowledged = await answered;
    this.#restoreMs.push(Math.round(performance.now() - killedAt));
    this.#kills[victim]++;
    this.#acts[phase]++;

    const after = await this.#standing(batchId);
    const done = !same(after, before);
    if (done && !isDone(phase, after.batch)) this.#violations.push(`${where}: in between, ${JSON.stringify(after)}`);
    if (acknowledged && !done) this.#violations.push(`${where}: was answered and is lost`);
    this.#found[done ? "after" : "before"]++;
    if (acknowledged) this.#acknowledged++;
    await this.#reconciled(where);
    for (const step of phases.slice(phases.indexOf(phase))) await this.#ensure(batchId, step);
    const end = await this.#standing(batchId);
    const whole = `paid ${this.#size}`;
    if (end.payments !== whole || end.claims !== whole)
      this.#violations.push(`${where}: ended as ${JSON.stringify(end)}`);
    this.#onRound?.(
      `${where}: ${done ? "done" : "not done"}${acknowledged ? ", answered" : ""}, ${this.#restoreMs.at(-1)} ms`,
    );
  }

  async #reconciled(where: string): Promise<void> {
    const { faults } = await this.#clerks.auditor.askUntilAnswered(reconcileMoney, {});
    for (const { says, subject } of faults.slice(0, 5)) this.#violations.push(`${where}: ${says}: ${subject}`);
  }

  async #standing(batchId: string): Promise<Standing> {
    const owner = await this.#installation.connect();
    const counted = (from: string, what: string, where: string) =>
      `(SELECT coalesce(string_agg(said, ', ' ORDER BY said), '') FROM (SELECT ${what} || ' ' || count(*) AS said FROM ${from} WHERE ${where} GROUP BY ${what}) s)`;
    const own = "claim_id IN (SELECT claim_id FROM subsidies.payment WHERE batch_id = b.batch_id)";
    const { rows } = await owner
      .query<Standing>(
        `SELECT b.state AS batch, ${counted("subsidies.payment", "state", "batch_id = b.batch_id")} AS payments, ${counted("subsidies.claim", "state", own)} AS claims,
           ${counted("subsidies.fund_movement", "kind", own)} AS movements, ${counted("subsidies.claim_event", "act", own)} AS events
         FROM subsidies.payment_batch b WHERE batch_id = $1`,
        [batchId],
      )
      .finally(() => owner.end());
    return rows[0]!;
  }

  /** Every claim was paid once, and the fund spent just that. */
  async #close(): Promise<{ payments: number; paidFen: number }> {
    await this.#reconciled("in the end");
    const owner = await this.#installation.connect();
    const { rows } = await owner
      .query<{
        claims: number;
        payments: number;
        twice: number;
        paid: string;
        spent: string;
        audited: number;
        batches: number;
      }>(
        `SELECT (SELECT count(*)::int FROM subsidies.claim WHERE state = 'paid') AS claims, (SELECT count(*)::int FROM subsidies.payment WHERE state = 'paid') AS payments,
           (SELECT count(*)::int FROM (SELECT claim_id FROM subsidies.payment GROUP BY 1 HAVING count(*) > 1) t) AS twice,
           (SELECT sum(amount_fen) FROM subsidies.claim WHERE state = 'paid') AS paid, (SELECT spent_fen FROM subsidies.fund_line WHERE fund_line_id = $1) AS spent,
           (SELECT count(DISTINCT subject)::int FROM audit.entry WHERE act = '送银行发放' AND outcome = 'done') AS audited, (SELECT count(*)::int FROM subsidies.payment_batch) AS batches`,
        [this.#fundLineId],
      )
      .finally(() => owner.end());
    const sums = rows[0]!;
    const wrong = (what: string, is: unknown, should: unknown) => {
      if (String(is) !== String(should))
        this.#violations.push(`in the end: ${what} is ${String(is)} and should be ${String(should)}`);
    };
    wrong("claims paid", sums.claims, this.#claims);
    wrong("payments", sums.payments, this.#claims);
    wrong("claims with two payments", sums.twice, 0);
    wrong("what the fund spent", sums.spent, sums.paid);
    wrong("batches whose sending is in the audit log", sums.audited, sums.batches);
    return { payments: sums.payments, paidFen: Number(sums.paid) };
  }
}

const ORDER = ["draft", "frozen", "released", "sent", "settled"];
const GOALS: Record<Phase, string> = { release: "released", send: "sent", result: "settled" };
const isDone = (phase: Phase, batch: string) => ORDER.indexOf(batch) >= ORDER.indexOf(GOALS[phase]);
