import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { addOfficer } from "../../src/identity/fixtures.ts";
import { applyBatch, getBatch, undoBatch, type BatchState } from "../../src/ledger/contract.ts";
import { addRegionAlias } from "../../src/registry/regions/contract.ts";
import { Clerk, Unacknowledged } from "./clerk.ts";
import { Installation, victims, waitUntil, type Victim } from "./installation.ts";
import { ledgerFiles, type LedgerFile } from "./ledger-files.ts";
import { readState, type RegistryState } from "./registry-state.ts";

const COUNTY = "433124";
const CLERK = "crash-clerk";
const SETTLE_PATIENCE_MS = 120_000;
/** The server refuses more than 900 acts a minute of one officer. */
const BESIDE_PAUSE_MS = 80;

export interface CrashReport {
  readonly rounds: number;
  /** Kills by part, and by what was going on. */
  readonly kills: Record<Victim, number>;
  readonly acts: Record<"apply" | "undo", number>;
  /** How the interrupted act ended: done before the kill could hurt, done again afterwards, or back in its state before and asked again. */
  readonly outcomes: Record<"done" | "asked again" | "not acknowledged", number>;
  /** Looks at the whole registry while the act was interrupted or under way, each before or after. */
  readonly looks: Record<"before" | "after", number>;
  /** Small acts that were answered with success around the kills, all of which must be there. */
  readonly acknowledged: number;
  /** The server ended although another part was killed. */
  readonly collateral: number;
  /** The database was not brought back by the program itself. */
  readonly helped: number;
  readonly restoreMs: { readonly median: number; readonly most: number };
  readonly violations: readonly string[];
}

export interface CrashOptions {
  readonly rounds: number;
  /** Same seed, same victims and moments. */
  readonly seed?: number;
  onRound?: (line: string) => void;
}

/** What an undisturbed apply and undo of a file make of the registry. */
interface Reference {
  readonly file: LedgerFile;
  readonly after: RegistryState;
  readonly undone: RegistryState;
  readonly applyMs: number;
  readonly undoMs: number;
}

export async function runCrashRounds({ rounds, seed = 1, onRound }: CrashOptions): Promise<CrashReport> {
  const installation = new Installation();
  try {
    await installation.start();
    return await new Rounds(installation, seed, onRound).run(rounds);
  } finally {
    await installation.stop();
  }
}

class Rounds {
  readonly #installation: Installation;
  readonly #clerk: Clerk;
  readonly #random: () => number;
  readonly #onRound: ((line: string) => void) | undefined;
  readonly #kills: Record<Victim, number> = { server: 0, worker: 0, postmaster: 0, backend: 0 };
  readonly #acts = { apply: 0, undo: 0 };
  readonly #outcomes = { done: 0, "asked again": 0, "not acknowledged": 0 };
  readonly #looks = { before: 0, after: 0 };
  readonly #violations: string[] = [];
  readonly #acknowledged: string[] = [];
  readonly #restoreMs: number[] = [];
  #aliases = 0;

  constructor(installation: Installation, seed: number, onRound: ((line: string) => void) | undefined) {
    this.#installation = installation;
    this.#clerk = new Clerk(installation);
    this.#random = randomFrom(seed);
    this.#onRound = onRound;
  }

  async run(rounds: number): Promise<CrashReport> {
    const references = await this.#prepare();
    for (let round = 0; round < rounds && this.#violations.length === 0; round += 2) {
      const reference = references[(round / 2) % references.length]!;
      const batchId = await this.#received(reference.file);
      const before = await this.#state(batchId);
      const after = await this.#round(
        "apply",
        batchId,
        before,
        (state) => isApplied(state, before, reference),
        reference.applyMs,
      );
      if (round + 1 < rounds)
        await this.#round("undo", batchId, after, (state) => isUndone(state, before, reference), reference.undoMs);
    }
    await this.#checkAcknowledged();
    const sorted = this.#restoreMs.toSorted((a, b) => a - b);
    return {
      rounds: Object.values(this.#kills).reduce((sum, n) => sum + n, 0),
      kills: this.#kills,
      acts: this.#acts,
      outcomes: this.#outcomes,
      looks: this.#looks,
      acknowledged: this.#acknowledged.length,
      collateral: this.#installation.collateral,
      helped: this.#installation.helped,
      restoreMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 },
      violations: this.#violations,
    };
  }

  /** Officer, first load, and each file once applied and undone without a disturbance. */
  async #prepare(): Promise<Reference[]> {
    const owner = await this.#installation.connect();
    try {
      await addOfficer(owner, { login: CLERK, region: COUNTY, duties: ["county-clerk"] });
      const { rows: villages } = await owner.query<{ town: string; name: string }>(
        "SELECT t.name AS town, v.name FROM registry.region v JOIN registry.region t ON t.code = v.parent WHERE v.level = 'village' AND starts_with(v.code, $1) ORDER BY v.code LIMIT 60",
        [COUNTY],
      );
      await this.#clerk.signIn(CLERK);
      await this.#installation.workerReady();
      const { base, changes } = ledgerFiles(COUNTY, villages);
      const first = await this.#received(base);
      await this.#timed(applyBatch, first, "applied");
      const references: Reference[] = [];
      for (const file of changes) {
        const batchId = await this.#received(file);
        const before = await this.#state(batchId);
        const applyMs = await this.#timed(applyBatch, batchId, "applied");
        const after = await this.#state(batchId);
        const undoMs = await this.#timed(undoBatch, batchId, "undone");
        const undone = await this.#state(batchId);
        if (after.rows === before.rows)
          throw new Error(`applying the ${file.kind} changed nothing: the rounds would prove nothing`);
        if (undone.rows !== before.rows)
          this.#violations.push(`undo of ${file.kind} without any disturbance is not byte-equal`);
        references.push({ file, after, undone, applyMs, undoMs });
      }
      return references;
    } finally {
      await owner.end();
    }
  }

  /** One kill at a random moment of one act, and everything that must hold afterwards. Returns the state it ended in. */
  async #round(
    act: "apply" | "undo",
    batchId: string,
    before: RegistryState,
    isAfter: (state: RegistryState) => string | null,
    usualMs: number,
  ): Promise<RegistryState> {
    await this.#installation.workerReady();
    const victim = victims[Math.floor(this.#random() * victims.length)]!;
    const delay = Math.floor(this.#random() * 1.4 * usualMs);
    const where = `round ${Object.values(this.#kills).reduce((sum, n) => sum + n, 1)}: kill -9 of the ${victim} ${delay} ms into the ${act} of batch ${batchId}`;
    const route = act === "apply" ? applyBatch : undoBatch;
    const goal: BatchState = act === "apply" ? "applied" : "undone";
    const small = this.#actsBeside();
    const answer = this.#clerk.ask(route, { batchId }).then(
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
    const acknowledged = await answer;
    await small.stop();
    this.#kills[victim]++;
    this.#acts[act]++;

    const look = async (): Promise<RegistryState> => {
      const state = await this.#state(batchId);
      if (sameState(state, before)) this.#looks.before++;
      else {
        const fault = isAfter(state);
        if (fault === null) this.#looks.after++;
        else this.#violations.push(`${where}: between, ${fault} (batch ${state.batch})`);
      }
      return state;
    };
    let state = await look();
    const resting: BatchState = act === "apply" ? "compared" : "applied";
    const settled = async () => {
      state = await look();
      return this.#violations.length > 0 || state.batch === goal || state.batch === resting;
    };
    await this.#settle(settled, where, batchId);
    this.#restoreMs.push(Math.round(performance.now() - killedAt));
    let outcome: keyof CrashReport["outcomes"] = acknowledged ? "done" : "not acknowledged";
    if (state.batch === resting && this.#violations.length === 0) {
      if (acknowledged && (await this.#clerk.askUntilAnswered(getBatch, { batchId })).problem === null)
        this.#violations.push(`${where}: acknowledged, undone without a word`);
      if (acknowledged) outcome = "asked again";
      // A crash of the database may have cost the staged rows, which is found out, and said, when they are asked for.
      for (let asked = 0; state.batch === resting && asked < 3; asked++) {
        await this.#clerk.askUntilAnswered(route, { batchId });
        await this.#settle(settled, where, batchId);
      }
    }
    if (this.#violations.length === 0 && state.batch !== goal)
      this.#violations.push(`${where}: ended as ${state.batch}`);
    this.#outcomes[outcome]++;
    await this.#installation.workerReady();
    this.#onRound?.(`${where}: ${outcome}, ${this.#restoreMs.at(-1)} ms`);
    return state;
  }

  /** Waits, and says what stands in the way when nothing more happens. */
  async #settle(settled: () => Promise<boolean>, where: string, batchId: string): Promise<void> {
    await waitUntil(settled, SETTLE_PATIENCE_MS, where).catch(async (cause: unknown) => {
      const owner = await this.#installation.connect();
      const { rows } = await owner.query(
        `SELECT (SELECT json_agg(b) FROM (SELECT state, problem FROM ledger.batch WHERE batch_id = $1) b) AS batch,
           (SELECT json_agg(t) FROM (SELECT * FROM platform.task WHERE subject = 'ledger.batch:' || $1 ORDER BY task_id DESC LIMIT 1) t) AS task,
           (SELECT json_agg(j) FROM (SELECT id, attempts, run_at, locked_by, last_error, is_available FROM graphile_worker._private_jobs) j) AS jobs,
           (SELECT json_agg(q) FROM (SELECT id, locked_by FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL) q) AS queues,
           (SELECT json_agg(a) FROM (SELECT application_name, state, wait_event, left(query, 120) AS query, now() - state_change AS since FROM pg_stat_activity WHERE datname = current_database()) a) AS sessions`,
        [batchId],
      );
      await owner.end();
      throw new Error(`${(cause as Error).message}: ${JSON.stringify(rows[0], null, 1)}`, { cause });
    });
  }

  /** Small acts, one after the other, whose answers are kept. */
  #actsBeside(): { stop(): Promise<void> } {
    let going = true;
    const done = (async () => {
      while (going) {
        const alias = `别名${++this.#aliases}号`;
        try {
          await this.#clerk.ask(addRegionAlias, { alias, code: COUNTY });
          this.#acknowledged.push(alias);
        } catch (cause) {
          if (!(cause instanceof Unacknowledged)) throw cause;
        }
        await sleep(BESIDE_PAUSE_MS);
      }
    })();
    return {
      async stop() {
        going = false;
        await done;
      },
    };
  }

  /** Each answered act is there once, with its audit row; of the unanswered ones both are there or neither. */
  async #checkAcknowledged(): Promise<void> {
    const owner = await this.#installation.connect();
    try {
      const { rows } = await owner.query<{ alias: string; audited: number }>(
        `SELECT a.alias, (SELECT count(*)::int FROM audit.entry e WHERE e.subject = 'registry.region-alias:' || a.alias_id AND e.outcome = 'done') AS audited
         FROM registry.region_alias a WHERE a.alias LIKE '别名%号'`,
      );
      const found = new Map(rows.map((row) => [row.alias, row.audited]));
      const lost = this.#acknowledged.filter((alias) => !found.has(alias));
      if (lost.length > 0) this.#violations.push(`${lost.length} acknowledged acts are lost`);
      const unaudited = rows.filter((row) => row.audited !== 1);
      if (unaudited.length > 0) this.#violations.push(`${unaudited.length} acts have not exactly one audit row`);
    } finally {
      await owner.end();
    }
  }

  async #received(file: LedgerFile): Promise<string> {
    const { batchId } = await this.#clerk.receive(file);
    await this.#until(batchId, "compared");
    return batchId;
  }

  async #timed(route: typeof applyBatch | typeof undoBatch, batchId: string, goal: BatchState): Promise<number> {
    const began = performance.now();
    await this.#clerk.askUntilAnswered(route, { batchId });
    await this.#until(batchId, goal);
    return performance.now() - began;
  }

  /** Looks into the database: so many questions over HTTP would be refused. */
  async #until(batchId: string, goal: BatchState): Promise<void> {
    const owner = await this.#installation.connect();
    try {
      let seen: { state: BatchState; problem: { message: string } | null } | undefined;
      const reached = async () => {
        seen = (
          await owner.query<NonNullable<typeof seen>>("SELECT state, problem FROM ledger.batch WHERE batch_id = $1", [
            batchId,
          ])
        ).rows[0];
        return seen === undefined || ["mapping", "refused", goal].includes(seen.state);
      };
      await waitUntil(reached, SETTLE_PATIENCE_MS, `batch ${batchId} becomes ${goal}`).catch(() => {});
      if (seen?.state !== goal)
        throw new Error(`batch ${batchId} should be ${goal} and is ${seen?.state}: ${seen?.problem?.message}`);
    } finally {
      await owner.end();
    }
  }

  async #state(batchId: string): Promise<RegistryState> {
    const owner: Client = await this.#installation.connect();
    try {
      return await readState(owner, this.#installation.keys, batchId);
    } finally {
      await owner.end();
    }
  }
}

function sameState(state: RegistryState, before: RegistryState): boolean {
  return state.rows === before.rows && state.others === before.others && state.traces === before.traces;
}

/** What is not as an undisturbed apply leaves it; null when all is. */
function isApplied(state: RegistryState, before: RegistryState, { after }: Reference): string | null {
  if (state.others !== before.others) return "history of others has changed";
  if (state.traces !== after.traces) return `its traces are ${state.traces} and not ${after.traces}`;
  return state.sense === after.sense ? null : "rows are neither as before nor as after";
}

function isUndone(state: RegistryState, before: RegistryState, { undone }: Reference): string | null {
  if (state.others !== before.others) return "history of others has changed";
  if (state.traces !== undone.traces) return `its traces are ${state.traces} and not ${undone.traces}`;
  return state.rows === before.rows ? null : "rows are not byte by byte what they were before the batch";
}

/** Mulberry32: good enough to spread kills, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
