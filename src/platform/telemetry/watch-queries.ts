import { context, SpanKind } from "@opentelemetry/api";
import { AsyncResource } from "node:async_hooks";
import type { Pool, PoolClient } from "pg";
import type { DatabaseRole } from "../db/roles.ts";
import type { SlowStatements } from "./slow-statements.ts";
import { nameStatement, statementLabel } from "./statement-name.ts";
import type { Telemetry } from "./telemetry.ts";

/** Told of every statement of a pool's connections; says what is to be told when it has ended. */
export type QueryWatch = (role: DatabaseRole, text: string) => (failed: unknown, rows: number) => void;

export function createQueryWatch(telemetry: Telemetry, slow: SlowStatements): QueryWatch {
  return (role, text) => {
    const began = performance.now();
    const beganAt = Date.now();
    const report = slow.watch(role, text);
    // The answer may come back in the context of the connection.
    const asker = context.active();
    return (failed, rows) => {
      const milliseconds = performance.now() - began;
      const statement = nameStatement(text);
      const label = statementLabel(statement);
      telemetry.statements.record(milliseconds / 1000, {
        "db.system.name": "postgresql",
        "db.query.summary": label,
        "wengang.role": role,
        ...(failed === undefined ? {} : { "error.type": errorType(failed) }),
      });
      telemetry.note(
        statement.name,
        SpanKind.CLIENT,
        { "db.system.name": "postgresql", "db.query.summary": statement.name, "db.response.returned_rows": rows },
        { beganAt, failed, parent: asker },
      );
      report(milliseconds, rows);
    };
  };
}

function errorType(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === "string" ? code.slice(0, 20) : "error";
}

type Query = (...given: unknown[]) => unknown;

/** Watches a pool's statements, those included that are asked of the pool itself. */
export function watchPool(pool: Pool, role: DatabaseRole, watch: QueryWatch): void {
  pool.on("connect", (client) => watchQueries(client, role, watch));
  const connect = pool.connect.bind(pool) as Query;
  // The pool calls back from the connection that became free, in that one's context: the asker's trace would be lost.
  const bound: Query = (callback) =>
    typeof callback === "function" ? connect(AsyncResource.bind(callback as Query)) : connect();
  pool.connect = bound as typeof pool.connect;
}

/** Watches what is asked on a connection. Cursors and COPY, which are streams, are not timed: their time is that of whoever reads them. */
function watchQueries(client: PoolClient, role: DatabaseRole, watch: QueryWatch): void {
  const ask = client.query.bind(client) as Query;
  const watched: Query = (...given) => {
    const [first] = given;
    const isStream = typeof first === "object" && first !== null && "submit" in first;
    const text = typeof first === "string" ? first : (first as { text?: string } | undefined)?.text;
    if (text === undefined || isStream) return ask(...given);
    const end = watch(role, text);
    const last = given.at(-1);
    if (typeof last === "function") {
      given[given.length - 1] = (cause: unknown, result: unknown) => {
        end(cause ?? undefined, rowsOf(result));
        (last as Query)(cause, result);
      };
      return ask(...given);
    }
    return (ask(...given) as Promise<unknown>).then(
      (result) => {
        end(undefined, rowsOf(result));
        return result;
      },
      (cause: unknown) => {
        end(cause ?? "error", 0);
        throw cause;
      },
    );
  };
  client.query = watched as typeof client.query;
}

function rowsOf(result: unknown): number {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  return (last as { rowCount?: number | null } | undefined)?.rowCount ?? 0;
}
