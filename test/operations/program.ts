import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const program = join(import.meta.dirname, "../../src/cli.ts");
const PATIENCE_MS = 180_000;

/** One process of the program, as an operator starts it. */
export class Program {
  readonly child: ChildProcess;
  #said = "";

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [program, ...args], {
      env: {
        ...environment,
        PORT: "0",
        WENGANG_METRICS_PORT: "0",
        WENGANG_WORKER_METRICS_PORT: "0",
        WENGANG_LOG: "info",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#said += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#said += text));
  }

  get said(): string {
    return this.#said;
  }

  get address(): string {
    return /已启动：(http:\/\/\S+)/.exec(this.#said)?.[1] ?? "";
  }

  /** Where its metrics are. */
  get metricsPort(): number {
    return Number(/"port":(\d+),"msg":"metrics at/.exec(this.#said)?.[1] ?? 0);
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async saying(words: RegExp): Promise<this> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!words.test(this.#said)) {
      if (this.ended || Date.now() > deadline) throw new Error(`did not say ${words}:\n${this.#said}`);
      await sleep(20);
    }
    return this;
  }

  /** Ends it by a signal; answers its exit code, null when the signal itself ended it. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.ended) return this.child.exitCode;
    const exit = once(this.child, "exit");
    this.child.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }
}

export const serving = /已启动/;
export const working = /"msg":"worker ready"/;
