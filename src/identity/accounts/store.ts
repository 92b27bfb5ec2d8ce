import { sql, type SelectQueryBuilder } from "kysely";
import type { Sight, Tx } from "../../platform/db/database.ts";
import type { DB } from "../../platform/db/types.ts";
import {
  SESSION_IDLE_MINUTES,
  type officerSorts,
  type OfficerRow,
  type OfficerState,
  type OrganisationRow,
} from "../contract.ts";

/** The first wall: accounts of the administered area. The row policies of the tables say the same once more. */
export function administered(column: string, sight: Sight) {
  return sight.administers === null
    ? sql<boolean>`false`
    : sql<boolean>`starts_with(${sql.ref(column)}, ${sight.administers})`;
}

const within = (column: string, region: string) => sql<boolean>`starts_with(${sql.ref(column)}, ${region})`;

function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

export interface Paging {
  readonly page: number;
  readonly size: number;
}

// ── Organisations ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Organisation {
  organisation_id: string;
  name: string;
  department: string;
  region: string;
  active: boolean;
}

export interface OrganisationFilter {
  text?: string;
  department?: string;
  region?: string;
  active?: "yes" | "no";
}

export async function pageOfOrganisations(tx: Tx, sight: Sight, filter: OrganisationFilter, paging: Paging) {
  const found = tx
    .selectFrom("identity.organisation as g")
    .where(administered("g.region", sight))
    .$if(!!filter.text, (q) => q.where("g.name", "like", containing(filter.text!)))
    .$if(filter.department !== undefined, (q) => q.where("g.department", "=", filter.department!))
    .$if(filter.region !== undefined, (q) => q.where(within("g.region", filter.region!)))
    .$if(filter.active !== undefined, (q) => q.where("g.active", "=", filter.active === "yes"));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .innerJoin("registry.region as r", "r.code", "g.region")
    .select((eb) => [
      "g.organisation_id",
      "g.name",
      "g.department",
      "g.region",
      "g.active",
      "r.full_name",
      eb
        .selectFrom("identity.officer as o")
        .whereRef("o.organisation_id", "=", "g.organisation_id")
        .where("o.active", "=", true)
        .select((count) => count.fn.countAll<string>().as("n"))
        .as("officers"),
    ])
    .orderBy("g.region")
    .orderBy("g.organisation_id")
    .limit(paging.size)
    .offset((paging.page - 1) * paging.size)
    .execute();
  return {
    total: Number(n),
    rows: rows.map((row) => ({
      organisationId: row.organisation_id,
      name: row.name,
      department: row.department as OrganisationRow["department"],
      region: row.region,
      regionName: row.full_name,
      active: row.active,
      officers: Number(row.officers ?? 0),
    })),
  };
}

export function findOrganisation(tx: Tx, sight: Sight, organisationId: string): Promise<Organisation | undefined> {
  return tx
    .selectFrom("identity.organisation as g")
    .select(["g.organisation_id", "g.name", "g.department", "g.region", "g.active"])
    .where("g.organisation_id", "=", organisationId)
    .where(administered("g.region", sight))
    .executeTakeFirst();
}

export async function insertOrganisation(
  tx: Tx,
  organisation: { name: string; department: string; region: string },
): Promise<string> {
  const row = await tx
    .insertInto("identity.organisation")
    .values(organisation)
    .returning("organisation_id")
    .executeTakeFirstOrThrow();
  return row.organisation_id;
}

export async function updateOrganisation(
  tx: Tx,
  organisationId: string,
  change: { name?: string; department?: string; active?: boolean },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable("identity.organisation")
    .set(change)
    .where("organisation_id", "=", organisationId)
    .executeTakeFirst();
  requireOne(numUpdatedRows);
}

export async function countActiveOfficers(tx: Tx, organisationId: string): Promise<number> {
  const { n } = await tx
    .selectFrom("identity.officer")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("organisation_id", "=", organisationId)
    .where("active", "=", true)
    .executeTakeFirstOrThrow();
  return Number(n);
}

// ── Officers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const stateOf = sql<OfficerState>`CASE WHEN NOT o.approved THEN 'waiting' WHEN NOT o.active THEN 'inactive' WHEN o.locked OR o.locked_until > now() THEN 'locked' ELSE 'active' END`;

export interface OfficerFilter {
  text?: string;
  organisationId?: string;
  region?: string;
  duty?: string;
  state?: OfficerState;
  sort: (typeof officerSorts)[number];
  order: "asc" | "desc";
}

type Officers = SelectQueryBuilder<
  DB & { o: DB["identity.officer"]; g: DB["identity.organisation"] },
  "o" | "g",
  object
>;

function officersSeenBy(tx: Tx, sight: Sight): Officers {
  return tx
    .selectFrom("identity.officer as o")
    .innerJoin("identity.organisation as g", "g.organisation_id", "o.organisation_id")
    .where(administered("o.organisation_region", sight));
}

export async function pageOfOfficers(
  tx: Tx,
  sight: Sight,
  filter: OfficerFilter,
  paging: Paging,
): Promise<{ rows: OfficerRow[]; total: number }> {
  const found = officersSeenBy(tx, sight)
    .$if(!!filter.text, (q) =>
      q.where((eb) =>
        eb.or([
          eb("o.name", "like", containing(filter.text!)),
          eb("o.login", "like", containing(filter.text!.toLowerCase())),
          eb("g.name", "like", containing(filter.text!)),
        ]),
      ),
    )
    .$if(filter.organisationId !== undefined, (q) => q.where("o.organisation_id", "=", filter.organisationId!))
    .$if(filter.region !== undefined, (q) => q.where(within("o.region", filter.region!)))
    .$if(filter.duty !== undefined, (q) => q.where(sql<boolean>`${filter.duty!} = ANY (o.duties)`))
    .$if(filter.state !== undefined, (q) => q.where(sql<boolean>`${stateOf} = ${filter.state!}`));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const direction = sql.raw(filter.order);
  const sortKey = {
    // By sound, as a list of people is looked through; code points would order them by radical.
    name: sql`o.name COLLATE "zh-Hans-CN-x-icu" ${direction}`,
    login: sql`o.login ${direction}`,
    "last-sign-in": sql`o.last_sign_in ${direction} NULLS LAST`,
    created: sql`o.created_at ${direction}`,
  }[filter.sort];
  const rows = await found
    .innerJoin("registry.region as r", "r.code", "o.region")
    .select([
      "o.officer_id",
      "o.login",
      "o.name",
      "o.organisation_id",
      "g.name as organisation",
      "g.active as organisation_active",
      "o.region",
      "r.full_name",
      "o.duties",
      "o.locked",
      "o.locked_until",
      "o.must_change_password",
      "o.last_sign_in",
      "o.created_at",
      stateOf.as("state"),
      sql<string>`identity.live_sessions(o.officer_id, ${SESSION_IDLE_MINUTES})`.as("sessions"),
      sql<boolean>`identity.has_factor(o.officer_id)`.as("second_factor"),
    ])
    .orderBy(sortKey)
    .orderBy("o.officer_id")
    .limit(paging.size)
    .offset((paging.page - 1) * paging.size)
    .execute();
  return {
    total: Number(n),
    rows: rows.map((row) => ({
      officerId: row.officer_id,
      login: row.login,
      name: row.name,
      organisationId: row.organisation_id,
      organisation: row.organisation,
      organisationActive: row.organisation_active,
      region: row.region,
      regionName: row.full_name,
      duties: row.duties as OfficerRow["duties"],
      state: row.state,
      lockedUntil: row.state === "locked" && !row.locked ? (row.locked_until?.toISOString() ?? null) : null,
      mustChangePassword: row.must_change_password,
      lastSignIn: row.last_sign_in?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
      sessions: Number(row.sessions),
      secondFactor: row.second_factor,
    })),
  };
}

export interface Officer {
  officer_id: string;
  login: string;
  name: string;
  organisation: string;
  region: string;
  duties: string[];
  state: OfficerState;
}

export function findOfficer(tx: Tx, sight: Sight, officerId: string): Promise<Officer | undefined> {
  return officersSeenBy(tx, sight)
    .select([
      "o.officer_id",
      "o.login",
      "o.name",
      "g.name as organisation",
      "o.region",
      "o.duties",
      stateOf.as("state"),
    ])
    .where("o.officer_id", "=", officerId)
    .executeTakeFirst();
}

export interface NewOfficer {
  login: string;
  name: string;
  organisation: Organisation;
  region: string;
  duties: readonly string[];
  passwordHash: string;
  /** false: another administrator must agree first. */
  approved: boolean;
}

/** With a password to be changed at the first sign-in; null when the login is taken, by whomever. */
export async function insertOfficer(tx: Tx, officer: NewOfficer): Promise<string | null> {
  const row = await tx
    .insertInto("identity.officer")
    .values({
      login: officer.login,
      name: officer.name,
      organisation_id: officer.organisation.organisation_id,
      organisation_region: officer.organisation.region,
      region: officer.region,
      duties: [...officer.duties],
      password_hash: officer.passwordHash,
      approved: officer.approved,
    })
    .onConflict((conflict) => conflict.column("login").doNothing())
    .returning("officer_id")
    .executeTakeFirst();
  return row?.officer_id ?? null;
}

export interface OfficerChange {
  name?: string;
  organisation?: Organisation;
  region?: string;
  duties?: readonly string[];
  locked?: boolean;
  active?: boolean;
  /** A one-time password: it must be changed at the next sign-in. */
  passwordHash?: string;
  /** Forgets wrong passwords. */
  forgiven?: boolean;
}

export async function updateOfficer(tx: Tx, officerId: string, change: OfficerChange): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable("identity.officer")
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.organisation === undefined
        ? {}
        : { organisation_id: change.organisation.organisation_id, organisation_region: change.organisation.region }),
      ...(change.region === undefined ? {} : { region: change.region }),
      ...(change.duties === undefined ? {} : { duties: [...change.duties] }),
      ...(change.locked === undefined ? {} : { locked: change.locked }),
      ...(change.active === undefined ? {} : { active: change.active }),
      ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash, must_change_password: true }),
      ...(change.forgiven ? { failed_attempts: 0, locked_until: null, locks: 0 } : {}),
    })
    .where("officer_id", "=", officerId)
    .executeTakeFirst();
  requireOne(numUpdatedRows);
}

/** The program looked before it changed; a row that is then not changed was refused by the second wall, which is a fault of the first. */
function requireOne(changed: bigint): void {
  if (changed !== 1n) throw new Error(`row security refused a change that the program had allowed (${changed} rows)`);
}

// ── Regions ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The region and all that contain it, from the widest; empty when there is no such region. */
export function regionPath(
  tx: Tx,
  code: string,
): Promise<{ code: string; name: string; full_name: string; level: string }[]> {
  const codes = [2, 4, 6, 9, 12].filter((length) => length <= code.length).map((length) => code.slice(0, length));
  return tx
    .selectFrom("registry.region")
    .select(["code", "name", "full_name", "level"])
    .where("code", "in", codes)
    .orderBy("code")
    .execute();
}
