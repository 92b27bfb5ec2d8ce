import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import type { PoolClient } from "pg";
import type { Services } from "../platform/module.ts";
import { defaultAuthority } from "./authority.ts";
import { loadDivisions, loadSampleAliases } from "./divisions/index.ts";
import { sourceCodes, sourceLabels, sourceNumbers } from "./sources.ts";

/**
 * Areas whose offices work here: Hunan, Gansu and, of Shandong, Jining. The province of a hosted prefecture is hosted itself,
 * for its dispatchers; its other prefectures are not.
 */
const HOSTED = ["43", "62", "3708"] as const;
const HOSTED_PROVINCES_OF_PREFECTURES = ["37"] as const;

function isHosted(code: string): boolean {
  return (
    HOSTED.some((prefix) => code.startsWith(prefix)) ||
    HOSTED_PROVINCES_OF_PREFECTURES.some((province) => code === province)
  );
}

/** Fills divisions, sources and the authority of sources. Idempotent: what an installation has changed stays. */
export async function prepareRegistry(services: Services): Promise<void> {
  const client = await services.database.pools.worker.connect();
  try {
    await client.query("BEGIN");
    await loadSources(client);
    await loadRegions(client);
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK");
    throw cause;
  } finally {
    client.release();
  }
}

/** The invented renames of the demo counties: only ever for a demo. */
export async function seedSampleAliases(services: Services): Promise<void> {
  const aliases = loadSampleAliases();
  await services.database.pools.worker.query(
    `INSERT INTO registry.region_alias (alias, code, renamed, valid_from, valid_to, note)
     SELECT alias, code, valid_to IS NOT NULL, coalesce(valid_from, '1900-01-01'), valid_to, note
     FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[]) AS sample (alias, code, valid_from, valid_to, note)
     ON CONFLICT (alias, code) DO NOTHING`,
    [
      aliases.map((alias) => alias.alias),
      aliases.map((alias) => alias.code),
      aliases.map((alias) => alias.validFrom),
      aliases.map((alias) => alias.validTo),
      aliases.map((alias) => alias.note),
    ],
  );
}

async function loadSources(client: PoolClient): Promise<void> {
  await client.query(
    `INSERT INTO registry.source (source, code, label) SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[])
     ON CONFLICT (source) DO UPDATE SET label = excluded.label WHERE source.label <> excluded.label`,
    [sourceCodes.map((code) => sourceNumbers[code]), [...sourceCodes], sourceCodes.map((code) => sourceLabels[code])],
  );
  const authority = defaultAuthority();
  await client.query(
    `INSERT INTO registry.field_authority (entity, field, source, rank) SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[], $4::smallint[])
     ON CONFLICT DO NOTHING`,
    [
      authority.map((row) => row.entity),
      authority.map((row) => row.field),
      authority.map((row) => row.source),
      authority.map((row) => row.rank),
    ],
  );
}

/** Through a temporary table, so that a later edition of the divisions changes only the rows that differ. */
async function loadRegions(client: PoolClient): Promise<void> {
  await client.query(
    "CREATE TEMP TABLE incoming_region (code text, level text, name text, full_name text, parent text, hosted boolean) ON COMMIT DROP",
  );
  await pipeline(Readable.from(regionLines()), client.query(copyFrom("COPY incoming_region FROM STDIN")));
  await client.query(`
    INSERT INTO registry.region AS known (code, level, name, full_name, parent, hosted)
    SELECT code, level, name, full_name, parent, hosted FROM incoming_region
    ON CONFLICT (code) DO UPDATE SET level = excluded.level, name = excluded.name, full_name = excluded.full_name, parent = excluded.parent, hosted = excluded.hosted
    WHERE (known.name, known.full_name, known.hosted) IS DISTINCT FROM (excluded.name, excluded.full_name, excluded.hosted)`);
}

const LINES_PER_CHUNK = 5_000;

/** Names of divisions hold no tab, backslash or line break, which is all that COPY's text format would need escaped. */
function* regionLines(): Generator<string> {
  let lines: string[] = [];
  for (const { code, level, name, fullName, parent } of loadDivisions()) {
    lines.push(`${code}\t${level}\t${name}\t${fullName}\t${parent ?? "\\N"}\t${isHosted(code) ? "t" : "f"}\n`);
    if (lines.length === LINES_PER_CHUNK) {
      yield lines.join("");
      lines = [];
    }
  }
  yield lines.join("");
}
