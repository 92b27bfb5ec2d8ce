import { sql } from "kysely";
import { employerKey, type IdentityKind } from "#registry";
import type { Tx } from "../platform/db/database.ts";

/** Rows of a demonstration; nobody in them exists. */

export interface Original {
  readonly person_id: string;
  readonly name: string;
  readonly sex: number | null;
  readonly birth_date: string | null;
  readonly home_region: string;
  readonly secret: Buffer;
}

export async function demoCounties(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{
    county: string;
  }>`SELECT DISTINCT left(home_region, 6) AS county FROM registry.person WHERE length(home_region) = 12 ORDER BY 1`.execute(
    tx,
  );
  return rows.map(({ county }) => county);
}

/** Some grown-up persons of a county, the same at every start. */
export async function originalsOf(tx: Tx, county: string, count: number): Promise<Original[]> {
  const { rows } = await sql<Original>`
    SELECT person_id, name, sex, birth_date, home_region, secret FROM registry.person
    WHERE home_region >= ${county} AND home_region < ${county} || ':' AND length(home_region) = 12 AND birth_date BETWEEN '1965-01-01' AND '2000-01-01' AND phone_hash IS NOT NULL AND identity_kind = 'resident-id'
      AND substr(identity_mask, 15, 1) BETWEEN '0' AND '9' ORDER BY person_id LIMIT ${count}`.execute(tx);
  return rows;
}

export async function isWellKnown(tx: Tx, village: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM registry.region WHERE code = ${village} AND valid_to IS NULL`.execute(tx);
  return rows.length > 0;
}

export interface Copy {
  readonly personId: string;
  readonly keyHash: string;
  readonly kind: IdentityKind;
  readonly mask: string;
  readonly secret: Buffer;
  readonly home: string;
  readonly name: string;
  readonly sex: number | null;
  readonly birthDate: string | null;
  readonly householdId: string | null;
}

const EMPLOYER = "村口砖厂";

/** A second record: what a village wrote down of somebody who was known already, with the spell that it reported. */
export async function addCopy(tx: Tx, original: Original, copy: Copy): Promise<void> {
  await sql`
    INSERT INTO registry.person (person_id, name, sex, birth_date, ethnicity, identity_kind, identity_mask, home_region, household_id, labour_capacity, job_willing, address,
      phone_mask, phone_hash, phone_tail, bank_mask, bank_hash, work_state, secret, recorded_on, source)
    SELECT ${copy.personId}, ${copy.name}, ${copy.sex}, ${copy.birthDate}, ethnicity, ${copy.kind}, ${copy.mask}, ${copy.home}, ${copy.householdId}, labour_capacity, job_willing, '村口第二排',
      phone_mask, phone_hash, phone_tail, bank_mask, bank_hash, 'working', ${copy.secret}, recorded_on, 8
    FROM registry.person WHERE person_id = ${original.person_id} ON CONFLICT DO NOTHING`.execute(tx);
  await sql`INSERT INTO registry.person_key (key_hash, person_id, kind, home_region) VALUES (${copy.keyHash}, ${copy.personId}, ${copy.kind}, ${copy.home}) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
  await sql`
    INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, work_region, start_date, form, home_region, recorded_on, source)
    SELECT ${copy.personId}, (${copy.personId}::bigint % 1000000000) + 1, ${employerKey(EMPLOYER)}, ${EMPLOYER}, left(${copy.home}, 6), recorded_on - 60, 'flexible', ${copy.home}, recorded_on, 8 FROM registry.person WHERE person_id = ${original.person_id} ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

/** By county, so that the area code is the one of the place. */
const CONTACTS: Readonly<Record<string, readonly [office: string, name: string, phone: string]>> = {
  "433124": ["人力资源和社会保障局就业股", "联系人甲", "0743-7000001"],
  "370831": ["人力资源和社会保障局就业科", "联系人乙", "0537-4000002"],
  "622927": ["人力资源和社会保障局就业中心", "联系人丙", "0930-7000003"],
};

export async function seedContact(tx: Tx, county: string): Promise<void> {
  const contact = CONTACTS[county];
  if (!contact) return;
  const [office, name, phone] = contact;
  await sql`INSERT INTO duplicates.contact (county, office, person_name, phone, changed_by_name)
    SELECT ${county}, ${office}, ${name}, ${phone}, '演示' WHERE EXISTS (SELECT FROM registry.region WHERE code = ${county}) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}
