import type { Tx } from "../db/database.ts";
import type { Problem } from "../problem.ts";
import type { Services } from "../module.ts";

/** Background work: named, restartable, with progress that people can read while it runs. */
export interface TaskDefinition {
  readonly name: string;
  /** Retries after a crash of the worker; the work must be idempotent. */
  readonly attempts?: number;
  /** Cron schedule for work nobody asks for, in graphile-worker's syntax. */
  readonly schedule?: string;
  run(context: TaskContext, payload: Record<string, unknown>): Promise<void>;
}

export interface TaskContext {
  readonly services: Services;
  readonly taskId: string;
  /** Chinese words for what it does now, and how far it is. Written at most a few times per second. */
  progress(stage: string, done?: number, total?: number): Promise<void>;
  readonly signal: AbortSignal;
}

export interface TaskRequest {
  readonly name: string;
  readonly payload: Record<string, unknown>;
  /** What it works on, e.g. "ledger.batch:12": the page of that subject shows its progress. */
  readonly subject: string;
  readonly region: string;
  /** Work with the same queue name runs one after the other. */
  readonly queue?: string;
}

export type EventHandler = (tx: Tx, services: Services, payload: Record<string, unknown>) => Promise<void>;

/** How a finished task that was refused says why, to the row people see. */
export interface TaskFailure {
  readonly problem: Problem;
}
