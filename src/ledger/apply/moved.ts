import type { SqlRunner } from "../../platform/db/database.ts";

/** Somebody has changed a row between the comparison and the apply in a way that the mark of the registry does not show. */
class RegistryMoved extends Error {
  constructor() {
    super("the registry has moved since the comparison");
  }
}

/** For the failure of an apply: "moved", or whatever else it is goes on. */
export function whenMoved(cause: unknown): "moved" {
  if (cause instanceof RegistryMoved) return "moved";
  throw cause;
}

/**
 * Writes rows whose history was made while comparing: `update` holds each to the version it had then, `count` is a query of how
 * many there are. What another transaction changed since would otherwise be told wrongly for ever. Throws `RegistryMoved`.
 */
export async function writeAsCompared(run: SqlRunner, update: string, count: string): Promise<void> {
  const written = await run.query(update);
  const expected = await run.query<{ count: string }>(count);
  if (written.affected !== Number(expected.rows[0]!.count)) throw new RegistryMoved();
}
