import type { FactSource } from "#kernel/contract";
import { BASE_RECOGNITIONS, RELIEF_PROJECT_STAGES } from "#policy";
import { countySql } from "#registry";
import { workshopAbsorptions } from "./absorptions.ts";

/** What a province recognised in a year is counted over the whole province, whatever the scope: how many there are is asked of each (AMB-30). */
const baseRecognitions = `SELECT r.recognition_id, r.carrier_id AS base_id, ${countySql("c.county")} AS county,
  r.applied, r.well_managed, r.responsible, r.suitable, r.directed, r.absorbs_many, r.retains_well,
  r.recognised_on, y.recognised AS recognised_that_year, r.region AS row_region, r.person_id AS row_person
FROM (SELECT s.* FROM (SELECT a.*, NULL::bigint AS person_id FROM carriers.recognition a WHERE a.level = '省级') s WHERE {{scope}}) r
JOIN carriers.carrier c ON c.carrier_id = r.carrier_id AND c.kind = '就业帮扶基地'
LEFT JOIN (
  SELECT left(o.county, 2) AS province, date_part('year', n.recognised_on) AS year, count(DISTINCT n.carrier_id) AS recognised
  FROM carriers.recognition n JOIN carriers.carrier o ON o.carrier_id = n.carrier_id AND o.kind = '就业帮扶基地'
  WHERE n.level = '省级' GROUP BY 1, 2
) y ON y.province = left(c.county, 2) AND y.year = date_part('year', r.recognised_on)`;

const reliefProjectStages = `SELECT t.project_id, t.stage, t.checked_on, ${countySql("p.county")} AS county, p.kind AS project_kind,
  t.labour_pay, t.local_labour_pay, p.central_funds, p.provincial_funds, p.local_funds, t.paid_in_full,
  t.local_workers::bigint AS local_workers, t.assisted_workers::bigint AS assisted_workers,
  t.region AS row_region, t.person_id AS row_person
FROM (SELECT s.* FROM (SELECT a.*, NULL::bigint AS person_id FROM carriers.relief_project_stage a) s WHERE {{scope}}) t
JOIN carriers.relief_project p ON p.project_id = t.project_id`;

export const carriersFacts: readonly FactSource[] = [
  { ...BASE_RECOGNITIONS, sql: baseRecognitions },
  { ...RELIEF_PROJECT_STAGES, sql: reliefProjectStages },
  workshopAbsorptions,
];
