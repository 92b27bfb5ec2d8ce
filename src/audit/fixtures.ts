import { setTimeout } from "node:timers/promises";
import type { Client } from "pg";

/**
 * For tests of sealing: transactions are counted by the whole server, and other tests are at work on it. Those under way when this is
 * called have ended when it returns, so that nothing written before waits for them.
 */
export async function othersEnded(owner: Client): Promise<void> {
  const running = async () =>
    (
      await owner.query<{ xid: string }>(
        "SELECT backend_xid::text AS xid FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> current_database()",
      )
    ).rows.map(({ xid }) => xid);
  const before = new Set(await running());
  while (before.size > 0 && (await running()).some((xid) => before.has(xid))) await setTimeout(20);
}
