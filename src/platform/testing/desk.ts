import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { OutputOf, RequestOf, Route } from "../contract.ts";
import { runAct } from "../http/run-action.ts";
import type { Caller, DomainModule, Gate } from "../module.ts";
import { drainQueue } from "../tasks/worker.ts";
import type { TestRuntime } from "./index.ts";

/** The acts of the screen, without HTTP: the same handlers, permissions, scope and audit. */
export class TestDesk {
  readonly runtime: TestRuntime;
  readonly #modules: readonly DomainModule[];
  readonly #gate: Gate;
  readonly #callerOf: (login: string) => Promise<Caller>;

  constructor(
    runtime: TestRuntime,
    modules: readonly DomainModule[],
    gate: Gate,
    callerOf: (login: string) => Promise<Caller>,
  ) {
    this.runtime = runtime;
    this.#modules = modules;
    this.#gate = gate;
    this.#callerOf = callerOf;
  }

  async act<R extends Route>(route: R, input: RequestOf<R>, as: string, filePath?: string): Promise<OutputOf<R>> {
    return route.output.parse(await this.run(route, input, as, filePath)) as OutputOf<R>;
  }

  /** What the handler gives, a download's body included. */
  async run<R extends Route>(route: R, input: RequestOf<R>, as: string, filePath?: string): Promise<unknown> {
    const handler = this.#modules.flatMap((module) => module.handlers ?? []).find((one) => one.route === route);
    if (!handler) throw new Error(`no handler for ${route.path}`);
    const key = `upload/${randomUUID()}`;
    const file = filePath
      ? {
          fileId: "",
          key,
          name: basename(filePath),
          fields: {},
          ...(await this.runtime.files.put(key, createReadStream(filePath), 2 ** 40)),
        }
      : undefined;
    return runAct(this.runtime, this.#gate, {
      handler,
      caller: await this.#callerOf(as),
      input,
      request: { ip: "", userAgent: "" },
      ...(file ? { file } : {}),
    });
  }

  /** Does all background work that waits. */
  drain(): Promise<void> {
    return drainQueue(this.runtime, this.#modules);
  }
}
