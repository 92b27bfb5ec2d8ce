import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/database.ts";
import { SESSION_IDLE_MINUTES, SESSIONS_PER_OFFICER, SIGN_IN_ATTEMPTS, SIGN_IN_LOCK_MINUTES } from "../contract.ts";

/** A session ends after this long, however busy: a copied cookie does not live for ever. */
export const SESSION_LONGEST_HOURS = 12;
/** Failures from one address; an office of a hundred behind one address stays below it, a guesser does not. */
export const SOURCE_FAILURES = 50;
const SOURCE_MINUTES = 10;

export interface SignInAttempt {
  /** unknown: no such login. flooded: too many failures from this address. */
  readonly verdict: "verify" | "unknown" | "locked" | "flooded";
  readonly officerId: string | null;
  readonly passwordHash: string | null;
  readonly region: string;
  /** When a lock or the flood ends. */
  readonly freeAt: Date | null;
}

/**
 * Counts an attempt and commits it at once: a refusal rolls back its transaction, and an attempt that is not counted is a
 * free guess. `COMMIT AND CHAIN` needs no second connection, of which many sign-ins at once could exhaust the pool.
 * It also ends the caller's scope: set it again before anything that row security looks at.
 */
export async function beginSignIn(tx: Tx, login: string, loginDigest: string, source: string): Promise<SignInAttempt> {
  const { rows } = await sql<{
    verdict: SignInAttempt["verdict"];
    who: string | null;
    hash: string | null;
    home: string;
    free_at: Date | null;
  }>`
    SELECT * FROM identity.begin_sign_in(${login}, ${loginDigest}, ${source},
      ${SIGN_IN_ATTEMPTS}, ${SIGN_IN_LOCK_MINUTES}, ${SOURCE_FAILURES}, ${SOURCE_MINUTES})`.execute(tx);
  await sql`COMMIT AND CHAIN`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error("begin_sign_in gave no verdict");
  return { verdict: row.verdict, officerId: row.who, passwordHash: row.hash, region: row.home, freeAt: row.free_at };
}

export interface Account {
  name: string;
  organisation: string;
  region: string;
  must_change_password: boolean;
  locked: boolean;
  active: boolean;
}

/** After the right password: takes the counted attempt back. */
export async function forgiveAttempts(tx: Tx, officerId: string, source: string): Promise<Account> {
  const { rows } = await sql<Account>`SELECT * FROM identity.forgive_attempts(${officerId}, ${source})`.execute(tx);
  if (!rows[0]) throw new Error("the officer vanished while signing in");
  return rows[0];
}

export interface NewSession {
  readonly hash: string;
  readonly replaces: string | null;
  readonly officerId: string;
  readonly csrf: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly stage: SessionStage;
  readonly singleSignOn: boolean;
}

/** second-factor: the password was right and the code is still to come; gives no rights. */
export type SessionStage = "full" | "second-factor";

export async function openSession(tx: Tx, session: NewSession): Promise<void> {
  await sql`SELECT identity.open_session(${session.hash}, ${session.replaces}, ${session.officerId}, ${session.csrf},
    ${session.ip}, ${session.userAgent}, ${SESSIONS_PER_OFFICER}, ${session.stage}, ${session.singleSignOn})`.execute(
    tx,
  );
}

export interface LiveSession {
  officer_id: string;
  csrf: string;
  name: string;
  organisation: string;
  region: string;
  duties: string[];
  must_change_password: boolean;
  stage: SessionStage;
  single_sign_on: boolean;
  /** The office asks for a second factor and he has none yet. */
  must_enrol: boolean;
}

/**
 * The session of a cookie's digest, or undefined when it has ended. `touch` prolongs it; `passwordDays` is how long a password is
 * good (0: for ever).
 */
export async function useSession(
  db: Db,
  hash: string,
  touch: boolean,
  passwordDays: number,
): Promise<LiveSession | undefined> {
  const { rows } = await sql<LiveSession>`
    SELECT * FROM identity.use_session(${hash}, ${touch}, ${SESSION_IDLE_MINUTES}, ${SESSION_LONGEST_HOURS}, ${passwordDays})`.execute(
    db,
  );
  return rows[0];
}

export async function closeSession(tx: Tx, hash: string): Promise<void> {
  await sql`SELECT identity.close_session(${hash})`.execute(tx);
}

/** Returns how many were ended. `keep`: digest of one that stays. */
export async function closeSessionsOf(tx: Tx, officerId: string, keep: string | null): Promise<number> {
  const { rows } = await sql<{
    ended: string;
  }>`SELECT identity.close_sessions_of(${officerId}, ${keep}) AS ended`.execute(tx);
  return Number(rows[0]?.ended ?? 0);
}

export async function setOwnPassword(tx: Tx, passwordHash: string): Promise<void> {
  await sql`SELECT identity.set_own_password(${passwordHash})`.execute(tx);
}

/** Under the officer's own sight: everyone sees his own account. */
export function ownAccount(
  tx: Tx,
  officerId: string,
): Promise<{
  login: string;
  organisation_id: string;
  region: string;
  duties: string[];
  must_change_password: boolean;
}> {
  return tx
    .selectFrom("identity.officer")
    .select(["login", "organisation_id", "region", "duties", "must_change_password"])
    .where("officer_id", "=", officerId)
    .executeTakeFirstOrThrow();
}

/** For the operator at the machine, through the worker role. `active` includes the organisation's. */
export function officerByLogin(worker: Db, login: string) {
  return worker
    .selectFrom("identity.officer as o")
    .innerJoin("identity.organisation as g", "g.organisation_id", "o.organisation_id")
    .select(["o.officer_id", "o.name", "g.name as organisation", "o.duties", "o.region", "o.locked"])
    .select((eb) =>
      eb
        .and([eb("o.active", "=", true), eb("g.active", "=", true)])
        .$castTo<boolean>()
        .as("active"),
    )
    .where("o.login", "=", login)
    .executeTakeFirst();
}
