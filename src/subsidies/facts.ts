import type { FactSource } from "#kernel/contract";
import { ASSISTED_PERSONS, ENTERPRISE_MONTHS, FLEXIBLE_MONTHS, WORK_TRAINING_MONTHS } from "#policy";
import { continuousSpellsSql, countySql, personFactsSql, type EmployerKind, type EmploymentForm } from "#registry";
import { monthEndSql, monthOfSql } from "../platform/db/months.ts";
import { moneyCheckFacts } from "./check-facts.ts";
import { LINKED_SPELLS, spellOnSql } from "./spells.ts";

/** Of persons on the list; those who moved away or died are nobody's to assist. */
const assistedPersons = `SELECT s.person_id, s.region AS row_region, s.person_id AS row_person, ${personFactsSql({
  person: "s",
  on: "{{as_of}}",
  fields: ["able_to_work", "willing_to_work", "lifted_from_poverty", "marginal", "home_county", "birth_date", "sex"],
})}
FROM (SELECT p.*, p.home_region AS region FROM registry.person p WHERE p.life_state = 'active') s
WHERE {{scope}}`;

/**
 * What was paid of one kind in a month's rows `i`. Kinds come from two agencies, pension and unemployment from one, medical from another:
 * where one has sent anything for the person and month, its other kinds are known to be unpaid; where it has not, nothing is known.
 * Owed and deferred contributions are not paid.
 */
function paidSql(part: "employer_part_fen" | "person_part_fen"): string {
  const paid = (kind: string, agency: readonly string[]) =>
    `CASE WHEN bool_or(i.kind IN (${agency.map((one) => `'${one}'`).join(", ")}))
      THEN coalesce(sum(i.${part}) FILTER (WHERE i.kind = '${kind}' AND i.status = 'paid'), 0)::bigint END AS ${kind}_paid`;
  const social = ["pension", "unemployment", "work-injury"];
  return [paid("pension", social), paid("medical", ["medical", "maternity"]), paid("unemployment", social)].join(
    ",\n      ",
  );
}

const ENTERPRISE_KINDS: Record<EmployerKind, string> = {
  enterprise: "企业",
  cooperative: "合作社",
  "family-farm": "其他",
  "sole-trader": "个体工商户",
  workshop: "其他",
  "public-body": "机关事业单位",
  other: "其他",
};
const PRODUCER_KINDS: Record<EmployerKind, string> = {
  enterprise: "企业",
  cooperative: "农村专业合作社",
  "family-farm": "其他生产经营主体",
  "sole-trader": "其他生产经营主体",
  workshop: "就业帮扶车间",
  "public-body": "机关事业单位",
  other: "其他生产经营主体",
};
const kindSql = (kind: string, words: Record<EmployerKind, string>) =>
  `CASE ${kind} ${Object.entries(words)
    .map(([id, word]) => `WHEN '${id}' THEN '${word}'`)
    .join(" ")} END`;

/** The office's last decision on somebody's contributions with an employer; without one, as flexibly employed. */
const reviewSql = (person: string, employer: string) => `LEFT JOIN LATERAL (
  SELECT v.meets_cited, v.rural_worker, v.founded_by_returnee, v.meets_returnee_rules FROM subsidies.insurance_review v
  WHERE v.person_id = ${person} AND v.employer_id ${employer} ORDER BY v.decided_on DESC, v.insurance_review_id DESC LIMIT 1
) review ON true`;

/**
 * Months for which somebody's contributions with an employer are on record; spells with other employers, which are most, are not looked
 * at. The spell is the one that the month falls into, or the last before it, or, before any, the first. The contract is the one filed
 * that covers the month, or the last before it: what was filed is lawfully signed, and of what was not filed nothing is known.
 */
const enterpriseMonths = `SELECT sp.employment_id, sp.person_id, sp.employer_id, ${kindSql("sp.kind", ENTERPRISE_KINDS)} AS employer_kind, ${countySql("sp.region")} AS employer_county,
  ${countySql("sp.region")} AS row_region, sp.person_id AS row_person, sp.lifted_from_poverty, sp.birth_date, sp.sex,
  CASE WHEN c.start_date IS NOT NULL THEN true END AS contract_lawful, c.kind LIKE '无固定期限%' AS contract_open_ended, c.start_date AS contract_from, c.end_date AS contract_to,
  sp.started_on, sp.ended_on, m.month, m.pension_paid, m.medical_paid, m.unemployment_paid,
  review.meets_cited, review.founded_by_returnee, review.meets_returnee_rules
FROM (
  SELECT w.*, CASE WHEN w.turn > 1 THEN w.started_on END AS since, ${personFactsSql({ person: "p", on: "w.started_on", fields: ["lifted_from_poverty", "birth_date", "sex"] })}
  FROM (
    SELECT spell.*, row_number() OVER turns AS turn, lead(spell.started_on) OVER turns AS next_on
    FROM (${continuousSpellsSql({
      spells: `SELECT s.* FROM (${LINKED_SPELLS}) s WHERE {{scope}} AND EXISTS (
        SELECT 1 FROM registry.insurance_month i JOIN registry.employer_alias n ON n.name_key = i.employer_key
        WHERE i.person_id = s.person_id AND n.employer_id = s.employer_id)`,
      by: ["person_id", "employer_id", "region", "kind"],
    })}) spell WINDOW turns AS (PARTITION BY spell.person_id, spell.employer_id ORDER BY spell.started_on)
  ) w JOIN registry.person p ON p.person_id = w.person_id OFFSET 0
) sp
CROSS JOIN LATERAL (
  SELECT i.month,
      ${paidSql("employer_part_fen")}
  FROM registry.insurance_month i JOIN registry.employer_alias n ON n.name_key = i.employer_key AND n.employer_id = sp.employer_id
  WHERE i.person_id = sp.person_id AND i.month <= {{as_of}}
    AND (sp.since IS NULL OR i.month >= ${monthOfSql("sp.since")}) AND (sp.next_on IS NULL OR i.month < ${monthOfSql("sp.next_on")})
  GROUP BY i.month
) m
LEFT JOIN LATERAL (
  SELECT k.start_date, k.end_date, k.kind FROM registry.contract k JOIN registry.employer_alias n ON n.name_key = k.employer_key AND n.employer_id = sp.employer_id
  WHERE k.person_id = sp.person_id AND k.start_date <= ${monthEndSql("m.month")} ORDER BY k.start_date DESC LIMIT 1
) c ON true
${reviewSql("sp.person_id", "= sp.employer_id")}`;

const FLEXIBLE = ["flexible", "new-form"] satisfies EmploymentForm[];
const flexibleSpells = `SELECT e.person_id, e.employment_id, e.start_date, e.end_date, e.work_region, ${countySql("e.work_region")} AS county
      FROM registry.employment e WHERE e.form IN (${FLEXIBLE.map((form) => `'${form}'`).join(", ")})`;

/**
 * Months for which somebody paid contributions of their own, from the first flexible employment on. Of several counties the month belongs
 * to the one worked in during it, last begun first; hence all of a person's flexible spells are looked at, whatever the scope. Ledgers do
 * not tell the forms of flexible employment apart: 其他形式.
 */
const flexibleMonths = `SELECT s.person_id, s.month, s.region AS county, s.started_on, '其他形式'::text AS form, s.recorded, s.pension_paid, s.medical_paid, s.unemployment_paid,
  s.region AS row_region, s.person_id AS row_person, review.rural_worker, review.meets_cited,
  ${personFactsSql({ person: "p", on: "s.started_on", fields: ["lifted_from_poverty", "birth_date", "sex"] })}
FROM (
  SELECT DISTINCT ON (f.person_id, m.month) f.person_id, f.county AS region, f.started_on, m.*, f.ended_on IS NULL OR f.ended_on >= m.month AS recorded
  FROM (${continuousSpellsSql({
    spells: `SELECT * FROM (${flexibleSpells}) own WHERE own.person_id IN (
        SELECT s.person_id FROM (SELECT flexible.person_id, flexible.county AS region FROM (${flexibleSpells}) flexible) s WHERE {{scope}})`,
    by: ["person_id", "county"],
  })}) f
  CROSS JOIN LATERAL (
    SELECT i.month,
      ${paidSql("person_part_fen")}
    FROM registry.insurance_month i
    WHERE i.person_id = f.person_id AND coalesce(i.employer_part_fen, 0) = 0 AND i.month BETWEEN ${monthOfSql("f.started_on")} AND {{as_of}}
    GROUP BY i.month
  ) m
  ORDER BY f.person_id, m.month, f.ended_on IS NULL OR f.ended_on >= m.month DESC, f.started_on DESC, f.county
) s
JOIN registry.person p ON p.person_id = s.person_id
${reviewSql("s.person_id", "IS NULL")}
WHERE {{scope}}`;

/** Months of the training roster. Where the ledger knows no employment with the employer the row has a number of its own, below zero. */
const workTrainingMonths = `SELECT coalesce(sp.employment_id, -s.work_training_id) AS employment_id, s.person_id, s.employer_id, ${kindSql("s.kind", PRODUCER_KINDS)} AS employer_kind, ${countySql("s.region")} AS employer_county,
  sp.started_on, sp.ended_on, s.month_from, s.trained, s.reviewed, s.meets_cited, ${countySql("s.region")} AS row_region, s.person_id AS row_person,
  ${personFactsSql({ person: "p", on: "sp.started_on", fields: ["lifted_from_poverty", "birth_date", "sex"] })}
FROM (SELECT t.work_training_id, t.person_id, t.employer_id, t.month_from, t.trained, t.reviewed, t.meets_cited, r.region, r.kind
  FROM subsidies.work_training t JOIN registry.employer r ON r.employer_id = t.employer_id) s
JOIN registry.person p ON p.person_id = s.person_id
LEFT JOIN LATERAL (${spellOnSql("s.person_id", "s.employer_id", "s.month_from")}) sp ON true
WHERE {{scope}}`;

/** What spells, contracts and contributions of the registry say to rules about subsidies, and the money itself to checks. */
export const subsidiesFacts: readonly FactSource[] = [
  { ...ASSISTED_PERSONS, sql: assistedPersons },
  { ...ENTERPRISE_MONTHS, sql: enterpriseMonths },
  { ...FLEXIBLE_MONTHS, sql: flexibleMonths },
  { ...WORK_TRAINING_MONTHS, sql: workTrainingMonths },
  ...moneyCheckFacts,
];
