import {
  asUuid,
  bankAccountHash,
  employerKey,
  identityHash,
  linkEmployersByOwnName,
  maskBankAccount,
  maskIdentity,
  maskPhone,
  newPersonId,
  normaliseEmployerName,
  phoneHash,
  phoneTail,
  sealPersonSecret,
  sourceNumbers,
} from "#registry";
import { hash } from "node:crypto";
import { once } from "node:events";
import type { PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Services } from "../../platform/module.ts";
import { dayOf, type Population } from "../population.ts";
import { employerRows, personRecords, type PersonRecord } from "../registry-rows.ts";

type Value = string | number | boolean | null;

const tables = {
  household: [
    "household_id",
    "household_no",
    "head_name",
    "home_region",
    "kind",
    "per_capita_income_fen",
    "relocation_site",
    "recorded_on",
    "source",
  ],
  person: [
    "person_id",
    "name",
    "sex",
    "birth_date",
    "ethnicity",
    "education",
    "marital_status",
    "identity_kind",
    "identity_mask",
    "home_region",
    "residence_region",
    "household_id",
    "relation_to_head",
    "labour_capacity",
    "health",
    "job_willing",
    "training_willing",
    "desired_region",
    "skills",
    "address",
    "phone_mask",
    "phone_hash",
    "phone_tail",
    "bank_mask",
    "bank_hash",
    "work_state",
    "secret",
    "recorded_on",
    "source",
  ],
  person_key: ["key_hash", "person_id", "kind", "home_region"],
  person_access: ["person_id", "region", "ground", "valid_from", "home_region"],
  person_category: [
    "person_id",
    "category",
    "valid_from",
    "valid_from_precision",
    "valid_to",
    "detail",
    "home_region",
    "recorded_on",
    "source",
  ],
  employment: [
    "person_id",
    "employment_id",
    "employer_key",
    "employer_name",
    "work_region",
    "start_date",
    "start_precision",
    "end_date",
    "end_precision",
    "end_reason",
    "previous_end",
    "form",
    "channel",
    "industry",
    "occupation",
    "monthly_wage_fen",
    "home_region",
    "recorded_on",
    "source",
  ],
  contract: [
    "person_id",
    "employer_key",
    "employer_name",
    "start_date",
    "end_date",
    "kind",
    "signed_on",
    "monthly_wage_fen",
    "home_region",
    "recorded_on",
    "source",
  ],
  insurance_month: [
    "person_id",
    "month",
    "kind",
    "employer_key",
    "employer_name",
    "insured_region",
    "base_fen",
    "employer_part_fen",
    "person_part_fen",
    "status",
    "home_region",
    "recorded_on",
    "source",
  ],
  wage_month: [
    "person_id",
    "month",
    "employer_key",
    "employer_name",
    "amount_fen",
    "paid_on",
    "method",
    "home_region",
    "recorded_on",
    "source",
  ],
} as const;
type Table = keyof typeof tables;

/**
 * Loads a county of the synthetic province as its registry stands on a day, by COPY into temporary tables and one INSERT
 * each (COPY itself does not work under row security). For demo and benches; held in memory, so no more than a few counties.
 */
export async function loadSyntheticRegistry(
  services: Services,
  population: Population,
  day: string,
  registerMonths: number,
  /** Persons of the counties that are loaded before this one; without it, those that are there. */
  { numbered }: { readonly numbered?: number } = {},
): Promise<{ persons: number }> {
  const lines = Object.fromEntries(Object.keys(tables).map((table) => [table, [] as string[]])) as Record<
    Table,
    string[]
  >;
  const add = (table: Table, values: readonly Value[]) => lines[table].push(values.map(copyValue).join("\t"));
  const client = await services.database.pools.worker.connect();
  let persons = 0;
  try {
    const { rows: known } = await client.query<{ n: number }>("SELECT count(*)::int AS n FROM registry.person");
    const before = numbered ?? known[0]!.n;
    for (const record of personRecords(population, dayOf(day), { registerMonths })) {
      addPerson(services, record, add, before + persons);
      persons++;
    }
    await client.query("BEGIN");
    // What a new installation is filled with was always there: no history of its beginning.
    await client.query("SET LOCAL app.seeding = 'yes'");
    for (const table of Object.keys(tables) as Table[]) await copyInto(client, table, lines[table]);
    await addEmployers(client, population, day);
    await client.query("SELECT registry.refresh_statistics()");
    await client.query("COMMIT");
    await linkEmployersByOwnName(services.database.worker);
  } catch (cause) {
    await client.query("ROLLBACK");
    throw cause;
  } finally {
    client.release();
  }
  return { persons };
}

/** Spells of seeded people are numbered below those of batches, which begin at 2^32, on from the county loaded before: a claim is one number. */
const SPELLS_PER_PERSON = 256;

function addPerson(
  services: Services,
  record: PersonRecord,
  add: (table: Table, values: readonly Value[]) => void,
  index: number,
): void {
  const { keys } = services;
  const { person } = record;
  const { homeRegion: home, recordedOn } = person;
  const keyHash = identityHash(keys, "resident-id", person.identityNumber);
  const id = newPersonId(keyHash);
  const list = sourceNumbers["assisted-list"];
  const householdId = idOfHousehold(person.householdNo, home.slice(0, 6));
  const secret = sealPersonSecret(keys, {
    identity: person.identityNumber,
    phone: person.phone,
    bankAccount: person.bankAccount,
  });
  if (record.household) {
    const { householdNo, headName, homeRegion, kind, perCapitaIncomeFen, relocationSite } = record.household;
    add("household", [
      householdId,
      householdNo,
      headName,
      homeRegion,
      kind,
      perCapitaIncomeFen,
      relocationSite,
      recordedOn,
      list,
    ]);
  }
  add("person", [
    id,
    person.name,
    person.sex,
    person.birthDate,
    person.ethnicity,
    person.education,
    person.maritalStatus,
    "resident-id",
    maskIdentity(person.identityNumber),
    home,
    person.residenceRegion,
    householdId,
    person.relationToHead,
    person.labourCapacity,
    person.health,
    person.jobWilling,
    person.trainingWilling,
    person.desiredRegion,
    person.skills,
    person.address,
    person.phone && maskPhone(person.phone),
    person.phone && asUuid(phoneHash(keys, person.phone)),
    person.phone && phoneTail(person.phone),
    maskBankAccount(person.bankAccount),
    asUuid(bankAccountHash(keys, person.bankAccount)),
    person.workState,
    `\\x${secret.toString("hex")}`,
    recordedOn,
    list,
  ]);
  add("person_key", [asUuid(keyHash), id, "resident-id", home]);
  for (const { region, ground, validFrom } of record.access)
    add("person_access", [id, region, ground, validFrom, home]);
  for (const row of record.categories)
    add("person_category", [
      id,
      row.category,
      row.validFrom,
      row.validFromPrecision,
      row.validTo,
      row.detail,
      home,
      recordedOn,
      list,
    ]);
  record.employments.forEach((row, spell) =>
    add("employment", [
      id,
      (index + 1) * SPELLS_PER_PERSON + spell,
      employerKey(row.employerName),
      normaliseEmployerName(row.employerName),
      row.workRegion,
      row.startDate,
      row.startPrecision,
      row.endDate,
      row.endPrecision,
      row.endReason,
      row.previousEnd,
      row.form,
      row.channel,
      row.industry,
      row.occupation,
      row.monthlyWageFen,
      home,
      recordedOn,
      sourceNumbers["work-ledger"],
    ]),
  );
  for (const row of record.contracts) {
    add("contract", [
      id,
      employerKey(row.employerName),
      normaliseEmployerName(row.employerName),
      row.startDate,
      row.endDate,
      row.kind,
      row.signedOn,
      row.monthlyWageFen,
      home,
      recordedOn,
      sourceNumbers["contract-filing"],
    ]);
  }
  for (const row of record.insuranceMonths) {
    const parts = [row.insuredRegion, row.baseFen, row.employerPartFen, row.personPartFen, row.status];
    add("insurance_month", [
      id,
      row.month,
      row.kind,
      employerKey(row.employerName),
      normaliseEmployerName(row.employerName),
      ...parts,
      home,
      recordedOn,
      sourceNumbers["social-insurance"],
    ]);
  }
  for (const row of record.wageMonths) {
    add("wage_month", [
      id,
      row.month,
      employerKey(row.employerName),
      normaliseEmployerName(row.employerName),
      row.amountFen,
      row.paidOn,
      row.method,
      home,
      recordedOn,
      sourceNumbers["payroll"],
    ]);
  }
}

/** As ledger.household_id computes it, so that a ledger finds the household again. */
function idOfHousehold(householdNo: string, county: string): string {
  return (BigInt(`0x${md5Hex(`${county}|${householdNo}`).slice(0, 16)}`) & 0x7fff_ffff_ffff_ffffn).toString();
}

function md5Hex(text: string): string {
  return hash("md5", text, "hex");
}

const UNSAFE = /[\\\t\n]/;

function copyValue(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "string")
    return UNSAFE.test(value) ? value.replaceAll("\\", "\\\\").replaceAll(/[\t\n]/g, " ") : value;
  return typeof value === "boolean" ? (value ? "t" : "f") : String(value);
}

async function copyInto(client: PoolClient, table: Table, lines: readonly string[]): Promise<void> {
  const columns = tables[table].join(", ");
  await client.query(`CREATE TEMP TABLE seed ON COMMIT DROP AS SELECT ${columns} FROM registry.${table} LIMIT 0`);
  const stream = client.query(copyFrom(`COPY seed (${columns}) FROM STDIN`));
  const done = once(stream, "finish");
  for (let at = 0; at < lines.length; at += 2_000) {
    if (!stream.write(`${lines.slice(at, at + 2_000).join("\n")}\n`)) await once(stream, "drain");
  }
  stream.end();
  await done;
  await client.query(`INSERT INTO registry.${table} (${columns}) SELECT ${columns} FROM seed ON CONFLICT DO NOTHING`);
  await client.query("DROP TABLE seed");
}

async function addEmployers(client: PoolClient, population: Population, day: string): Promise<void> {
  const rows = [...employerRows(population)].map((row) => ({
    ...row,
    name: normaliseEmployerName(row.name),
    key: employerKey(row.name),
  }));
  await client.query(
    `INSERT INTO registry.employer (credit_code, name, name_key, region, kind, size, industry, status, recorded_on, source)
     SELECT r."creditCode", r.name, r.key, r.region, r.kind, r.size, r.industry, r.status, $2::date, $3
     FROM jsonb_to_recordset($1::jsonb) AS r("creditCode" text, name text, key bigint, region text, kind text, size text, industry text, status text)
     WHERE NOT EXISTS (SELECT 1 FROM registry.employer e WHERE e.name_key = r.key) ON CONFLICT (credit_code) DO NOTHING`,
    [JSON.stringify(rows), day, sourceNumbers["officer"]],
  );
}
