import type { ClientBase } from "pg";
import type { ActionContext, AuditEntry, Caller, Gate, Handler, Services } from "../platform/module.ts";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { runAct } from "../platform/http/run-action.ts";
import { checkCharacter } from "./dictionaries/identity-check.ts";
import { employerKey } from "./employers/names.ts";
import { maskBankAccount, maskIdentity, maskPhone } from "./masks.ts";
import {
  asUuid,
  bankAccountHash,
  identityHash,
  newPersonId,
  phoneHash,
  phoneTail,
  sealPersonSecret,
} from "./numbers.ts";
import { registryModule } from "./module.ts";
import { registryPermissions } from "./permissions.ts";
import { sourceNumbers, type SourceCode } from "./sources.ts";

/** Rows for tests, arranged as the owner, whom row security does not bind. Nobody in them exists. */

let made = 0;

/** A valid number of the given birth date; the sequence is counted up, so that every call makes another person. */
export function inventedIdentity(county: string, birthDate: string, female = false): string {
  made += 1;
  const sequence = String(made * 2 + (female ? 0 : 1)).padStart(3, "0");
  const seventeen = `${county}${birthDate.replaceAll("-", "")}${sequence.slice(-3)}`;
  return completeIdentity(seventeen);
}

/** Seventeen digits with the check character that fits. */
export function completeIdentity(seventeen: string): string {
  return seventeen + checkCharacter(seventeen)!;
}

export interface PersonGiven {
  readonly name?: string;
  readonly identity?: string;
  readonly birthDate?: string;
  readonly homeRegion: string;
  readonly phone?: string | null;
  readonly bankAccount?: string | null;
  readonly householdId?: string;
  readonly source?: SourceCode;
  readonly cellSources?: Readonly<Record<string, number>>;
  /** Further columns of registry.person. */
  readonly columns?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AddedPerson {
  readonly personId: string;
  readonly name: string;
  readonly identity: string;
  readonly phone: string | null;
  readonly homeRegion: string;
}

export async function addPerson(owner: ClientBase, { keys }: Services, given: PersonGiven): Promise<AddedPerson> {
  const birthDate = given.birthDate ?? "1985-03-12";
  const identity = given.identity ?? inventedIdentity(given.homeRegion.slice(0, 6).padEnd(6, "0"), birthDate);
  const hash = identityHash(keys, "resident-id", identity);
  const personId = newPersonId(hash);
  const name = given.name ?? `测试${made}`;
  const phone = given.phone === undefined ? `1380000${String(made).padStart(4, "0")}` : given.phone;
  const bankAccount = given.bankAccount ?? null;
  const columns: Record<string, unknown> = {
    person_id: personId,
    name,
    sex: 1,
    birth_date: birthDate,
    identity_mask: maskIdentity(identity),
    home_region: given.homeRegion,
    household_id: given.householdId ?? null,
    phone_mask: phone === null ? null : maskPhone(phone),
    phone_hash: phone === null ? null : asUuid(phoneHash(keys, phone)),
    phone_tail: phone === null ? null : phoneTail(phone),
    bank_mask: bankAccount === null ? null : maskBankAccount(bankAccount),
    bank_hash: bankAccount === null ? null : asUuid(bankAccountHash(keys, bankAccount)),
    secret: sealPersonSecret(keys, { identity, phone, bankAccount }),
    recorded_on: "2025-05-20",
    source: sourceNumbers[given.source ?? "work-ledger"],
    cell_sources: given.cellSources ? JSON.stringify(given.cellSources) : null,
    ...given.columns,
  };
  await insert(owner, "registry.person", columns);
  await insert(owner, "registry.person_key", {
    key_hash: asUuid(hash),
    person_id: personId,
    kind: "resident-id",
    home_region: given.homeRegion,
  });
  return { personId, name, identity, phone, homeRegion: given.homeRegion };
}

export interface SpellGiven {
  readonly employerName?: string;
  readonly startDate?: string;
  readonly endDate?: string | null;
  readonly previousEnd?: string | null;
  readonly workRegion?: string | null;
  readonly source?: SourceCode;
  readonly columns?: Readonly<Record<string, string | number | null>>;
}

export async function addEmployment(owner: ClientBase, person: AddedPerson, given: SpellGiven = {}): Promise<string> {
  made += 1;
  const employerName = given.employerName ?? "锦达电子（测试）有限公司";
  const employmentId = String(made);
  await insert(owner, "registry.employment", {
    person_id: person.personId,
    employment_id: employmentId,
    employer_key: employerKey(employerName),
    employer_name: employerName,
    work_region: given.workRegion === undefined ? "441900" : given.workRegion,
    start_date: given.startDate ?? "2025-02-26",
    end_date: given.endDate ?? null,
    end_precision: given.endDate ? "day" : null,
    previous_end: given.previousEnd ?? null,
    home_region: person.homeRegion,
    recorded_on: "2025-05-20",
    source: sourceNumbers[given.source ?? "work-ledger"],
    ...given.columns,
  });
  return employmentId;
}

/** A registered employer that its name means, as it stands in spells. */
export async function addEmployer(
  owner: ClientBase,
  name: string,
  columns: Readonly<Record<string, string | null>> = {},
): Promise<string> {
  const key = employerKey(name);
  const given = { name, name_key: key, recorded_on: "2025-05-20", source: sourceNumbers.officer, ...columns };
  await insert(owner, "registry.employer", given);
  const { rows } = await owner.query<{ employer_id: string }>(
    "INSERT INTO registry.employer_alias (name_key, name, employer_id) SELECT name_key, name, employer_id FROM registry.employer WHERE name_key = $1 RETURNING employer_id",
    [key],
  );
  return rows[0]!.employer_id;
}

export interface CountyGiven {
  readonly county: string;
  readonly persons: number;
  readonly asOf: string;
}

/**
 * A county's people by statements over all of them, for what reads the registry in sets: half lifted from poverty, each with a spell of
 * up to 900 days ago, of which a quarter have ended, far away, in the county and in its carriers; nobody's numbers can be read.
 */
export async function addCounty(owner: ClientBase, { county, persons, asOf }: CountyGiven): Promise<void> {
  const employers = [
    ["澄禾电子（测试）有限公司", "440306", "enterprise", "agency"],
    ["岚穗鞋业（测试）有限公司", "350582", "enterprise", "broker"],
    [`${county}本县（测试）有限公司`, county, "enterprise", "government"],
    [`${county}甲村棠禾帮扶车间`, county, "workshop", "local-carrier"],
    [`${county}乙村榆禾就业帮扶基地`, county, "workshop", "local-carrier"],
    [`${county}丙村以工代赈道路硬化项目部`, county, "other", "local-carrier"],
  ] as const;
  for (const [name, region, kind] of employers)
    if (!(await isEmployer(owner, name))) await addEmployer(owner, name, { region, kind });
  const places = employers.map(([name, region, , channel]) => [employerKey(name), name, region, channel] as const);
  const given = [county, persons, asOf];
  await owner.query(
    `INSERT INTO registry.person (person_id, name, sex, birth_date, identity_mask, home_region, residence_region, labour_capacity, job_willing, secret, recorded_on, source)
     SELECT ('x' || left(md5($1 || ':' || i), 15))::bit(60)::bigint, '测试' || i, 1 + i % 2, CASE WHEN i % 40 <> 39 THEN $3::date - 6000 - i * 37 % 17000 END, $1 || '********' || lpad(i::text, 4, '0'),
       $1 || lpad((100 + i % 6)::text, 3, '0') || lpad((200 + i % 5)::text, 3, '0'), $1 || lpad((100 + i % 6)::text, 3, '0') || lpad((200 + i % 5)::text, 3, '0'),
       (ARRAY['ordinary', 'skilled', 'weak', 'lost', NULL])[1 + i % 5], CASE WHEN i % 7 <> 6 THEN i % 7 < 5 END, '\\x00', $3::date, 2
     FROM generate_series(1, $2::int) i`,
    given,
  );
  await owner.query(
    `INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source)
     SELECT p.person_id, c.category, c.valid_from, p.home_region, p.recorded_on, 2 FROM registry.person p
     JOIN (VALUES (0, 'lifted-from-poverty', DATE '2018-12-31'), (1, 'lifted-from-poverty', DATE '2020-12-31'), (1, 'monitored', DATE '2022-03-01'),
       (2, 'marginal-poverty-prone', DATE '2021-06-01'), (2, 'disabled-rural', DATE '2015-01-01')) AS c(class, category, valid_from)
       ON c.class = p.person_id % 4 WHERE starts_with(p.home_region, $1)`,
    [county],
  );
  await owner.query(
    `INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, work_region, start_date, end_date, form, channel, monthly_wage_fen, home_region, recorded_on, source)
     SELECT p.person_id, row_number() OVER (ORDER BY p.person_id), e.key, e.name, e.region, s.start, CASE WHEN p.person_id % 9 > 6 THEN s.start + 100 END, 'employer', e.channel, 320000, p.home_region, p.recorded_on, 3
     FROM registry.person p
     JOIN unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS e(key, name, region, channel, place) ON e.place = 1 + p.person_id % $6::int
     CROSS JOIN LATERAL (SELECT $7::date - 5 - (p.person_id / 11 % 900)::int AS start) s
     WHERE starts_with(p.home_region, $1)`,
    [county, ...[0, 1, 2, 3].map((at) => places.map((place) => place[at]!)), employers.length, asOf],
  );
}

async function isEmployer(owner: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await owner.query("SELECT 1 FROM registry.employer WHERE name_key = $1", [employerKey(name)]);
  return rowCount !== 0;
}

/** One row of any registry table. */
export async function insert(
  owner: ClientBase,
  table: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(columns);
  const places = names.map((_, index) => `$${index + 1}`);
  await owner.query(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places.join(", ")})`, Object.values(columns));
}

export function callerIn(
  region: string | null,
  permissions: readonly string[] = Object.values(registryPermissions),
): Caller {
  return {
    officerId: "1",
    name: "向晓岚",
    organisation: "测试县人力资源和社会保障局",
    permissions: new Set(permissions),
    sight: { region, administers: null, audits: false, officerId: "1" },
    session: null,
  };
}

/** Stands where the identity domain stands, which the registry does not know: keeps what would be written to the audit log. */
export function recordingGate(): Gate & { readonly entries: (AuditEntry & { readonly requestId: string })[] } {
  const entries: (AuditEntry & { requestId: string })[] = [];
  return {
    entries,
    identify: () => Promise.reject(new Error("acts are run by a given caller")),
    record: (context: ActionContext, entry) => {
      entries.push({ ...entry, detail: { ...entry.detail }, requestId: context.requestId });
      return Promise.resolve();
    },
  };
}

/** Runs a route of the registry as the server would: input checked, permission, transaction under the caller's sight, audit. */
export async function ask<R extends Route>(
  services: Services,
  gate: Gate,
  caller: Caller,
  route: R,
  input: RequestOf<R>,
): Promise<OutputOf<R>> {
  const handler = registryModule.handlers!.find((one: Handler) => one.route === (route as Route));
  if (!handler) throw new Error(`no handler for ${route.path}`);
  const result = await runAct(services, gate, {
    handler,
    caller,
    input,
    request: { ip: "127.0.0.1", userAgent: "test" },
  });
  return (route.kind === "download" ? result : route.output.parse(result)) as OutputOf<R>;
}

/** Employers of a county besides those of `addCounty`: of every kind that may stand in a spell. */
const MORE_EMPLOYERS = [
  ["甲测试有限公司", "enterprise"],
  ["乙测试有限公司", "enterprise"],
  ["丙测试专业合作社", "cooperative"],
  ["测试帮扶车间", "workshop"],
  ["测试村民委员会", "public-body"],
] as const;

/**
 * Work of every form for everybody of `addCounty`, since up to four years, beside what that gives: with the same employer again after a
 * break or without one, under contracts of one to three years, some short, some open, some not filed; three months of contributions, the
 * flexibly employed paying their own.
 */
export async function addEveryForm(owner: ClientBase, { county, asOf }: CountyGiven): Promise<void> {
  const employers = MORE_EMPLOYERS.map(([name, kind]) => ({ name: `${county}${name}`, kind }));
  for (const { name, kind } of employers) await addEmployer(owner, name, { region: county, kind, size: "small" });
  const forms = ["contract", "contract", "employer", "flexible", "new-form", "welfare-post", "workshop", "startup"];
  const places = [0, 1, 2, null, null, 4, 3, null];
  const at = places.map((place) => (place === null ? null : employers[place]!.name));
  const keys = at.map((name) => employerKey(name ?? "个人"));
  await owner.query(
    `INSERT INTO registry.employment (person_id, employment_id, employer_key, employer_name, work_region, start_date, end_date, end_precision, previous_end, form, home_region, recorded_on, source)
     SELECT w.person_id, w.n * 4 + s.turn, w.key, w.name, $1, s.began, s.ended, CASE WHEN s.ended IS NOT NULL THEN 'day' END, s.before, w.form, w.home_region, $2, 3
     FROM (SELECT p.person_id, p.home_region, 1000000 + row_number() OVER (ORDER BY p.person_id) + (SELECT count(*) FROM registry.employment) AS n, $2::date - 60 - (p.person_id / 100 % 1500)::int AS began,
         k.form, coalesce(k.name, '个人') AS name, k.key
       FROM registry.person p JOIN unnest($3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY AS k(form, name, key, place) ON k.place = 1 + p.person_id / 7 % cardinality($3::text[])
       WHERE starts_with(p.home_region, $1)) w
     CROSS JOIN LATERAL (VALUES (1, w.began, w.began + 40, NULL::date, true),
       (2, w.began + CASE WHEN w.n % 3 = 0 THEN 50 ELSE 41 END, CASE WHEN w.n % 5 = 0 THEN $2::date - 5 END, w.began + 40, w.began + 50 <= $2::date - 5)) AS s(turn, began, ended, before, has)
     WHERE s.has`,
    [county, asOf, forms, at, keys],
  );
  await owner.query(
    `INSERT INTO registry.contract (person_id, employer_key, employer_name, start_date, end_date, kind, signed_on, home_region, recorded_on, source)
     SELECT person_id, employer_key, employer_name, start_date, CASE WHEN person_id % 9 > 0 THEN (start_date + interval '1 year' * (1 + person_id % 3) - interval '1 day' * CASE WHEN person_id % 8 = 1 THEN 30 ELSE 1 END)::date END,
       CASE WHEN person_id % 9 > 0 THEN '固定期限' ELSE '无固定期限' END, start_date, home_region, $2, 7
     FROM registry.employment WHERE form = 'contract' AND previous_end IS NULL AND person_id % 11 > 0 AND starts_with(home_region, $1)`,
    [county, asOf],
  );
  await owner.query(
    `INSERT INTO registry.insurance_month (person_id, month, kind, employer_key, employer_name, insured_region, base_fen, employer_part_fen, person_part_fen, status, home_region, recorded_on, source)
     SELECT DISTINCT e.person_id, m.month, k.kind, e.employer_key, e.employer_name, $1, 400000, CASE WHEN e.form = 'contract' THEN k.share * 2 ELSE 0 END, k.share,
       CASE WHEN e.person_id % 23 = 0 THEN 'owed' ELSE 'paid' END, e.home_region, $2::date, 5
     FROM registry.employment e
     CROSS JOIN (SELECT (date_trunc('month', $2::timestamp) - interval '1 month' * n)::date AS month FROM generate_series(0, 3) n) m
     CROSS JOIN (VALUES ('pension', 32000), ('unemployment', 1200), ('medical', 9000)) AS k(kind, share)
     WHERE e.form IN ('contract', 'flexible', 'new-form') AND starts_with(e.home_region, $1) AND e.start_date < m.month + 31 AND e.person_id % 4 > 0 AND (m.month < $2::date - 30 OR e.person_id % 5 = 0)`,
    [county, asOf],
  );
}
