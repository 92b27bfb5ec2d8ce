import { labourCapacity, monitoringKind, type LabourCapacity, type PersonCategory } from "./dictionaries/index.ts";

/**
 * What the registry knows of a person, as columns for the fact sources of other domains: one text for all, so that a rule over
 * introductions and one over placements never mean two things by 脱贫人口. The columns bear the names of `personFields` (policy).
 */
export const personFacts = [
  "lifted_from_poverty",
  "monitored",
  "marginal",
  "disabled",
  "rural_low_income",
  "home_county",
  "home_township",
  "residence_county",
  "residence_township",
  "birth_date",
  "sex",
  "able_to_work",
  "willing_to_work",
] as const;
export type PersonFact = (typeof personFacts)[number];

/** Which rows of registry.person_category make a person one. 脱贫享受政策人口 are part of 脱贫人口; 边缘易致贫户 is one of three kinds of 监测对象 and listed under either name. */
const CATEGORIES = {
  lifted_from_poverty: isOneOf("lifted-from-poverty", "lifted-with-policy"),
  monitored: isOneOf("monitored"),
  marginal: `(${isOneOf("marginal-poverty-prone")} OR (${isOneOf("monitored")} AND c.detail = '${monitoringKind.labels.marginal}'))`,
  disabled: isOneOf("disabled-rural"),
  rural_low_income: isOneOf("rural-low-income"),
} as const satisfies Partial<Record<PersonFact, string>>;

const WITHOUT_CAPACITY = ["lost", "none"] satisfies LabourCapacity[];
const WITH_CAPACITY = labourCapacity.ids.filter(
  (capacity) => !WITHOUT_CAPACITY.some((without) => without === capacity),
);

/** Digits of a division's code at a level; a home known only to a higher level has no county. */
const COUNTY = 6;
const TOWNSHIP = 9;

export interface PersonFactsOptions {
  /** Alias of registry.person. It may come from an outer join: then every fact is missing. */
  readonly person: string;
  /** SQL date on which categories are tested (AMB-07), e.g. `i.started_on`. Missing: categories are unknown. */
  readonly on: string;
  readonly fields: readonly PersonFact[];
}

/**
 * SELECT list, `… AS lifted_from_poverty, p.birth_date AS birth_date, …`. Of a person whom some list has named under any category, each
 * category is known, because lists are handed over whole (HN10-13); of one whom no list names, none is. Both ends of a category count.
 */
export function personFactsSql({ person, on, fields }: PersonFactsOptions): string {
  return fields.map((field) => `${factSql(field, person, on)} AS ${field}`).join(",\n  ");
}

/** One fact without a name, for the conditions of a source's own. Boolean; missing as in `personFactsSql`. */
export function isInCategorySql(category: keyof typeof CATEGORIES, person: string, on: string): string {
  return `CASE WHEN (${on}) IS NOT NULL THEN (SELECT bool_or(${CATEGORIES[category]} AND c.valid_from <= (${on}) AND (c.valid_to IS NULL OR c.valid_to >= (${on})))
    FROM registry.person_category c WHERE c.person_id = ${person}.person_id) END`;
}

function factSql(field: PersonFact, person: string, on: string): string {
  switch (field) {
    case "home_county":
      return divisionSql(`${person}.home_region`, COUNTY);
    case "home_township":
      return divisionSql(`${person}.home_region`, TOWNSHIP);
    case "residence_county":
      return divisionSql(`${person}.residence_region`, COUNTY);
    case "residence_township":
      return divisionSql(`${person}.residence_region`, TOWNSHIP);
    case "birth_date":
      return `${person}.birth_date`;
    case "sex":
      return `CASE ${person}.sex WHEN 1 THEN '男' WHEN 2 THEN '女' END`;
    case "able_to_work":
      return `CASE WHEN ${person}.labour_capacity IN (${quoted(WITH_CAPACITY)}) THEN true WHEN ${person}.labour_capacity IN (${quoted(WITHOUT_CAPACITY)}) THEN false END`;
    case "willing_to_work":
      return `${person}.job_willing`;
    case "lifted_from_poverty":
    case "monitored":
    case "marginal":
    case "disabled":
    case "rural_low_income":
      return isInCategorySql(field, person, on);
  }
}

/** County of a division's code; missing where only a higher level is known. */
export const countySql = (region: string): string => divisionSql(region, COUNTY);

function divisionSql(region: string, digits: number): string {
  return `CASE WHEN length(${region}) >= ${digits} THEN left(${region}, ${digits}) END`;
}

export interface ContinuousSpellsOptions {
  /**
   * SELECT of spells (rows of registry.employment) with `employment_id, start_date, end_date, work_region` and the columns of `by`;
   * bounded by the caller to the persons in question.
   */
  readonly spells: string;
  /** What spells must share to be one, e.g. `["person_id", "employer_id"]`. */
  readonly by: readonly string[];
  /** AMB-05: days without work that do not interrupt. */
  readonly maxGapDays?: number;
}

/**
 * 就业 without gaps (AMB-05): spells that overlap or follow one another become one. A SELECT with the columns of `by`, `employment_id` (of
 * the first spell; unique only together with the person), `started_on`, `ended_on` (NULL: still running), and `work_region`, NULL
 * where its spells lie in different counties. Months stand for their first and last day, as the registry keeps them.
 */
export function continuousSpellsSql({ spells, by, maxGapDays = 0 }: ContinuousSpellsOptions): string {
  const columns = by.join(", ");
  const inOrder = `PARTITION BY ${columns} ORDER BY start_date, employment_id`;
  const before = `max(coalesce(end_date, 'infinity'::date)) OVER (${inOrder} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
  return `SELECT ${columns}, (array_agg(employment_id ORDER BY start_date, employment_id))[1] AS employment_id,
    min(start_date) AS started_on, CASE WHEN bool_and(end_date IS NOT NULL) THEN max(end_date) END AS ended_on,
    CASE WHEN count(work_region) = count(*) AND min(left(work_region, ${COUNTY})) = max(left(work_region, ${COUNTY})) THEN min(work_region) END AS work_region
  FROM (SELECT *, count(*) FILTER (WHERE begins) OVER (${inOrder}) AS part
    FROM (SELECT *, coalesce(start_date > ${before} + ${1 + maxGapDays}, true) AS begins FROM (${spells}) spell) marked) parted
  GROUP BY ${columns}, part`;
}

function isOneOf(...categories: PersonCategory[]): string {
  return `c.category IN (${quoted(categories)})`;
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(", ");
}
