import { measureStatement, type ClaimsRelation, type FactSource, type PreparedMeasure } from "#kernel";
import { quoteLiteral, regionPredicate } from "./text.ts";

/** Over whom a rule is asked. */
export type ScreeningScope =
  | { readonly kind: "whole" }
  /** Rows whose office lies under a prefix of codes; limits count what their persons have had anywhere. */
  | { readonly kind: "region"; readonly region: string }
  /** Persons listed in a relation with a column person_id. */
  | { readonly kind: "persons"; readonly table: string };

/** The claims that limits count, of which some were made from rows of facts by this office's own work. */
export interface OfficeClaims extends ClaimsRelation {
  /** SELECT of `rule_path text, row_key text`: rows that a claim has been made of. They are not asked again, for the claim itself would refuse them. */
  readonly made?: string;
  /** What was paid outside this installation or before it alone: for questions over all rows, claimed or not, as simulations ask them. */
  readonly before?: ClaimsRelation;
}

/** SQL of the text that names a row of the source `alias`; the same in results and claims. */
export const rowKeySql = ({ key }: Pick<FactSource, "key">, alias: string): string =>
  `concat_ws('|', ${key.map(({ column, type }) => `${alias}."${column}"::${type}`).join(", ")})`;

/** The rule over rows of its source that no claim has been made of. */
const withoutClaimed = (rule: PreparedMeasure, { made }: OfficeClaims): PreparedMeasure =>
  made === undefined
    ? rule
    : {
        ...rule,
        source: {
          ...rule.source,
          sql: `SELECT unclaimed.* FROM (${rule.source.sql}) unclaimed WHERE NOT EXISTS (
  SELECT 1 FROM (${made}) made WHERE made.rule_path = ${quoteLiteral(rule.definition.file)} AND made.row_key = ${rowKeySql(rule.source, "unclaimed")})`,
        },
      };

/** Columns that every source has beside those of its dictionary: whose office a row concerns, and the person it is about, if any. */
export const ROW_REGION = { column: "row_region", type: "text" } as const;
export const ROW_PERSON = { column: "row_person", type: "bigint" } as const;

/** SQL of type boolean over the source's innermost scan `s`. */
function scopeSql(scope: ScreeningScope): string {
  switch (scope.kind) {
    case "whole":
      return "true";
    case "region":
      return regionPredicate("s.region", scope.region);
    case "persons":
      return `s.person_id IN (SELECT person_id FROM ${scope.table})`;
  }
}

export const placeholders = (scope: ScreeningScope, asOf: string) => ({
  scope: scopeSql(scope),
  as_of: `${quoteLiteral(asOf)}::date`,
});

/** The rule over a source that also says whose row it is; its key grows by these two, at the end. */
const withOwners = (rule: PreparedMeasure): PreparedMeasure => ({
  ...rule,
  source: { ...rule.source, key: [...rule.source.key, ROW_REGION, ROW_PERSON] },
});

/** Columns of `decisionsSql`, with their types. */
export const DECISION_COLUMNS = [
  ["row_key", "text"],
  ["region", "text"],
  ["person_id", "bigint"],
  ["claim", "text"],
  ["outcome", "text"],
  ["amount", "bigint"],
  ["fund", "text"],
  ["event_date", "date"],
  ["failed", "text[]"],
  ["unknown", "text[]"],
  ["missing_facts", "text[]"],
  ["missing_parameters", "text[]"],
  ["reasons", "text[]"],
  ["review", "text[]"],
  ["not_yet", "date"],
] as const;

/**
 * SELECT of every row in scope with its outcome: `row_key`, `region`, `person_id`, `claim` (null where rows stand alone) and the
 * columns of `measureStatement`.
 */
export function decisionsSql(
  rule: PreparedMeasure,
  claims: OfficeClaims,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): string {
  const keys = rule.source.key.map((_, index) => `d.k${index}`);
  const statement = measureStatement(withOwners(withoutClaimed(rule, claims)), {
    placeholders: placeholders(options.scope, options.asOf),
    asOf: `${quoteLiteral(options.asOf)}::date`,
    claims,
    settleAmongRows: true,
  });
  return `SELECT concat_ws('|', ${keys.join(", ")}) AS row_key, d.k${keys.length} AS region, d.k${keys.length + 1} AS person_id,
    ${rule.source.claim ? "d.claim::text" : "NULL::text"} AS claim, d.outcome, d.amount, d.fund, d.event_date, d.failed, d.unknown,
    d.missing_facts, d.missing_parameters, d.reasons, d.review, d.not_yet
  FROM (${statement}) d`;
}

/** The source's own rows in scope, with owners: what an explanation starts from. */
export function factRowsSql(
  source: FactSource,
  options: { readonly scope: ScreeningScope; readonly asOf: string },
): string {
  const filled = Object.entries(placeholders(options.scope, options.asOf)).reduce(
    (sql, [name, text]) => sql.replaceAll(`{{${name}}}`, text),
    source.sql,
  );
  return `SELECT * FROM (${filled}) f`;
}
