import { sql } from "kysely";
import { divisionPrefix } from "#kernel";
import { forgetTouched, gatherTouched, isOfPersons, type CurrentRulebook, type LoadedCheck } from "#policy";
import type { Db } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import { runCheck, type CheckRun } from "./reconcile.ts";

type Progress = Pick<TaskContext, "services" | "progress">;

/** From so many persons on, everything is asked anew. */
const MANY_TOUCHED = 100_000;

interface Place {
  readonly region: string;
  readonly asOf: string;
}

/**
 * Where a check is asked, and on which day. One of a province or prefecture holds there alone; one that holds everywhere is asked in one
 * go, or, where places stand at different business dates (a demonstration), prefecture by prefecture.
 */
async function placesOf({ definition }: LoadedCheck, services: Services, db: Db): Promise<readonly Place[]> {
  const own = divisionPrefix(definition.region);
  if (own !== "") return [{ region: own, asOf: services.businessDate(own) }];
  const prefectures = await hostedPrefectures(db);
  const dated = prefectures.map((region) => ({ region, asOf: services.businessDate(region) }));
  const [first] = dated;
  return first && dated.some(({ asOf }) => asOf !== first.asOf)
    ? dated
    : [{ region: "", asOf: first?.asOf ?? services.businessDate() }];
}

async function hostedPrefectures(db: Db): Promise<readonly string[]> {
  const found = await sql<{
    code: string;
  }>`SELECT code FROM registry.region WHERE level = 'prefecture' AND hosted ORDER BY code`.execute(db);
  return found.rows.map(({ code }) => code);
}

const wholeOf = ({ region, asOf }: Place): CheckRun => ({
  scope: region === "" ? { kind: "whole" } : { kind: "region", region },
  asOf,
});

/** Persons that a batch touched, as a relation with person_id for scopes. `gatherTouched` fills it. */
const touchedBy = (batchId: string): string =>
  `(SELECT person_id FROM policy.touched WHERE batch_id = ${BigInt(batchId)}) t`;

/** Every check over the whole installation; one that fails does not keep the others from being asked. */
export async function checkEverything(rulebook: CurrentRulebook, context: Progress): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const ready = (await rulebook.get(worker)).checks.filter(({ rule }) => rule !== null);
  const failed: unknown[] = [];
  for (const [done, check] of ready.entries()) {
    await context.progress("核查", done, ready.length);
    try {
      for (const place of await placesOf(check, services, worker)) await runCheck(worker, check, wholeOf(place));
    } catch (cause) {
      services.log.error({ err: cause, rule: check.version.path }, "check failed");
      failed.push(cause);
    }
  }
  await closeOutdated(
    worker,
    ready.map(({ version }) => version.path),
  );
  await context.progress("核查", ready.length, ready.length);
  if (failed.length > 0) throw failed[0];
}

/** Persons whom an applied or undone batch has touched, by every check that is about persons; the others wait for the night. */
export async function checkBatch(rulebook: CurrentRulebook, context: Progress, batchId: string): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const touched = await gatherTouched(worker, batchId);
  if (touched === 0) return;
  if (touched > MANY_TOUCHED) {
    await forgetTouched(worker, batchId);
    return checkEverything(rulebook, context);
  }
  await checkListed(rulebook, context, { table: touchedBy(batchId), says: "核查本批人员", asOf: null });
  await forgetTouched(worker, batchId);
}

/** Two records that were made one or parted again: their cases have gone with their facts and are held to them anew. */
export async function checkPersons(
  rulebook: CurrentRulebook,
  context: Progress,
  personIds: readonly string[],
): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const homes = await sql<{
    region: string;
  }>`SELECT home_region AS region FROM registry.person WHERE person_id = ANY(${personIds}::bigint[])`.execute(worker);
  const [day = null, ...others] = new Set(homes.rows.map(({ region }) => services.businessDate(region)));
  const table = `(VALUES ${personIds.map((id) => `(${BigInt(id)}::bigint)`).join(", ")}) t(person_id)`;
  await checkListed(rulebook, context, { table, says: "核查合并的人员", asOf: others.length > 0 ? null : day });
}

interface Listed {
  /** A relation with person_id. */
  readonly table: string;
  readonly says: string;
  /** The business day where all of them are at home; null: of several places. */
  readonly asOf: string | null;
}

/** Persons of a list, by every check that is about persons. */
async function checkListed(rulebook: CurrentRulebook, context: Progress, { table, says, asOf }: Listed): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const ready = (await rulebook.get(worker)).checks.filter(({ rule }) => rule && isOfPersons(rule));
  for (const [done, check] of ready.entries()) {
    await context.progress(says, done, ready.length);
    const [place, ...others] = await placesOf(check, services, worker);
    // At different business dates each place has its own turn at night.
    const day = others.length === 0 ? place?.asOf : asOf;
    if (day) await runCheck(worker, check, { scope: { kind: "persons", table }, asOf: day });
  }
}

/** Cases of checks that are no longer in force and that nobody has decided on. */
async function closeOutdated(db: Db, paths: readonly string[]): Promise<void> {
  await sql`WITH moved AS (
      UPDATE oversight.finding SET holds = false, state = 'closed', closing = 'cleared', closed_on = seen_on, lock = lock + 1
      WHERE NOT (rule_path = ANY(${paths}::text[])) AND state IN ('found', 'assigned', 'heard') RETURNING finding_id, region, seen_on)
    INSERT INTO oversight.finding_event (finding_id, region, act, state, officer_name, note, business_date)
    SELECT finding_id, region, 'clear', 'closed', '系统核查', '这条核查规则已不再施行。', seen_on FROM moved`.execute(
    db,
  );
}
