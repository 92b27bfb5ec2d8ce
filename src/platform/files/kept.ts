import type { Db, Tx } from "../db/database.ts";
import type { StoredFile } from "./store.ts";

/** Registers an uploaded file as somebody's, so that it is kept and can be found again. Returns its id. */
export async function keepFile(
  tx: Db | Tx,
  file: Omit<StoredFile, "fileId">,
  of: { readonly region: string; readonly purpose: string; readonly officerId: string | null },
): Promise<string> {
  const row = await tx
    .insertInto("platform.file")
    .values({
      key: file.key,
      name: file.name,
      bytes: file.bytes,
      sha256: file.sha256,
      media_type: "application/octet-stream",
      region: of.region,
      purpose: of.purpose,
      officer_id: of.officerId,
    })
    .returning("file_id")
    .executeTakeFirstOrThrow();
  return row.file_id;
}
