import { sql } from "kysely";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import type { Services } from "../../platform/module.ts";
import { CHAIN_START, sha256, type DigestText } from "./chain.ts";
import { loadSigner } from "./signing.ts";
import { locks } from "../../platform/db/locks.ts";

/** Where the digests lie as files, for whoever keeps a copy of them elsewhere: what has left the house cannot be rewritten in it. */
export const digestFolder = (dataFolder: string) => join(dataFolder, "audit-digests");

/**
 * Signs the head of the chain for a day in China, once: the last seal made before the day's end. Returns false when the day
 * has its digest already or nothing was ever sealed.
 */
export async function signDigest(
  { database, config }: Pick<Services, "database" | "config">,
  day: string,
): Promise<boolean> {
  const signer = loadSigner(config.keyFolder, config.auditSignature);
  const dayEnd = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime("Asia/Shanghai").toInstant().toString();
  const signed = await database.worker.transaction().execute(async (tx) => {
    // One at a time: the next digest names the one before it.
    await sql`SELECT pg_advisory_xact_lock(${locks.digests})`.execute(tx);
    const before = await tx.selectFrom("audit.digest").selectAll().orderBy("digest_id", "desc").executeTakeFirst();
    const head = await tx
      .selectFrom("audit.seal")
      .select(["seal_id", "digest"])
      .where("sealed_at", "<", new Date(dayEnd))
      .orderBy("seal_id", "desc")
      .executeTakeFirst();
    if (head === undefined || (before !== undefined && before.day >= day)) return null;
    const { entries } = await tx
      .selectFrom("audit.seal")
      .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("count"), sql<string>`0`).as("entries"))
      .where("seal_id", "<=", head.seal_id)
      .executeTakeFirstOrThrow();
    const number = String(BigInt(before?.digest_id ?? 0) + 1n);
    const says: DigestText = {
      format: "wengang-audit-digest-1",
      number,
      day,
      lastSeal: head.seal_id,
      seal: head.digest.toString("hex"),
      entries,
      previous: before === undefined ? CHAIN_START : sha256(before.text),
    };
    const text = JSON.stringify(says);
    const signature = signer.sign(text);
    const { algorithm, keyMark } = signer;
    await tx
      .insertInto("audit.digest")
      .values({
        digest_id: number,
        day,
        last_seal: head.seal_id,
        entries,
        text,
        algorithm,
        key_mark: keyMark,
        signature,
      })
      .execute();
    return { text, algorithm, keyMark, signature: signature.toString("hex") };
  });
  if (signed === null) return false;
  const folder = digestFolder(config.dataFolder);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${day}.json`);
  await writeFile(`${file}.partial`, `${JSON.stringify({ ...signed, publicKey: signer.publicKey }, null, 2)}\n`);
  await rename(`${file}.partial`, file);
  return true;
}
