import type { Pool } from "pg";
import type { Keys } from "../keys.ts";
import type { Log } from "../log.ts";

export interface RateLimit {
  readonly allowed: number;
  readonly windowSeconds: number;
  /** Counted one by one from the first: for what is guessed. Otherwise an eighth is this process's to give away without asking. */
  readonly exact?: boolean;
}

interface Count {
  /** What this process may still give away by itself. */
  free: number;
  /** Given away and not yet told to the database. */
  untold: number;
  /** Already told, and still to be used here. */
  lent: number;
  until: number;
  /** Refused until then: the window's sum has passed the limit. */
  blocked: boolean;
  /** The step in flight, which all who come meanwhile wait for. */
  asking: Promise<void> | undefined;
}

const MOST_KEPT = 20_000;
const SWEEP_MS = 60_000;

/**
 * Limits of frequency shared by all processes on one database. A process gives away an eighth of a limit by itself, so that ordinary
 * work costs no question to the database; whoever asks for more is told to the shared count, a twentieth of the limit at a time. With n
 * processes at most (1 + (n - 1) / 8) times the limit passes in a window.
 */
export class RateLimits {
  readonly #app: Pool;
  readonly #worker: Pool;
  readonly #keys: Keys;
  readonly #log: Log;
  readonly #counts = new Map<string, Count>();
  readonly #sweeping: NodeJS.Timeout;
  /** Questions asked of the database, for tests and measurement. */
  asked = 0;

  constructor(pools: { app: Pool; worker: Pool }, keys: Keys, log: Log) {
    this.#app = pools.app;
    this.#worker = pools.worker;
    this.#keys = keys;
    this.#log = log;
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  stop(): void {
    clearInterval(this.#sweeping);
  }

  /** Takes one; answers 0, or after how many seconds to come again. `subject` is hashed before it leaves the process. */
  async take(kind: string, subject: string, limit: RateLimit): Promise<number> {
    const key = `${kind}|${subject}`;
    const now = Date.now();
    let count = this.#counts.get(key);
    if (!count || count.until <= now) {
      // The window is the clock's, and so the same in every process.
      const windowMs = limit.windowSeconds * 1_000;
      const free = limit.exact ? 0 : Math.floor(limit.allowed / 8);
      count = {
        free,
        untold: 0,
        lent: 0,
        until: (Math.floor(now / windowMs) + 1) * windowMs,
        blocked: false,
        asking: undefined,
      };
      if (this.#counts.size >= MOST_KEPT) this.#counts.delete(this.#counts.keys().next().value!);
      this.#counts.set(key, count);
    }
    while (!count.blocked) {
      if (count.lent > 0) {
        count.lent--;
        return 0;
      }
      if (count.free > 0) {
        count.free--;
        count.untold++;
        return 0;
      }
      count.asking ??= this.#ask(key, count, limit);
      await count.asking;
    }
    return secondsTo(count.until);
  }

  /** After how many seconds a subject that is refused may come again; 0 when nothing is known against it. Takes nothing, asks nobody. */
  refused(kind: string, subject: string): number {
    const count = this.#counts.get(`${kind}|${subject}`);
    return count?.blocked && count.until > Date.now() ? secondsTo(count.until) : 0;
  }

  async #ask(key: string, count: Count, limit: RateLimit): Promise<void> {
    const step = limit.exact ? 1 : Math.max(1, Math.floor(limit.allowed / 20));
    const points = count.untold + step;
    this.asked++;
    try {
      const { rows } = await this.#app.query<{ points: number }>(
        `INSERT INTO platform.rate_count AS c (bucket, points, until) VALUES ($1, $2, $3)
         ON CONFLICT (bucket) DO UPDATE SET points = CASE WHEN c.until < excluded.until THEN 0 ELSE c.points END + excluded.points, until = greatest(c.until, excluded.until)
         RETURNING points`,
        [this.#keys.keyedHash("row", `rate|${key}`), points, new Date(count.until)],
      );
      // What of the step still lies below the limit may be given away here.
      const room = limit.allowed - (rows[0]!.points - step);
      count.lent = Math.max(0, Math.min(step, room));
      count.blocked = count.lent === 0;
      count.untold = 0;
    } catch (cause) {
      // A database that cannot count cannot serve either; the request finds that out by itself.
      this.#log.debug({ err: cause }, "a limit could not be counted");
      count.lent = step;
    } finally {
      count.asking = undefined;
    }
  }

  async #sweep(): Promise<void> {
    const now = Date.now();
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key);
    await this.#worker
      .query("DELETE FROM platform.rate_count WHERE until < now() - interval '1 minute'")
      .catch(() => {});
  }
}

const secondsTo = (moment: number) => Math.max(1, Math.ceil((moment - Date.now()) / 1_000));
