import { ageOn } from "../../platform/dates/index.ts";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { toComparisonRows } from "../comparisons/rows.ts";
import { listStoredComparisons } from "../comparisons/store.ts";
import { personCategory } from "../dictionaries/index.ts";
import { labelOfId } from "../fields.ts";
import { regionNames } from "../regions/store.ts";
import { sourceLabel } from "../sources.ts";
import type { Scope } from "../scope.ts";
import { attributeChanges, toChangeRows } from "./changes.ts";
import type { AccessGround, InsuranceStatus, LifeState, WorkState } from "./contract.ts";
import { crossChecksOf } from "./cross-checks.ts";
import { shownColumn, textOf, valueOrigins, type OriginRow } from "./origins.ts";
import type { PersonPage } from "./page-contract.ts";
import {
  categoriesOf,
  changesOf,
  contractsOf,
  countKeysOf,
  employmentsOf,
  groundsOf,
  householdSummaryOf,
  insuranceOf,
  otherRecordsOf,
  personById,
  wagesOf,
} from "./page-store.ts";
import { idleDaysOn, timelineOf } from "./timeline.ts";
import { registryFields, type RegistryEntity } from "../fields.ts";

const MOST_COMPARISONS = 100;
/** Spells whose values are traced: the current one and the one before it, as the officer's questions are about these. */
const TRACED_SPELLS = 2;

interface StoredProvenance {
  readonly source: number;
  readonly recorded_on: string;
  readonly batch_id: string | null;
}

function provenance(row: StoredProvenance) {
  return {
    source: row.source,
    sourceLabel: sourceLabel(row.source),
    recordedOn: row.recorded_on,
    batchId: row.batch_id,
  };
}

/** 一人一档: everything the registry knows of one person. Refuses when the person's home lies outside the scope. */
export async function personPageOf(
  tx: Tx,
  scope: Scope,
  personId: string,
  businessDate: string,
  services: Pick<Services, "batchOrigins">,
): Promise<PersonPage> {
  const person = (await personById(tx, scope, personId)) ?? refuse(platformProblems.notFound("此人"));
  const categories = await categoriesOf(tx, personId);
  const spells = await employmentsOf(tx, scope, personId);
  const contracts = await contractsOf(tx, personId);
  const insurance = await insuranceOf(tx, personId);
  const wages = await wagesOf(tx, personId);
  const otherRecords = await otherRecordsOf(tx, personId);
  const grounds = await groundsOf(tx, personId);
  const changes = await attributeChanges(services, await changesOf(tx, personId));
  const household = person.household_id === null ? undefined : await householdSummaryOf(tx, scope, person.household_id);
  const comparisons = await listStoredComparisons(tx, scope, { personId }, businessDate, {
    page: 1,
    size: MOST_COMPARISONS,
  });
  const nameOf = await regionNames(tx, [
    person.home_region,
    person.residence_region,
    ...spells.map((row) => row.work_region),
    ...insurance.map((row) => row.insured_region),
    ...grounds.map((row) => row.region),
    ...comparisons.rows.flatMap((row) => [row.held_value, row.claimed_value]),
    ...changes.flatMap((row) => regionCodesIn(row.before)),
  ]);
  const optionalName = (code: string | null) => (code === null ? null : nameOf(code));

  const facts = {
    employments: spells.map((row) => ({
      employmentId: row.employment_id,
      employerName: row.employer_name,
      employerId: row.employer_id,
      workRegion: optionalName(row.work_region),
      startDate: row.start_date,
      startPrecision: row.start_precision as "day" | "month",
      endDate: row.end_date,
      endPrecision: row.end_precision as "day" | "month" | null,
      endReason: row.end_reason,
      form: row.form,
      channel: row.channel,
      industry: row.industry,
      occupation: row.occupation,
      monthlyWageFen: fenOf(row.monthly_wage_fen),
      ...provenance(row),
    })),
    contracts: contracts.map((row) => ({
      employerName: row.employer_name,
      startDate: row.start_date,
      endDate: row.end_date,
      kind: row.kind,
      signedOn: row.signed_on,
      monthlyWageFen: fenOf(row.monthly_wage_fen),
      ...provenance(row),
    })),
    insurance: insurance.map((row) => ({
      month: row.month.slice(0, 7),
      kind: row.kind,
      employerName: row.employer_name,
      insuredRegion: optionalName(row.insured_region),
      baseFen: fenOf(row.base_fen),
      employerPartFen: fenOf(row.employer_part_fen),
      personPartFen: fenOf(row.person_part_fen),
      status: row.status as InsuranceStatus,
      ...provenance(row),
    })),
    wages: wages.map((row) => ({
      month: row.month.slice(0, 7),
      employerName: row.employer_name,
      amountFen: Number(row.amount_fen),
      paidOn: row.paid_on,
      method: row.method,
      ...provenance(row),
    })),
    otherRecords: otherRecords.map((row) => ({
      title: row.title,
      month: row.month.slice(0, 7),
      content: Object.entries(row.content as Record<string, unknown>).map(([label, value]) => ({
        label,
        value: textOf(value) ?? "",
      })),
      ...provenance(row),
    })),
  };
  const changeRows = await toChangeRows(tx, changes);
  return {
    person: {
      personId,
      version: person.version,
      name: person.name,
      sex: person.sex,
      birthDate: person.birth_date,
      age: person.birth_date === null ? null : ageOn(person.birth_date, businessDate),
      ethnicity: person.ethnicity,
      education: person.education,
      maritalStatus: person.marital_status,
      identityKind: person.identity_kind,
      identityMask: person.identity_mask,
      home: nameOf(person.home_region),
      residence: optionalName(person.residence_region),
      relationToHead: person.relation_to_head,
      labourCapacity: person.labour_capacity,
      health: person.health,
      jobWilling: person.job_willing,
      trainingWilling: person.training_willing,
      desiredRegion: person.desired_region,
      desiredJob: person.desired_job,
      skills: person.skills,
      address: person.address,
      phoneMask: person.phone_mask,
      bankMask: person.bank_mask,
      workState: person.work_state as WorkState,
      lifeState: person.life_state as LifeState,
      ...provenance(person),
    },
    household: household
      ? {
          householdId: household.household_id,
          householdNo: household.household_no,
          headName: household.head_name,
          members: Number(household.members),
          labourers: Number(household.labourers),
        }
      : null,
    categories: categories.map((row) => ({
      category: row.category,
      validFrom: row.valid_from,
      validFromPrecision: row.valid_from_precision as "day" | "month" | "year",
      validTo: row.valid_to,
      detail: row.detail,
      ...provenance(row),
    })),
    ...facts,
    comparisons: await toComparisonRows(tx, comparisons.rows, businessDate),
    values: valueOrigins(
      [
        originRow("person", {}, "", person),
        ...spells
          .slice(0, TRACED_SPELLS)
          .map((row) =>
            originRow(
              "employment",
              { employment_id: row.employment_id },
              `${row.employer_name} ${row.start_date} 起`,
              row,
            ),
          ),
        ...categories.map((row) =>
          originRow(
            "person_category",
            { category: row.category, valid_from: row.valid_from },
            labelOfId(personCategory, row.category),
            row,
          ),
        ),
      ],
      changes.map((row) => ({
        entity: row.entity,
        entityKey: row.entity_key as Record<string, unknown>,
        before: (row.before ?? {}) as Record<string, unknown>,
        after: (row.after ?? {}) as Record<string, unknown>,
        source: row.source,
        day: row.day,
      })),
      comparisons.rows.map((row) => ({
        entity: row.entity,
        entityKey: row.entity_key as Record<string, unknown>,
        field: row.field,
        claimed: row.claimed_value,
        claimedSource: row.claimed_source,
        state: row.state,
        day: row.raised_on,
      })),
      crossChecksOf(spells, insurance, wages),
      (code) => nameOf(code).fullName,
    ),
    timeline: timelineOf(facts, changeRows),
    idleDays: idleDaysOn(facts.employments, businessDate),
    grounds: grounds.map((row) => ({
      ground: row.ground as AccessGround,
      region: nameOf(row.region),
      validFrom: row.valid_from,
      validTo: row.valid_to,
    })),
    identityKeys: await countKeysOf(tx, personId),
  };
}

function fenOf(value: string | null): number | null {
  return value === null ? null : Number(value);
}

function originRow(
  entity: RegistryEntity,
  entityKey: Readonly<Record<string, string>>,
  about: string,
  row: StoredProvenance & { readonly cell_sources: unknown },
): OriginRow {
  const columns: Record<string, unknown> = { ...row };
  // A spell without an end goes on, which is a statement of its source too.
  if (entity === "employment") columns["end_date"] ??= "ongoing";
  return {
    entity,
    entityKey,
    about,
    values: Object.fromEntries(
      Object.keys(registryFields[entity])
        .filter((field) => shownColumn(entity, field) in columns && !BOOKKEEPING.has(field))
        .map((field) => [field, textOf(columns[shownColumn(entity, field)])]),
    ),
    source: row.source,
    cellSources: (row.cell_sources ?? {}) as Record<string, number>,
    recordedOn: row.recorded_on,
  };
}

/** Fields whose values say nothing to a reader: an id, or what follows from other values. */
const BOOKKEEPING: ReadonlySet<string> = new Set(["household_id", "work_state", "life_state"]);

function regionCodesIn(before: unknown): (string | null)[] {
  const values = (before ?? {}) as Record<string, unknown>;
  return ["home_region", "residence_region", "work_region"].map((column) => textOf(values[column]));
}
