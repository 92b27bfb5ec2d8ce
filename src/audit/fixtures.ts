import { setTimeout } from "node:timers/promises";
import type { Client } from "pg";
import { Temporal } from "temporal-polyfill";
import type { TestRuntime } from "../platform/testing/index.ts";
import { sealEntries } from "./seal/seal-entries.ts";
import { signDigest } from "./seal/sign-digest.ts";
import { loadSigner } from "./seal/signing.ts";

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

/** Seals what has been written and signs today's digest, as the night does. Returns the public key for whoever checks. */
export async function sealAndSign(services: TestRuntime): Promise<string> {
  await sealEntries(services.database.worker);
  await signDigest(services, Temporal.Now.plainDateISO("Asia/Shanghai").toString());
  return publicKeyOf(services);
}

export const publicKeyOf = ({ config }: TestRuntime): string =>
  loadSigner(config.keyFolder, config.auditSignature).publicKey;
