import { sql } from "kysely";
import { divisionPrefix, type FactSource } from "#kernel";
import { drawSql, personFactsSql, within, type PersonFact, type SyntheticScope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handedOver, isShared, namedKeys } from "../facts/shared-rows.ts";
import { casesOf } from "../library/library.ts";
import type { LoadedMeasure, Rulebook } from "../versions/rulebook.ts";
import { variantsOf, type Variant } from "./variants.ts";

/** Rows of a measure about persons in a small county, and of one about anything else in any county. */
const LEAST_ROWS = 96;
const OTHER_ROWS = 24;
/** One person in so many stands in the rows of a measure, and in so many may be chosen for them. */
const PERSONS_PER_ROW = 200;
const CHOICE = 2.5;

/** Variants are the same for every county of a rule on the same day. */
export type KnownVariants = Map<string, readonly Variant[]>;

/**
 * Fills policy.fact_row for a county: for each measure over a source without tables of its own, rows after the measure's own cases about
 * persons of the county whom the registry knows so, and about nobody where the source is about none. Numbers begin with 样例-; a second run
 * adds nothing.
 */
export async function synthesizeSharedRows(
  tx: Tx,
  book: Rulebook,
  { region, asOf }: SyntheticScope,
  known: KnownVariants = new Map(),
): Promise<void> {
  await choosePersons(tx, region);
  const here = book.measures.filter(({ definition }) => region.startsWith(divisionPrefix(definition.region)));
  const bySource = Map.groupBy(
    here.filter(({ rule }) => rule && isShared(rule.source)),
    ({ rule }) => rule!.source.name,
  );
  for (const measures of bySource.values())
    await insertRows(
      tx,
      measures[0]!.rule!.source,
      { region, asOf },
      measures.flatMap((measure) => templatesOf(book, measure, { region, asOf }, known)),
    );
}

/** Some of the county's people, in an order that is nobody's. */
async function choosePersons(tx: Tx, county: string): Promise<void> {
  await sql`DROP TABLE IF EXISTS chosen`.execute(tx);
  await sql`CREATE TEMP TABLE chosen ON COMMIT DROP AS
    SELECT o.person_id, o.place, least(o.total, greatest(${sql.lit(LEAST_ROWS)}, o.total / ${sql.lit(PERSONS_PER_ROW)})) AS measure_rows
    FROM (SELECT p.person_id, row_number() OVER (ORDER BY ${sql.raw(drawSql("p.person_id", "sample", 100_000_000))}, p.person_id)::int AS place, count(*) OVER ()::int AS total
      FROM registry.person p WHERE ${within("p.home_region", county)} AND length(p.home_region) >= 6 AND p.life_state = 'active') o
    WHERE o.place <= greatest(${sql.lit(LEAST_ROWS)}, o.total / ${sql.lit(PERSONS_PER_ROW)}) * ${sql.lit(CHOICE)}`.execute(
    tx,
  );
}

interface Template {
  readonly code: string;
  readonly facts: Variant["facts"];
  readonly person: Variant["person"];
  readonly on: string | null;
  readonly share: number;
  /** Where in the order of persons it begins to look, so that not the same ones stand in everything. */
  readonly begin: number;
}

function templatesOf(
  book: Rulebook,
  { definition, rule, version }: LoadedMeasure,
  { region, asOf }: SyntheticScope,
  known: KnownVariants,
): readonly Template[] {
  const cases = casesOf(book.library, definition);
  if (!cases || !rule) return [];
  const mark = `${version.version_id} ${asOf}`;
  const variants = known.get(mark) ?? variantsOf(rule, cases, asOf);
  known.set(mark, variants);
  const name = version.path.split("/").slice(2).join("-").replace(".yaml", "");
  return variants.map(({ facts, places, person, on, share }, at) => ({
    code: `样例-${region}-${name}-${String(at + 1).padStart(2, "0")}`,
    facts: {
      ...facts,
      ...Object.fromEntries(
        places.map((column) => [column, `${region}${(facts[column] as string).slice(region.length)}`]),
      ),
    },
    person,
    on,
    share,
    begin: variants.slice(0, at).reduce((sum, before) => sum + before.share, 0),
  }));
}

async function insertRows(
  tx: Tx,
  source: FactSource,
  { region, asOf }: SyntheticScope,
  templates: readonly Template[],
): Promise<void> {
  const columns = new Set([...source.key, ...Object.values(source.subjects)].map(({ column }) => column));
  const facts = source.fields
    .filter((field) => !handedOver(source).includes(field))
    .map(({ column }) => column as PersonFact);
  const known = facts.length > 0 ? sql`to_jsonb(k)` : sql`'{}'::jsonb`;
  const ofPerson =
    facts.length > 0
      ? sql`(SELECT ${sql.raw(personFactsSql({ person: "p", on: "v.on", fields: facts }))})`
      : sql`(SELECT 1)`;
  const persons = sql`
    SELECT c.person_id, row_number() OVER (ORDER BY c.turn)::int AS n, greatest(1, round(c.measure_rows * v.share)) AS wanted
    FROM (SELECT o.*, (o.place + (SELECT count(*) FROM chosen) - floor(v.begin * (SELECT count(*) FROM chosen))::int) % (SELECT count(*) FROM chosen) AS turn FROM chosen o) c
    JOIN registry.person p ON p.person_id = c.person_id
    CROSS JOIN LATERAL ${ofPerson} k
    WHERE ${known} @> v.person`;
  const others = sql`SELECT NULL::bigint AS person_id, n, greatest(1, round(${sql.lit(OTHER_ROWS)} * v.share)) AS wanted FROM generate_series(1, ${sql.lit(OTHER_ROWS)}) n`;
  const names = namedKeys(source).map(({ column }) => sql` || jsonb_build_object(${sql.lit(column)}, r.code)`);
  await sql`
    WITH template AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(templates)}::jsonb) AS t(code text, facts jsonb, person jsonb, "on" date, share float, "begin" float)),
    firm AS (SELECT e.employer_id, row_number() OVER (ORDER BY e.name)::int - 1 AS place, count(*) OVER ()::int AS total FROM registry.employer e WHERE ${within("e.region", region)})
    INSERT INTO policy.fact_row (source, code, person_id, employer_id, facts, region, recorded_on)
    SELECT ${source.name}, r.code, r.person_id, ${columns.has("employer_id") ? sql`f.employer_id` : sql`NULL::bigint`}, r.facts${sql.join(names, sql``)}, ${region}, ${asOf}::date
    FROM (SELECT v.code || '-' || lpad(w.n::text, 3, '0') AS code, v.facts, w.person_id, row_number() OVER (ORDER BY v.code, w.n)::int AS place
      FROM template v CROSS JOIN LATERAL (${columns.has("person_id") ? persons : others}) w WHERE w.n <= w.wanted) r
    LEFT JOIN firm f ON f.place = r.place % f.total
    ON CONFLICT (source, code) DO NOTHING`.execute(tx);
}
