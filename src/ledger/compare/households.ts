import { stageColumns, type LedgerKindDefinition } from "../kinds/kind.ts";

/** Columns of `registry.household` that a table's rows say, in the order of `householdsSql`. */
export const HOUSEHOLD_COLUMNS = "household_id, household_no, head_name, home_region, kind, per_capita_income_fen";

/** SQL: the households of the assessed rows `adopted` (of `a`), each as its first row says. Sorting a province's takes four seconds. */
export function householdsSql(definition: LedgerKindDefinition, assessed: string, adopted: string): string {
  const income = stageColumns(definition).some(({ name }) => name === "per_capita_income_fen");
  return `SELECT DISTINCT ON (id) id AS household_id, a.household_no, a.head_name, coalesce(a.home_region, a.held_region) AS home_region,
      CASE a.category WHEN 'lifted-from-poverty' THEN 'lifted-from-poverty' WHEN 'monitored' THEN 'monitored' WHEN 'rural-low-income' THEN 'low-income' WHEN 'relocated' THEN 'relocated' END AS kind,
      ${income ? "a.per_capita_income_fen" : "NULL::bigint"} AS per_capita_income_fen
    FROM ${assessed} a CROSS JOIN LATERAL (SELECT CASE WHEN a.new_person THEN a.household_id ELSE ledger.household_id(a.household_no, left(coalesce(a.home_region, a.held_region), 6)) END AS id) h
    WHERE a.household_no IS NOT NULL AND (a.new_person OR 'household_id' = ANY(a.person_adopt)) AND ${adopted}
    ORDER BY id, a.sheet, a.row_no`;
}
