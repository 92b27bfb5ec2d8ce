import { sql, type RawBuilder } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { EmploymentForm } from "../dictionaries/index.ts";
import { sourceNumbers } from "../sources.ts";
import { narrow, within, type Scope } from "../scope.ts";
import type { EmployerKind, EmployerSize, EmployerStatus } from "./contract.ts";
import { employerKey } from "./names.ts";

/** The first wall for employers: those of the area, and those outside every hosted area, who belong to nobody here. */
export function employerSeen(alias: string, scope: Scope): RawBuilder<boolean> {
  if (scope === null) return sql<boolean>`false`;
  const region = sql.ref(`${alias}.region`);
  return sql<boolean>`(${within(`${alias}.region`, scope)} OR ${region} IS NULL OR NOT registry.is_hosted(${region}))`;
}

/** The first wall for employment rows: at home here, or at work here. */
function spellSeen(alias: string, scope: Scope): RawBuilder<boolean> {
  return sql<boolean>`(${within(`${alias}.home_region`, scope)} OR ${within(`${alias}.work_region`, scope)})`;
}

export interface StoredEmployer {
  readonly employer_id: string;
  readonly name: string;
  readonly credit_code: string | null;
  readonly region: string | null;
  readonly kind: EmployerKind | null;
  readonly size: EmployerSize | null;
  readonly industry: string | null;
  readonly status: EmployerStatus;
  readonly version: number;
  readonly source: number;
  readonly recorded_on: string;
  readonly names: number;
  readonly workers: number;
}

export interface EmployerFilter {
  readonly text?: string | undefined;
  readonly region?: string | undefined;
  readonly status?: EmployerStatus | undefined;
  readonly employerId?: string;
}

function matching(scope: Scope, filter: EmployerFilter): RawBuilder<boolean> {
  const conditions = [employerSeen("r", scope)];
  if (filter.employerId) conditions.push(sql<boolean>`r.employer_id = ${filter.employerId}`);
  if (filter.text)
    conditions.push(sql<boolean>`(position(${filter.text} IN r.name) > 0 OR r.credit_code = upper(${filter.text}))`);
  if (filter.status) conditions.push(sql<boolean>`r.status = ${filter.status}`);
  if (filter.region)
    conditions.push(
      sql<boolean>`${within("r.region", isBeside(scope, filter.region) ? filter.region : narrow(scope, filter.region))}`,
    );
  return sql<boolean>`${sql.join(conditions, sql` AND `)}`;
}

/** Employers outside the hosted areas may be sought anywhere; `employerSeen` keeps the others out. */
function isBeside(scope: Scope, region: string): boolean {
  return scope !== null && !region.startsWith(scope) && !scope.startsWith(region);
}

export async function listStoredEmployers(
  tx: Tx,
  scope: Scope,
  filter: EmployerFilter,
  sort: "name" | "workers",
  page: { page: number; size: number },
): Promise<{ rows: StoredEmployer[]; total: number }> {
  const where = matching(scope, filter);
  const order = sort === "name" ? sql`r.name COLLATE "zh-Hans-CN-x-icu"` : sql`workers DESC, r.name COLLATE "C"`;
  const { rows } = await sql<StoredEmployer>`
    SELECT r.employer_id, r.name, r.credit_code, r.region, r.kind, r.size, r.industry, r.status, r.version, r.source, r.recorded_on,
      coalesce(linked.names, 0)::int AS names, coalesce(linked.workers, 0)::int AS workers
    FROM registry.employer r LEFT JOIN LATERAL (
      SELECT count(*) AS names, sum((SELECT count(*) FROM registry.employment e
        WHERE e.employer_key = a.name_key AND e.end_date IS NULL AND ${spellSeen("e", scope)})) AS workers
      FROM registry.employer_alias a WHERE a.employer_id = r.employer_id) linked ON true
    WHERE ${where} ORDER BY ${order}, r.employer_id LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(
    tx,
  );
  const counted = await sql<{
    total: string;
  }>`SELECT count(*) AS total FROM registry.employer r WHERE ${where}`.execute(tx);
  return { rows, total: Number(counted.rows[0]!.total) };
}

export async function linkedNamesOf(tx: Tx, scope: Scope, employerId: string) {
  const { rows } = await sql<{ name_key: string; name: string; workers: string; linked_at: Date }>`
    SELECT a.name_key, a.name, a.linked_at,
      (SELECT count(*) FROM registry.employment e WHERE e.employer_key = a.name_key AND e.end_date IS NULL AND ${spellSeen("e", scope)}) AS workers
    FROM registry.employer_alias a JOIN registry.employer r USING (employer_id)
    WHERE a.employer_id = ${employerId} AND ${employerSeen("r", scope)} ORDER BY workers DESC, a.name`.execute(tx);
  return rows;
}

/** Who works there now. Of people from elsewhere only the minimal card is joined: name and masked number. */
export async function workersOf(tx: Tx, scope: Scope, employerId: string, page: { page: number; size: number }) {
  const spells = sql`
    FROM registry.employment e JOIN registry.employer_alias a ON a.name_key = e.employer_key JOIN registry.employer r USING (employer_id)
    WHERE a.employer_id = ${employerId} AND ${employerSeen("r", scope)} AND e.end_date IS NULL AND ${spellSeen("e", scope)}`;
  const { rows } = await sql<{
    person_id: string;
    name: string | null;
    identity_mask: string | null;
    home_region: string;
    written: string;
    start_date: string;
    own: boolean;
  }>`
    SELECT s.person_id, coalesce(p.name, card.name) AS name, coalesce(p.identity_mask, card.identity_mask) AS identity_mask,
      CASE WHEN s.own THEN s.home_region ELSE left(s.home_region, 6) END AS home_region, s.written, s.start_date, s.own
    FROM (SELECT e.person_id, e.home_region, e.employer_name AS written, e.start_date, ${within("e.home_region", scope)} AS own ${spells}
      ORDER BY e.start_date DESC, e.person_id LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}) s
    LEFT JOIN registry.person p ON p.person_id = s.person_id AND ${within("p.home_region", scope)}
    LEFT JOIN (SELECT DISTINCT ON (person_id) person_id, name, identity_mask FROM registry.person_card('work', ${scope ?? "-"})) card
      ON card.person_id = s.person_id AND NOT s.own
    ORDER BY s.start_date DESC, s.person_id`.execute(tx);
  const counted = await sql<{ total: string }>`SELECT count(*) AS total ${spells}`.execute(tx);
  return { rows, total: Number(counted.rows[0]!.total) };
}

export interface EmployerValues {
  readonly name: string;
  readonly creditCode: string | null;
  readonly region: string | null;
  readonly kind: EmployerKind | null;
  readonly size: EmployerSize | null;
  readonly industry: string | null;
  readonly status: EmployerStatus;
}

function columnsOf(values: EmployerValues, businessDate: string) {
  return {
    name: values.name,
    name_key: employerKey(values.name),
    credit_code: values.creditCode,
    region: values.region,
    kind: values.kind,
    size: values.size,
    industry: values.industry,
    status: values.status,
    recorded_on: businessDate,
    source: sourceNumbers.officer,
  };
}

/** Null when the credit code belongs to another employer, seen or not. */
export async function insertEmployer(tx: Tx, values: EmployerValues, businessDate: string): Promise<string | null> {
  const row = await tx
    .insertInto("registry.employer")
    .values(columnsOf(values, businessDate))
    .onConflict((conflict) => conflict.column("credit_code").doNothing())
    .returning("employer_id")
    .executeTakeFirst();
  return row?.employer_id ?? null;
}

const UNIQUE_VIOLATION = "23505";

/** The new version; null when the row has another version by now or lies outside the scope. */
export async function updateEmployer(
  tx: Tx,
  scope: Scope,
  employerId: string,
  version: number,
  values: EmployerValues,
  businessDate: string,
): Promise<number | "credit-code-taken" | null> {
  try {
    const row = await tx
      .updateTable("registry.employer as r")
      .set({ ...columnsOf(values, businessDate), version: version + 1 })
      .where("r.employer_id", "=", employerId)
      .where("r.version", "=", version)
      .where(employerSeen("r", scope))
      .returning("r.version")
      .executeTakeFirst();
    return row?.version ?? null;
  } catch (cause) {
    // The other employer may lie out of sight, so that only the constraint knows of it.
    if ((cause as { code?: string }).code === UNIQUE_VIOLATION) return "credit-code-taken";
    throw cause;
  }
}

export async function employerExists(tx: Tx, scope: Scope, employerId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("registry.employer as r")
    .select("r.employer_id")
    .where("r.employer_id", "=", employerId)
    .where(employerSeen("r", scope))
    .executeTakeFirst();
  return row !== undefined;
}

export async function isHosted(tx: Tx, region: string): Promise<boolean> {
  const { rows } = await sql<{ hosted: boolean }>`SELECT registry.is_hosted(${region}) AS hosted`.execute(tx);
  return rows[0]!.hosted;
}

/** Links a name that nobody has linked yet; false when it means another employer already. */
export async function linkName(
  tx: Tx,
  name: { key: string; name: string },
  employerId: string,
  officerId: string | null,
): Promise<boolean> {
  await tx
    .insertInto("registry.employer_alias")
    .values({ name_key: name.key, name: name.name, employer_id: employerId, officer_id: officerId })
    .onConflict((conflict) => conflict.column("name_key").doNothing())
    .execute();
  const linked = await tx
    .selectFrom("registry.employer_alias")
    .select("employer_id")
    .where("name_key", "=", name.key)
    .executeTakeFirst();
  return linked?.employer_id === employerId;
}

export async function unlinkName(tx: Tx, scope: Scope, nameKey: string, employerId: string): Promise<string | null> {
  const { rows } = await sql<{ name: string }>`
    DELETE FROM registry.employer_alias a USING registry.employer r
    WHERE a.employer_id = r.employer_id AND a.name_key = ${nameKey} AND a.employer_id = ${employerId} AND ${employerSeen("r", scope)} RETURNING a.name`.execute(
    tx,
  );
  return rows[0]?.name ?? null;
}

export interface UnlinkedName {
  readonly name_key: string;
  readonly name: string;
  readonly workers: string;
  readonly region: string | null;
}

/** Forms of work for oneself or by the day: what stands in the employer's column there is a trade, not an employer. */
const WITHOUT_EMPLOYER = ["flexible", "startup", "new-form", "farming"] satisfies EmploymentForm[];

/** Names of the employers of people now at work, as written, that mean no registered employer yet. */
export async function unlinkedNames(
  tx: Tx,
  scope: Scope,
  text: string | undefined,
  page: { page: number; size: number },
): Promise<{ rows: UnlinkedName[]; total: number }> {
  const grouped = sql`
    SELECT e.employer_key AS name_key, min(e.employer_name) AS name, count(*) AS workers, mode() WITHIN GROUP (ORDER BY e.work_region) AS region
    FROM registry.employment e
    WHERE e.end_date IS NULL AND (e.form IS NULL OR e.form <> ALL (${WITHOUT_EMPLOYER}::text[])) AND ${spellSeen("e", scope)} ${text ? sql`AND position(${text} IN e.employer_name) > 0` : sql``}
      AND NOT EXISTS (SELECT 1 FROM registry.employer_alias a WHERE a.name_key = e.employer_key)
    GROUP BY e.employer_key`;
  const { rows } = await sql<UnlinkedName & { total: string }>`
    SELECT *, count(*) OVER () AS total FROM (${grouped}) names ORDER BY workers DESC, name COLLATE "C" LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(
    tx,
  );
  if (rows.length > 0 || page.page === 1) return { rows, total: Number(rows[0]?.total ?? 0) };
  const counted = await sql<{ total: string }>`SELECT count(*) AS total FROM (${grouped}) names`.execute(tx);
  return { rows: [], total: Number(counted.rows[0]!.total) };
}

/** Links every registered employer to its own name where no other has that name: after a register of employers was loaded. */
export async function linkEmployersByOwnName(tx: Tx | Db): Promise<void> {
  await sql`
    INSERT INTO registry.employer_alias (name_key, name, employer_id)
    SELECT name_key, min(name), min(employer_id) FROM registry.employer GROUP BY name_key HAVING count(*) = 1 ON CONFLICT (name_key) DO NOTHING`.execute(
    tx,
  );
}

/** The spellings in use for keys, and how many in scope work under each. */
export async function namesInUse(
  tx: Tx,
  scope: Scope,
  keys: readonly string[],
): Promise<{ key: string; name: string; workers: number }[]> {
  const { rows } = await sql<{ key: string; name: string; workers: number }>`
    SELECT e.employer_key AS key, min(e.employer_name) AS name, (count(*) FILTER (WHERE e.end_date IS NULL))::int AS workers
    FROM registry.employment e WHERE e.employer_key = ANY(${keys}::bigint[]) AND ${spellSeen("e", scope)} GROUP BY e.employer_key`.execute(
    tx,
  );
  return rows;
}

/** Employers that share a telling pair of characters with a name; judged for likeness by the caller. */
export async function candidatesFor(tx: Tx, scope: Scope, pairs: readonly string[], limit: number) {
  const patterns = pairs.map((pair) => `%${pair.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  const { rows } = await sql<{ employer_id: string; name: string; credit_code: string | null; region: string | null }>`
    SELECT r.employer_id, r.name, r.credit_code, r.region FROM registry.employer r
    WHERE ${employerSeen("r", scope)} AND r.status <> 'closed' AND r.name LIKE ANY (${patterns}::text[]) LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

/** What another domain's list shows of an employer. */
export interface ShortEmployer {
  readonly employerId: string;
  readonly name: string;
  readonly creditCode: string | null;
}

export async function shortEmployers(
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, ShortEmployer>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ employer_id: string; name: string; credit_code: string | null }>`
    SELECT r.employer_id, r.name, r.credit_code FROM registry.employer r
    WHERE r.employer_id = ANY(${ids}::bigint[]) AND ${employerSeen("r", scope)}`.execute(tx);
  return new Map(
    rows.map((row) => [row.employer_id, { employerId: row.employer_id, name: row.name, creditCode: row.credit_code }]),
  );
}
