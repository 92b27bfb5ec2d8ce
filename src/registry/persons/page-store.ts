import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { employerSeen } from "../employers/store.ts";
import { within, type Scope } from "../scope.ts";

/** Enough for fifty years of monthly rows of several kinds; more is damage, not a life. */
const MOST_ROWS = 1_000;
const MOST_CHANGES_FOR_ORIGINS = 500;

export function personById(tx: Tx, scope: Scope, personId: string) {
  return tx
    .selectFrom("registry.person as p")
    .selectAll("p")
    .where("p.person_id", "=", personId)
    .where(within("p.home_region", scope))
    .executeTakeFirst();
}
export type StoredPerson = NonNullable<Awaited<ReturnType<typeof personById>>>;

export function categoriesOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.person_category")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("valid_from")
    .execute();
}
export type StoredCategory = Awaited<ReturnType<typeof categoriesOf>>[number];

/** Newest first. The registered employer is named only where the asker may see it. */
export function employmentsOf(tx: Tx, scope: Scope, personId: string) {
  return tx
    .selectFrom("registry.employment as e")
    .leftJoin("registry.employer_alias as a", "a.name_key", "e.employer_key")
    .leftJoin("registry.employer as r", (join) =>
      join.onRef("r.employer_id", "=", "a.employer_id").on(employerSeen("r", scope)),
    )
    .selectAll("e")
    .select("r.employer_id")
    .where("e.person_id", "=", personId)
    .orderBy("e.start_date", "desc")
    .limit(MOST_ROWS)
    .execute();
}
export type StoredEmployment = Awaited<ReturnType<typeof employmentsOf>>[number];

export function contractsOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.contract")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("start_date", "desc")
    .limit(MOST_ROWS)
    .execute();
}
export type StoredContract = Awaited<ReturnType<typeof contractsOf>>[number];

export function insuranceOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.insurance_month")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("month", "desc")
    .orderBy("kind")
    .limit(MOST_ROWS)
    .execute();
}
export type StoredInsurance = Awaited<ReturnType<typeof insuranceOf>>[number];

export function wagesOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.wage_month")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("month", "desc")
    .limit(MOST_ROWS)
    .execute();
}
export type StoredWage = Awaited<ReturnType<typeof wagesOf>>[number];

export function otherRecordsOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.other_record")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("month", "desc")
    .limit(MOST_ROWS)
    .execute();
}
export type StoredOtherRecord = Awaited<ReturnType<typeof otherRecordsOf>>[number];

export function groundsOf(tx: Tx, personId: string) {
  return tx
    .selectFrom("registry.person_access")
    .selectAll()
    .where("person_id", "=", personId)
    .orderBy("valid_from", "desc")
    .limit(MOST_ROWS)
    .execute();
}

export async function countKeysOf(tx: Tx, personId: string): Promise<number> {
  const { keys } = await tx
    .selectFrom("registry.person_key")
    .select((eb) => eb.fn.countAll<string>().as("keys"))
    .where("person_id", "=", personId)
    .executeTakeFirstOrThrow();
  return Number(keys);
}

/** `labourers`: members of working age by capacity, whoever is registered in the household. */
export async function householdSummaryOf(tx: Tx, scope: Scope, householdId: string) {
  return tx
    .selectFrom("registry.household as h")
    .select(["h.household_id", "h.household_no", "h.head_name"])
    .select((eb) => [
      eb
        .selectFrom("registry.person as m")
        .select((m) => m.fn.countAll<string>().as("n"))
        .whereRef("m.household_id", "=", "h.household_id")
        .where("m.life_state", "=", "active")
        .where(within("m.home_region", scope))
        .as("members"),
      eb
        .selectFrom("registry.person as m")
        .select((m) => m.fn.countAll<string>().as("n"))
        .whereRef("m.household_id", "=", "h.household_id")
        .where("m.life_state", "=", "active")
        .where(within("m.home_region", scope))
        .where("m.labour_capacity", "not in", ["none", "lost"])
        .as("labourers"),
    ])
    .where("h.household_id", "=", householdId)
    .where(within("h.home_region", scope))
    .executeTakeFirst();
}

/** Newest first; `day` is the business day of the change, or the Chinese calendar day where it kept none, as a batch's do (`attributeChanges`). */
export function changesOf(tx: Tx, personId: string, limit = MOST_CHANGES_FOR_ORIGINS, offset = 0) {
  return tx
    .selectFrom("registry.change as c")
    .selectAll("c")
    .select(sql<string>`coalesce(c.after ->> 'recorded_on', (c.at AT TIME ZONE 'Asia/Shanghai')::date::text)`.as("day"))
    .where("c.person_id", "=", personId)
    .orderBy("c.change_id", "desc")
    .limit(limit)
    .offset(offset)
    .execute();
}
export type StoredChange = Awaited<ReturnType<typeof changesOf>>[number];

export async function countChangesOf(tx: Tx, personId: string): Promise<number> {
  const { changes } = await tx
    .selectFrom("registry.change")
    .select((eb) => eb.fn.countAll<string>().as("changes"))
    .where("person_id", "=", personId)
    .executeTakeFirstOrThrow();
  return Number(changes);
}
