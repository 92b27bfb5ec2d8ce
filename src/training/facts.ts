import type { FactSource } from "#kernel/contract";
import { TRAINING_ENROLMENTS } from "#policy";
import { personFactsSql } from "#registry";

/**
 * While a class runs nobody can have passed it: until its last day only the class itself can meet the standard, so that a trainee is
 * 未到期 and not 待核实. A class without an end day is judged by its trainees.
 */
const MEETS_STANDARD = "CASE WHEN s.ended_on > {{as_of}} THEN s.meets_standard ELSE s.meets_standard AND s.passed END";

const enrolments = `SELECT s.enrolment_id, s.person_id, s.provider_id, s.region AS county, s.training_kind, s.occupation, s.payment_mode,
  ${MEETS_STANDARD} AS meets_standard, s.started_on, s.ended_on, s.held_together, s.days_attended::bigint AS days_attended,
  s.level_reached, s.rural_worker, s.returnee, s.local_founder,
  s.region AS row_region, s.person_id AS row_person,
  ${personFactsSql({ person: "p", on: "s.started_on", fields: ["lifted_from_poverty", "birth_date", "sex"] })}
FROM (SELECT e.enrolment_id, e.person_id, e.days_attended, e.passed, e.level_reached, e.rural_worker, e.returnee, e.local_founder, c.county AS region, c.provider_id, c.training_kind, c.occupation, c.payment_mode, c.meets_standard, c.held_together, c.started_on, c.ended_on
  FROM training.enrolment e JOIN training.training_class c ON c.class_id = e.class_id) s
JOIN registry.person p ON p.person_id = s.person_id
WHERE {{scope}}`;

/** Training as facts for rules: one row a person and class, in the county where the class is held. */
export const trainingFacts: readonly FactSource[] = [{ ...TRAINING_ENROLMENTS, sql: enrolments }];
