import pg from "pg";

import type { PostgresConnection } from "./address.ts";
import { passwordRefused } from "./problems.ts";

/**
 * - `ready`: a connection works, or all of them are taken, which only a ready server can say.
 * - `starting`: a server answers but is still recovering, or is shutting down.
 * - `silent`: somebody listens but gives no answer in time; a machine under load does that too.
 * - `absent`: nobody listens there.
 */
type Answer = "ready" | "starting" | "silent" | "absent";

const INVALID_PASSWORD = "28P01";
const TOO_MANY_CONNECTIONS = "53300";
/** "The database system is starting up" and "is shutting down". */
const CANNOT_CONNECT_NOW = "57P03";

export async function tryConnecting(connection: PostgresConnection, passwordFile: string): Promise<Answer> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, application_name: "wengang-launcher" });
  // A server that goes down under an idle client raises an event; without a listener it ends the whole process.
  client.on("error", () => {});
  try {
    await client.connect();
    return "ready";
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === INVALID_PASSWORD) throw passwordRefused(passwordFile);
    if (code === TOO_MANY_CONNECTIONS) return "ready";
    if (code === "ENOENT" || code === "ECONNREFUSED") return "absent";
    return code === CANNOT_CONNECT_NOW ? "starting" : "silent";
  } finally {
    await client.end().catch(() => {});
  }
}
