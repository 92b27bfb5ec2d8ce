import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "../../src/app.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";

let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());

/** Our own schemas: everything that is not the server's and not the queue's. */
const OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'graphile_worker', 'public')";

async function names(text: string, values: unknown[] = []): Promise<string[]> {
  return (await owner.query<{ name: string }>(text, values)).rows.map((row) => row.name);
}

test("every table that may hold people, or belongs to a region, is under forced row security", async () => {
  // A column of these tells that a row is about a person, an officer, or one office's business.
  const telling = ["person_id", "home_region", "region", "officer_id", "batch_id", "organisation_region", "payload"];
  const open = await names(
    `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE ${OURS} AND c.relkind IN ('r', 'p') AND a.attname = ANY ($1) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
       AND (has_any_column_privilege('wengang_app', c.oid, 'SELECT') OR has_any_column_privilege('wengang_auditor', c.oid, 'SELECT')) ORDER BY 1`,
    [telling],
  );
  expect(open).toEqual([]);
});

test("row security never lets everybody read all, but for what is public", async () => {
  const open = await names(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND p.polcmd IN ('r', '*') AND pg_get_expr(p.polqual, p.polrelid) = 'true' AND (SELECT oid FROM pg_roles WHERE rolname = 'wengang_app') = ANY (p.polroles || 0::oid) ORDER BY 1`,
  );
  // The law, what places have set, their names, and what a written name of an employer means: one answer for the whole installation.
  expect(open).toEqual([
    "policy.setting",
    "policy.version",
    "registry.employer_alias",
    "registry.region_alias",
    "subsidies.setting",
  ]);
});

test("every view looks with its reader's eyes, and no materialised view keeps what others saw", async () => {
  const views = await names(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND c.relkind = 'v' AND NOT coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'] ORDER BY 1`,
  );
  expect(views).toEqual([]);
  expect(
    await names(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS} AND c.relkind = 'm'`,
    ),
  ).toEqual([]);
});

test("only these functions act with more rights than their caller's", async () => {
  const functions = await names(
    `SELECT format('%I.%I', n.nspname, p.proname) AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} AND p.prosecdef ORDER BY 1`,
  );
  expect(functions).toEqual([
    "audit.ensure_months",
    "audit.leaves",
    "audit.openings_of_self",
    "audit.release_month",
    "citizens.account_of_person",
    "citizens.answer_invitation",
    "citizens.ask_by_link",
    "citizens.ask_to_represent",
    "citizens.bind_by_link",
    "citizens.bind_by_registry",
    "citizens.close_session",
    "citizens.end_member",
    "citizens.enter",
    "citizens.invite",
    "citizens.keep_code",
    "citizens.open_session",
    "citizens.openings",
    "citizens.read_link",
    "citizens.use_code",
    "citizens.use_session",
    "duplicates.county_of",
    "exports.with_marks",
    "identity.begin_factor",
    "identity.begin_sign_in",
    "identity.begin_single_sign_on",
    "identity.caller_holds",
    "identity.close_session",
    "identity.close_sessions_of",
    "identity.confirm_factor",
    "identity.decide_grant",
    "identity.end_own_session",
    "identity.factor_demanded",
    "identity.forgive_attempts",
    "identity.forgive_bucket",
    "identity.has_factor",
    "identity.linked_account",
    "identity.live_sessions",
    "identity.open_session",
    "identity.own_factor",
    "identity.own_sessions",
    "identity.remove_factor_of",
    "identity.set_own_password",
    "identity.take_attempt",
    "identity.take_single_sign_on",
    "identity.use_factor_step",
    "identity.use_recovery_code",
    "identity.use_session",
    "ledger.begin_first_differences",
    "ledger.begin_first_load",
    "ledger.end_first_differences",
    "ledger.refresh_statistics",
    "platform.add_job",
    "registers.forget_persons",
    "registry.begin_first_load",
    "registry.end_first_load",
    "registry.forget_cells",
    "registry.forget_persons",
    "registry.forget_rows",
    "registry.keep_to_verify",
    "registry.person_card",
    "registry.refresh_people_statistics",
    "registry.refresh_statistics",
    "registry.refresh_work_statistics",
    "registry.reseal_history",
    "subsidies.answer_at_home",
    "subsidies.answer_by_link",
    "subsidies.answer_claim",
    "subsidies.answer_own",
    "subsidies.open_push",
    "subsidies.step_own",
    "subsidies.stop_by_link",
    "subsidies.try_push",
  ]);
  // A search path of the caller's choosing would let him put his own tables under them.
  const loose = await names(
    `SELECT format('%I.%I', n.nspname, p.proname) AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE ${OURS} AND p.prosecdef AND NOT coalesce(array_to_string(p.proconfig, ','), '') LIKE '%search_path=pg_catalog%'`,
  );
  expect(loose).toEqual([]);
  const everybodys = await names(
    `SELECT format('%I.%I', n.nspname, p.proname) AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE ${OURS} AND p.prosecdef AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)`,
  );
  expect(everybodys).toEqual([]);
});

test("the roles that serve own nothing of what is kept, bypass nothing and are nobody else", async () => {
  const { rows } = await owner.query(
    `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, (SELECT count(*)::int FROM pg_auth_members m WHERE m.member = r.oid) AS memberships
     FROM pg_roles r WHERE rolname IN ('wengang_app', 'wengang_worker', 'wengang_auditor') ORDER BY 1`,
  );
  const harmless = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    memberships: 0,
  };
  expect(rows).toEqual(
    ["wengang_app", "wengang_auditor", "wengang_worker"].map((rolname) => ({ rolname, ...harmless })),
  );
  const owned = await names(
    `SELECT format('%s: %s', pg_get_userbyid(s.refobjid), pg_describe_object(s.classid, s.objid, s.objsubid)) AS name FROM pg_shdepend s
     WHERE s.deptype = 'o' AND s.refclassid = 'pg_authid'::regclass AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND pg_get_userbyid(s.refobjid) IN ('wengang_app', 'wengang_worker', 'wengang_auditor')`,
  );
  expect(owned).toEqual([]);
});

test("the serving role reaches neither the queue, nor staged tables, nor sessions, nor password digests", async () => {
  const reached = await names(
    `SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p', 'v') AND has_schema_privilege('wengang_app', n.oid, 'USAGE') AND has_column_privilege('wengang_app', c.oid, a.attnum, 'SELECT')
       AND (n.nspname IN ('graphile_worker', 'ledger_stage', 'registers_stage') OR n.nspname = 'identity' AND (c.relname NOT IN ('organisation', 'officer', 'grant_proposal', 'second_factor_rule', 'link') OR a.attname = 'password_hash')
         OR n.nspname = 'citizens' AND (c.relname IN ('session', 'sms_code', 'message') OR a.attname = 'token_hash')
         OR n.nspname = 'subsidies' AND c.relname = 'push' AND a.attname IN ('content', 'token_hash', 'six_hash'))`,
  );
  expect(reached).toEqual([]);
});

test("what is append-only cannot be changed or deleted by whoever serves", async () => {
  const granted = await names(
    `SELECT format('%s %s %s', r.role, p.privilege, t.name) AS name
     FROM unnest(ARRAY['wengang_app', 'wengang_worker', 'wengang_auditor']) r(role), unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p(privilege), unnest(ARRAY['audit.entry', 'audit.seal', 'audit.digest', 'audit.verification', 'audit.archive', 'registry.change', 'registers.change']) t(name)
     WHERE has_table_privilege(r.role, t.name, p.privilege)`,
  );
  expect(granted).toEqual([]);
});

test("every column of envelopes is known to whoever changes the key", async () => {
  const known = modules.flatMap((module) => module.envelopes ?? []).map(({ table, column }) => `${table}.${column}`);
  const sealed = await names(
    `SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE ${OURS} AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND a.atttypid = 'bytea'::regtype AND n.nspname <> 'audit' ORDER BY 1`,
  );
  expect(sealed.filter((name) => !known.includes(name))).toEqual([]);
});
