import { sql } from "kysely";
import type { Facts } from "#kernel";
import { addWorkdays } from "../../platform/dates/workdays.ts";
import type { Db, Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { COUNTED, payeeSubject, sumUp } from "../claims/intake.ts";
import { stepFrom } from "../claims/steps.ts";
import { lockClaims, stepClaims } from "../claims/store.ts";
import { applicationWayLabels } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { openPrepayment } from "../prepayments/store.ts";
import { dueIn } from "../settings/store.ts";
import { standingsOf, whyOf, type Applicant, type Standing } from "./offers.ts";
import {
  linesOf,
  lockApplication,
  settleLines,
  statementsOf,
  type StoredApplication,
  type StoredLine,
  type StoredStatement,
} from "./store.ts";
import { locks } from "../../platform/db/locks.ts";

/** Working days within which what waits is looked into (sample: no source gives a number). */
const ANSWERED_WITHIN = 10;

export interface Lodged {
  readonly claimed: number;
  readonly waiting: number;
  readonly refused: number;
}
type Settled = Parameters<typeof settleLines>[1][number];

/** Facts as they were stated, but those that the office found untrue. */
export const statedFacts = (statements: readonly StoredStatement[]): Facts =>
  Object.fromEntries(
    statements.filter(({ checked }) => checked !== "rejected").map(({ fact, value }) => [fact, value]),
  );

export async function applicantOf(tx: Tx | Db, application: StoredApplication): Promise<Applicant | null> {
  const { person_id, employer_id } = application;
  const found =
    person_id !== null
      ? await sql<{
          name: string;
          county: string;
        }>`SELECT name, left(home_region, 6) AS county FROM registry.person WHERE person_id = ${person_id}`.execute(tx)
      : await sql<{
          name: string;
          county: string;
        }>`SELECT name, left(coalesce(region, ''), 6) AS county FROM registry.employer WHERE employer_id = ${employer_id}`.execute(
          tx,
        );
  const [row] = found.rows;
  return row
    ? {
        kind: person_id !== null ? "person" : "employer",
        id: (person_id ?? employer_id)!,
        name: row.name,
        county: row.county || application.pays_region,
      }
    : null;
}

/**
 * Makes claims of what an application asks for: what screening had proposed to the applicant is confirmed, what can be paid and nobody has
 * claimed becomes a claim of way `applied`, what can be decided by nobody yet waits with its reason. Asked again it makes nothing twice. With
 * the worker's eyes, for the rows of one person may lie in several counties, whose claims the applicant's own transaction does not see.
 */
export async function lodge(options: SubsidiesOptions, services: Services, applicationId: string): Promise<Lodged> {
  return services.database.worker.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(tx);
    const application = await lockApplication(tx, applicationId);
    if (application?.state !== "lodged") return { claimed: 0, waiting: 0, refused: 0 };
    const lines = (await linesOf(tx, [applicationId])).filter(({ state }) => state === "draft" || state === "waiting");
    const applicant = await applicantOf(tx, application);
    if (!applicant || lines.length === 0) return { claimed: 0, waiting: 0, refused: 0 };
    const statements = await statementsOf(tx, applicationId);
    const standings = await standingsOf(options, services, tx, applicant, {
      rules: new Set(lines.map(({ rule_id }) => rule_id)),
      stated: statedFacts(statements),
    });
    const settled: Settled[] = [];
    for (const line of lines) {
      const standing = standings.find(({ measure }) => measure.definition.file === line.rule_path);
      settled.push(await settleLine(tx, services, application, line, standing, statements));
    }
    await settleLines(tx, settled);
    const count = (state: string) => settled.filter((one) => one.state === state).length;
    return { claimed: count("claimed"), waiting: count("waiting"), refused: count("refused") };
  });
}

async function settleLine(
  tx: Tx,
  services: Services,
  application: StoredApplication,
  line: StoredLine,
  standing: Standing | undefined,
  statements: readonly StoredStatement[],
): Promise<Settled> {
  const lineId = line.line_id;
  if (!standing) return { lineId, state: "refused", why: "这项政策已经不在执行期内", dueOn: null, claimIds: [] };
  const confirmed = await confirmProposed(tx, services, application, standing);
  const made = await makeClaims(tx, services, application, standing, statements);
  const claimIds = [...confirmed, ...made];
  if (claimIds.length > 0) return { lineId, state: "claimed", why: "", dueOn: null, claimIds };
  const today = services.businessDate(application.pays_region);
  const waits = (why: string): Settled => ({
    lineId,
    state: "waiting",
    why,
    dueOn: line.due_on ?? addWorkdays(today, ANSWERED_WITHIN),
    claimIds: [],
  });
  if (standing.payable.length > 0) return waits("已按定额预付，结算时一并计算");
  // Somebody else has applied for the same meanwhile, or he himself at another place: one claim.
  if (standing.kind === "running")
    return {
      lineId,
      state: "claimed",
      why: "同一事项已经在办",
      dueOn: null,
      claimIds: standing.running.map(({ claim_id }) => claim_id),
    };
  const why = whyOf(standing).join("；").slice(0, 500);
  if (standing.kind === "refused") return { lineId, state: "refused", why, dueOn: null, claimIds: [] };
  return waits(why);
}

const actorOf = (services: Services, application: StoredApplication, region: string, note: string) => ({
  officerId: application.taken_by,
  officerName: application.taken_by_name,
  organisation: application.organisation,
  note,
  businessDate: services.businessDate(region),
});
const agentOf = ({ way, agent, employer_id }: StoredApplication): string =>
  way !== "self"
    ? `${applicationWayLabels[way]}：${agent ?? ""}`
    : employer_id === null
      ? applicationWayLabels.self
      : "单位网上申请";

/** Claims that screening made and that wait for the payee's word. */
async function confirmProposed(
  tx: Tx,
  services: Services,
  application: StoredApplication,
  { proposed }: Standing,
): Promise<readonly string[]> {
  if (proposed.length === 0) return [];
  const locked = await lockClaims(
    tx,
    "",
    sql`c.claim_id = ANY(${proposed.map(({ claim_id }) => claim_id)}::bigint[]) AND c.state = 'proposed'`,
  );
  for (const claim of locked) {
    const actor = actorOf(services, application, claim.region, `申请 ${application.number}。${agentOf(application)}`);
    await stepClaims(tx, [claim.claim_id], stepFrom("proposed", "confirm", actor), { agent: agentOf(application) });
  }
  return locked.map(({ claim_id }) => claim_id);
}

/** One claim for each county and fund of what can be paid. */
async function makeClaims(
  tx: Tx,
  services: Services,
  application: StoredApplication,
  { measure, payee, payable }: Standing,
  statements: readonly StoredStatement[],
): Promise<readonly string[]> {
  const { definition, version, rule } = measure;
  const subject = payeeSubject(measure);
  const parts = Map.groupBy(payable, ({ region, subjects, explanation }) =>
    JSON.stringify([region!.slice(0, 6), explanation.decision.fund, subjects[subject] ?? ""]),
  );
  const made: string[] = [];
  for (const [part, rows] of parts) {
    const [region, fund, payeeId] = JSON.parse(part) as [string, string, string];
    const today = services.businessDate(region);
    if ((await openPrepayment(tx, region, definition.file, `${payee.kind}:${payeeId}`)) !== null) continue;
    const claim = await sql<{
      claim_id: string;
    }>`INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id,
        payee_person_id, payee_employer_id, payee_name, items, persons, amount_fen, state, agent, received_on, due_on)
      SELECT ${region}, 'applied', ${definition.handling}, ${definition.file}, ${definition.id}, ${version.version_id}, ${definition.title}, ${fund}, ${subject}, ${payee.kind},
        CASE WHEN ${payee.kind} <> 'person' THEN p.id END, p.person_id, p.employer_id, p.name, 0, 0, 0, 'submitted', ${agentOf(application)}, ${today}::date, ${await dueIn(tx, region, "submitted", today)}::date
      FROM (${sql.raw(payee.sql)}) p WHERE p.id = ${payeeId}::bigint RETURNING claim_id`.execute(tx);
    const [row] = claim.rows;
    if (!row) continue;
    const facts = new Map(rule.source.fields.map((field) => [field.name, field.column]));
    const stated = statedFacts(statements);
    const items = rows.map((one) => ({
      row_key: one.rowKey,
      event_date: one.explanation.decision.eventDate,
      amount_fen: one.explanation.decision.amount,
      facts: Object.fromEntries(
        Object.entries(one.facts).map(([name, value]) => [facts.get(name) ?? name, value ?? stated[name] ?? null]),
      ),
      ...Object.fromEntries(
        COUNTED.map((column) => {
          const name = Object.entries(rule.source.subjects).find(([, key]) => key.column === column)?.[0];
          return [column, name === undefined ? null : (one.subjects[name] ?? null)];
        }),
      ),
    }));
    await sql`INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, ${sql.raw(COUNTED.join(", "))}, benefit_keys, event_date, months, amount_fen, facts)
      SELECT ${row.claim_id}, ${region}, ${definition.file}, i.row_key, ${sql.raw(COUNTED.map((column) => `i.${column}`).join(", "))}, ${[...new Set(definition.limits.map(({ key }) => key))]}::text[],
        i.event_date, ${definition.grain === "month" ? 1 : null}::int, i.amount_fen, i.facts
      FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS i(row_key text, event_date date, amount_fen bigint, facts jsonb, ${sql.raw(COUNTED.map((column) => `${column} bigint`).join(", "))})`.execute(
      tx,
    );
    await sumUp(tx, sql`SELECT ${row.claim_id}::bigint AS claim_id`);
    const promised =
      statements.length > 0 ? `；含申请人承诺的情况：${statements.map(({ label }) => label).join("、")}` : "";
    const { officerId, officerName, organisation } = actorOf(services, application, region, "");
    await sql`INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_id, officer_name, organisation, note, business_date)
      SELECT claim_id, region, 'apply', state, amount_fen, ${officerId}::bigint, ${officerName}, ${organisation}, ${`申请 ${application.number}，${agentOf(application)}${promised}`}, ${today}::date
      FROM subsidies.claim WHERE claim_id = ${row.claim_id}`.execute(tx);
    made.push(row.claim_id);
  }
  return made;
}
