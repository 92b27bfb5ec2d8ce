import { sql } from "kysely";
import type { Services } from "../../platform/module.ts";
import { proveEntries } from "./write-proof.ts";
import { loadSigner } from "./signing.ts";

/**
 * The proof (存证) of the one row that was written about a subject to be shown to everybody: it names no officer and no address. Whoever
 * asks need not be an auditor; of the rows beside it he gets digests, which tell nothing of them. `about` is said and signed with it.
 * Where the row lies in an archive already, the proof holds what is about it alone.
 */
export function proveSubject(
  { database, config }: Pick<Services, "config" | "database">,
  subject: string,
  about: Readonly<Record<string, unknown>>,
): Promise<string> {
  const signer = loadSigner(config.keyFolder, config.auditSignature);
  return database.worker.transaction().execute(async (tx) => {
    const found = await sql<{ entry_id: string }>`SELECT entry_id FROM audit.entry
      WHERE subject = ${subject} AND outcome = 'done' AND officer_name = '' ORDER BY entry_id LIMIT 1`.execute(tx);
    await sql`SELECT set_config('app.audits', 'yes', true)`.execute(tx);
    let proof = "";
    const ids = found.rows.map(({ entry_id }) => entry_id);
    for await (const line of proveEntries(tx, ids, about, signer)) proof += line;
    return proof;
  });
}
