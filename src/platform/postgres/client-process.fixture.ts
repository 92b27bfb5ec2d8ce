import pg from "pg";

import { startPostgres, type StartOptions } from "./index.ts";

/**
 * A program that uses the server, for tests that need a second process, another user or a violent death. Told by
 * messages what to do; says `started` with what it got, or `failed` with the problem.
 */
export type ClientMessage =
  | { readonly event: "started"; readonly pids: number[]; readonly url: string }
  | { readonly event: "failed"; readonly code: string; readonly message: string }
  | { readonly event: "stopped"; readonly rows: number };

export type ClientOrder = "stop" | "detach" | "exit" | "throw";

export type ClientArguments = StartOptions & {
  /** On Ctrl-C the program still asks the database something before it stops, as one that ends in order does. */
  readonly finishesWorkOnInterrupt?: boolean;
};

const options = JSON.parse(process.argv[2] ?? "") as ClientArguments;

try {
  const server = await startPostgres(options);
  process.on("message", (order: ClientOrder) => {
    if (order === "exit") process.exit(0);
    if (order === "throw") throw new Error("uncaught on purpose");
    void server[order]().then(() => report({ event: "stopped", rows: 0 }).then(() => process.disconnect?.()));
  });
  if (options.finishesWorkOnInterrupt) {
    process.once("SIGINT", () => void finish());
  }
  await report({ event: "started", pids: server.pids(), url: server.url });

  async function finish(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const client = new pg.Client(server.connection);
    await client.connect();
    const { rows } = await client.query("SELECT 1");
    await client.end();
    await server.stop();
    await report({ event: "stopped", rows: rows.length });
    process.disconnect?.();
  }
} catch (error) {
  const { code = "", message } = error as { code?: string; message: string };
  await report({ event: "failed", code, message });
  process.disconnect?.();
}

function report(message: ClientMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, {}, () => resolve()));
}
