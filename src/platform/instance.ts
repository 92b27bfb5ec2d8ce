import { hostname } from "node:os";
import type { Pool } from "pg";
import { programVersion } from "./config.ts";
import type { Log } from "./log.ts";

const BEAT_MS = 10_000;
/** Not seen for so long, a process is taken for gone. */
export const INSTANCE_GONE_MS = 60_000;

export type InstanceRole = "server" | "worker";

/** Shows that this process lives, in a row of its own, which goes with it. Also brings along what is counted between two beats. */
export class InstanceBeat {
  readonly #id: string;
  readonly #role: InstanceRole;
  readonly #worker: Pool;
  readonly #log: Log;
  readonly #refused = new Map<string, { cause: string; class: string; n: number }>();
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(id: string, role: InstanceRole, worker: Pool, log: Log) {
    this.#id = id;
    this.#role = role;
    this.#worker = worker;
    this.#log = log;
  }

  /** Returns after the first beat. */
  async begin(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beating = this.#beat();
    }, BEAT_MS).unref();
  }

  /** Counts a request refused because of a limit or of load, for the page of the system administrator. */
  refused(cause: "limit" | "load", routeClass: string): void {
    const key = `${cause} ${routeClass}`;
    const known = this.#refused.get(key);
    if (known) known.n++;
    else this.#refused.set(key, { cause, class: routeClass, n: 1 });
  }

  /** Said before the end: others see that it takes no more work. */
  async stopping(): Promise<void> {
    this.#stopping = true;
    await this.#beat();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await this.#noteRefusals().catch(() => {});
    await this.#worker.query("DELETE FROM platform.instance WHERE instance_id = $1", [this.#id]).catch(() => {});
  }

  async #beat(): Promise<void> {
    try {
      await this.#worker.query(
        `INSERT INTO platform.instance (instance_id, role, version, host, process_id, stopping) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (instance_id) DO UPDATE SET seen_at = now(), stopping = $6`,
        [this.#id, this.#role, programVersion, hostname(), process.pid, this.#stopping],
      );
      await this.#worker.query("DELETE FROM platform.instance WHERE seen_at < now() - interval '1 day'");
      await this.#noteRefusals();
    } catch (cause) {
      this.#log.debug({ err: cause }, "this process could not show that it lives");
    }
  }

  async #noteRefusals(): Promise<void> {
    if (this.#refused.size === 0) return;
    const counts = [...this.#refused.values()];
    this.#refused.clear();
    await this.#worker.query(
      `INSERT INTO platform.refusal_hour AS r (hour, cause, class, n)
       SELECT date_trunc('hour', now()), cause, class, n FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (cause, class, n)
       ON CONFLICT (hour, cause, class) DO UPDATE SET n = r.n + excluded.n`,
      [counts.map((one) => one.cause), counts.map((one) => one.class), counts.map((one) => one.n)],
    );
  }
}
