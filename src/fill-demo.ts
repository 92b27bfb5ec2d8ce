import { modules } from "./app.ts";
import { connectOwner } from "./platform/db/database.ts";
import type { Services } from "./platform/module.ts";
import { locks } from "./platform/db/locks.ts";

const LOCKS = { accounts: locks.demoAccounts, everything: locks.demoData } as const;

/**
 * Of several processes that start at the same time on one database, one at a time does what a first start must do. Servers wait for
 * accounts only, which takes a moment; workers for everything.
 */
export async function oneAtATime<T>(
  { database }: Services,
  what: keyof typeof LOCKS,
  work: () => Promise<T>,
): Promise<T> {
  const owner = await connectOwner(database.address);
  try {
    await owner.query("SELECT pg_advisory_lock($1)", [LOCKS[what]]);
    return await work();
  } finally {
    await owner.end();
  }
}

/** Whether this is a demonstration whose data are not all in: a first start, or one that was cut off. */
export async function isDemoEmpty({ demo, database }: Services): Promise<boolean> {
  if (!demo) return false;
  const installation = await database.worker
    .selectFrom("platform.installation")
    .select("seeded_at")
    .executeTakeFirstOrThrow();
  return installation.seeded_at === null;
}

/** Fills a demonstration, domain by domain, in the order of the modules. What an earlier attempt has done stays as it is. */
export async function fillDemo(services: Services): Promise<void> {
  for (const module of modules) {
    const started = performance.now();
    await module.seedDemo?.(services);
    services.log.debug({ module: module.name, ms: Math.round(performance.now() - started) }, "demonstration filled");
  }
  await services.database.worker.updateTable("platform.installation").set({ seeded_at: new Date() }).execute();
}
