import { sql } from "kysely";
import { Temporal } from "temporal-polyfill";
import type { Services } from "../platform/module.ts";
import type { Sweep } from "../platform/privacy/index.ts";

/** Where files lie for a moment only, until a row names them or somebody has fetched them. */
const PASSING = ["export/", "upload/"];

/** Columns that name files of the store, beside the file table's own. */
type Named = readonly { readonly table: string; readonly column: string }[];

async function nobodys({ database }: Services, keys: readonly string[], named: Named): Promise<string[]> {
  const known = [{ table: "platform.file", column: "key" }, ...named]
    .map(({ table, column }) => `SELECT ${column} FROM ${table}`)
    .join(" UNION ALL ");
  const { rows } = await sql<{ key: string }>`
    SELECT k AS key FROM unnest(${keys}::text[]) k WHERE NOT EXISTS (SELECT FROM (${sql.raw(known)}) named(key) WHERE named.key = k)`.execute(
    database.worker,
  );
  return rows.map(({ key }) => key);
}

/** Encrypted files that a killed process left: a list that nobody fetched, an upload whose act was refused. */
export function orphanSweep(named: () => Named): Sweep {
  return {
    id: "privacy.orphan",
    title: "中断留下的加密文件",
    period: "orphan",
    table: "platform.file",
    async run(services, before, _area, dry) {
      const keys: string[] = [];
      for (const prefix of PASSING)
        for await (const { key, writtenAt } of services.files.list(prefix)) {
          const day = Temporal.Instant.fromEpochMilliseconds(writtenAt.getTime())
            .toZonedDateTimeISO("Asia/Shanghai")
            .toPlainDate()
            .toString();
          if (day < before) keys.push(key);
        }
      if (keys.length === 0) return [];
      const orphans = await nobodys(services, keys, named());
      if (!dry) for (const key of orphans) await services.files.remove(key);
      return orphans.length === 0 ? [] : [{ county: "", rows: orphans.length }];
    },
  };
}
