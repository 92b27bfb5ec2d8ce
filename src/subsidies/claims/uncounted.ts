import { sql } from "kysely";
import { explainMeasure, type Explanation } from "#kernel";
import {
  asOfFor,
  decisionsSql,
  divisionsIn,
  factRowsSql,
  factsOfRow,
  rowKeySql,
  saysOf,
  toBasis,
  toExplanation,
  type ScreeningScope,
} from "#policy";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { Uncounted, UncountedRow } from "../contract.ts";
import { claims } from "../counted-claims.ts";
import type { SubsidiesOptions } from "../options.ts";
import { isPaying, payeeColumn, type PayingMeasure } from "./intake.ts";

/** What of a claim says whose rows are looked at. */
interface PaidClaim {
  readonly claim_id: string;
  readonly region: string;
  readonly rule_path: string;
  readonly payee_key: string;
}

interface DecidedRow {
  readonly row_key: string;
  readonly person_id: string | null;
  readonly outcome: UncountedRow["outcome"];
  readonly event_date: string | null;
  readonly not_yet: string | null;
  readonly failed: readonly string[];
  readonly missing_parameters: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

type Found = Omit<Uncounted, "rows"> & {
  /** Without the names behind them: who may know which is the asker's matter. */
  readonly rows: (Omit<UncountedRow, "personName" | "identityMask"> & { readonly personId: string | null })[];
};

/** What becomes money sooner stands first; what is refused stands last. */
const ORDER = [
  "ELIGIBLE",
  "ELIGIBLE_UP_TO_CAP",
  "PARTLY_ELIGIBLE",
  "NOT_YET",
  "REVIEW",
  "UNKNOWN",
  "PARAM_MISSING",
  "NOT_ELIGIBLE",
];
const rank = (alias: string) =>
  sql.raw(`array_position(ARRAY[${ORDER.map((one) => `'${one}'`).join(", ")}], ${alias}.outcome)`);

/**
 * Rows of the claim's payee that the claim does not pay, with every condition that is not met: by today's facts and the rule in force, so that
 * an enterprise sees who counts later and who never does. Rows that other claims pay stand with those, and what happened before the rule was in
 * force is nobody's. With the worker's eyes, for the payee employs people of other places; null where the rule is no more.
 */
export async function uncountedOf(
  tx: Tx,
  { rulebook }: Pick<SubsidiesOptions, "rulebook">,
  services: Services,
  claim: PaidClaim,
  { page, size }: { readonly page: number; readonly size: number },
): Promise<Found | null> {
  const book = await rulebook.get(tx);
  const measure = book.measures.filter(isPaying).find(({ version }) => version.path === claim.rule_path);
  if (!measure) return null;
  const { rule } = measure;
  const { source } = rule;
  const asOf = asOfFor(services, measure);
  const decided = await services.database.worker.transaction().execute(async (worker) => {
    const payeeId = claim.payee_key.slice(claim.payee_key.indexOf(":") + 1);
    const rows = factRowsSql(source, { scope: await scopeOf(worker, measure, claim, payeeId), asOf });
    await sql`CREATE TEMP TABLE own_fact ON COMMIT DROP AS
      SELECT own.* FROM (${sql.raw(rows)}) own WHERE own.${sql.ref(payeeColumn(measure))} = ${sql.lit(payeeId)}::bigint`.execute(
      worker,
    );
    const over = { ...rule, source: { ...source, sql: "SELECT * FROM own_fact" } };
    // Months stand by themselves; of a year's spells one says what becomes of somebody, and whom the claim pays is in it.
    const [each, paid] =
      measure.definition.grain === "month"
        ? [sql`d.row_key`, sql`false`]
        : [
            sql`coalesce(d.person_id::text, d.row_key)`,
            sql`d.person_id IN (SELECT i.person_id FROM subsidies.claim_item i WHERE i.live AND i.claim_id = ${sql.lit(claim.claim_id)})`,
          ];
    await sql`CREATE TEMP TABLE uncounted ON COMMIT DROP AS
      SELECT DISTINCT ON (${each}) d.* FROM (${sql.raw(decisionsSql(over, claims, { scope: { kind: "whole" }, asOf }))}) d
      WHERE NOT d.failed @> '{jurisdiction}' AND (d.event_date IS NULL OR d.event_date >= ${sql.lit(measure.definition.inForce.from)}::date)
        AND d.row_key NOT IN (SELECT i.row_key FROM subsidies.claim_item i WHERE i.claim_id = ${sql.lit(claim.claim_id)})
        AND ${paid} IS NOT TRUE
      ORDER BY ${each}, ${rank("d")}, d.event_date DESC`.execute(worker);
    const counted = await sql<{ outcome: UncountedRow["outcome"]; rows: number; from: string | null }>`
      SELECT outcome, count(*)::int AS rows, min(not_yet) FILTER (WHERE outcome = 'NOT_YET') AS "from" FROM uncounted GROUP BY outcome`.execute(
      worker,
    );
    const shown = await sql<DecidedRow>`
      SELECT u.row_key, u.person_id, u.outcome, u.event_date, u.not_yet, u.failed, u.missing_parameters, to_jsonb(f) AS facts
      FROM uncounted u JOIN own_fact f ON ${sql.raw(rowKeySql(source, "f"))} = u.row_key
      ORDER BY ${rank("u")}, u.not_yet, u.person_id, u.row_key LIMIT ${size} OFFSET ${(page - 1) * size}`.execute(
      worker,
    );
    return { counted: counted.rows, shown: shown.rows };
  });
  const explained = decided.shown.map((row): Explanation =>
    explainMeasure(rule, { facts: factsOfRow(source, row.facts), subjects: {}, claims: [], asOf }),
  );
  const nameOf = await regionNames(
    tx,
    explained.flatMap((one) => divisionsIn(one, [], source.fields)),
  );
  const limits = new Map(rule.limits.map((limit) => [limit.id, limit]));
  return {
    asOf,
    total: decided.counted.reduce((sum, { rows }) => sum + rows, 0),
    byOutcome: decided.counted.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome)),
    rows: decided.shown.map((row, index) => {
      const view = toExplanation(explained[index]!, [], source.fields, book.library, (code) => nameOf(code).name);
      // Limits look at other claims: what they say comes from the statement, which knows them.
      const reached = row.failed.filter((id) => limits.has(id));
      return {
        rowKey: row.row_key,
        personId: row.person_id,
        outcome: row.outcome,
        eventDate: row.event_date,
        // Of what is refused no day brings anything.
        from: row.outcome === "NOT_YET" ? row.not_yet : null,
        missingParameters: [...row.missing_parameters],
        reasons: [
          ...view.conditions
            .filter(
              ({ id, state }) =>
                !limits.has(id) && (row.outcome === "NOT_ELIGIBLE" ? state === "failed" : state !== "met"),
            )
            .map(({ says, state, on, basis, facts }) => ({
              says,
              state,
              on,
              basis,
              facts: facts.map(({ label, value }) => ({ label, value })),
            })),
          ...reached.map((id) => ({
            says: saysOf(rule, id),
            state: "failed",
            on: null,
            basis: toBasis(book.library, limits.get(id)!.basis ?? measure.definition.basis[0]!),
            facts: [],
          })),
        ],
      };
    }),
  };
}

/** Names of those whom the asker sees. */
export async function namesHere(
  tx: Tx,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly mask: string }>> {
  const { rows } = await sql<{ person_id: string; name: string; identity_mask: string }>`
    SELECT person_id, name, identity_mask FROM registry.person WHERE person_id = ANY(${personIds}::bigint[])`.execute(
    tx,
  );
  return new Map(rows.map(({ person_id, name, identity_mask }) => [person_id, { name, mask: identity_mask }]));
}

/** Whose rows are read at all: a county's would take seconds where one employer's people are meant. */
async function scopeOf(worker: Tx, measure: PayingMeasure, claim: PaidClaim, payeeId: string): Promise<ScreeningScope> {
  const column = payeeColumn(measure);
  if (column === "person_id") return { kind: "persons", table: `(SELECT ${BigInt(payeeId)}::bigint AS person_id) one` };
  const found = await sql<{ employer: string | null }>`
    SELECT payee_employer_id AS employer FROM subsidies.claim WHERE claim_id = ${claim.claim_id}`.execute(worker);
  const employer = found.rows[0]?.employer ?? null;
  const aboutWorkers = Object.values(measure.rule.source.subjects).some((subject) => subject.column === "person_id");
  if (employer === null || !aboutWorkers || !BY_WORK.has(column)) return { kind: "region", region: claim.region };
  // Who works there by the ledger, under every name of the employer, or stands on its training roster.
  return {
    kind: "persons",
    table: `(SELECT e.person_id FROM registry.employer_alias n JOIN registry.employment e ON e.employer_key = n.name_key WHERE n.employer_id = ${BigInt(employer)}
      UNION SELECT t.person_id FROM subsidies.work_training t WHERE t.employer_id = ${BigInt(employer)}) one`,
  };
}

/** Subjects whose rows are about the people who work for them. */
const BY_WORK: ReadonlySet<string> = new Set(["employer_id", "workshop_id"]);
