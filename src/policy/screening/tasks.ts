import { availableParallelism } from "node:os";
import { sql, type RawBuilder } from "kysely";
import { divisionPrefix } from "#kernel";
import type { Db } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import type { CurrentRulebook, LoadedMeasure } from "../versions/rulebook.ts";
import { isReady, screenMeasures, type OutcomeCount, type ReadyMeasure, type ScreeningReason } from "./run.ts";
import { ROW_PERSON, type OfficeClaims } from "./statement.ts";
import {
  dropOutdated,
  dropVanished,
  forgetTouched,
  gatherTouched,
  lastSeconds,
  listTouched,
  thesePersons,
  touchedBy,
  TOUCHED,
} from "./store.ts";

export interface RuleServices {
  readonly rulebook: CurrentRulebook;
  readonly claims: OfficeClaims;
}

/** From so many persons on, everything is asked anew: lists of persons are then slower than the whole. */
const MANY_TOUCHED = 100_000;

/** The day on which a rule is asked: business date of its own division. */
export const asOfFor = (services: Services, { definition }: Pick<LoadedMeasure, "definition">): string =>
  services.businessDate(divisionPrefix(definition.region));

/** Every measure over the whole installation, several at a time; one that fails does not keep the others from being asked. */
export async function screenEverything(
  { rulebook, claims }: RuleServices,
  context: Pick<TaskContext, "services" | "progress">,
  reason: ScreeningReason,
): Promise<ReadonlyMap<string, readonly OutcomeCount[]>> {
  const { services } = context;
  const { worker } = services.database;
  const { measures } = await rulebook.get(worker);
  const groups = await bySource(services, measures.filter(isReady));
  const counts = new Map<string, readonly OutcomeCount[]>();
  const failed: unknown[] = [];
  const step = stepsOf(context, "筛查", groups);
  await inParallel(groups, worker, async (connection, { asOf, measures: together }) => {
    const screen = async (some: SameSource["measures"]) => {
      const found = await screenMeasures(connection, some, claims, { scope: { kind: "whole" }, asOf, reason });
      for (const [version, counted] of found) counts.set(version, counted);
    };
    try {
      await screen(together);
    } catch {
      for (const measure of together)
        try {
          await screen([measure]);
        } catch (cause) {
          services.log.error({ err: cause, rule: measure.version.path }, "screening failed");
          failed.push(cause);
        }
    }
    await step(together.length);
  });
  await dropOutdated(worker);
  await sql`ANALYZE policy.result`.execute(worker).catch(() => {});
  if (failed.length > 0) throw failed[0];
  return counts;
}

/** Persons whom an applied or undone batch has touched. */
export async function screenBatch(
  rules: RuleServices,
  context: Pick<TaskContext, "services" | "progress">,
  batchId: string,
): Promise<void> {
  const { worker } = context.services.database;
  const touched = await gatherTouched(worker, batchId);
  if (touched === 0) return dropVanished(worker);
  if (touched > MANY_TOUCHED) return void (await screenEverything(rules, context, "batch"));
  await screenListed(rules, context, touchedBy(batchId), { says: "筛查本批人员", reason: "batch", batchId });
  await dropVanished(worker);
  await forgetTouched(worker, batchId);
}

/**
 * Two records that were made one or parted again: what was paid to either counts for whoever has it now, and of a record that is gone
 * nothing is left to act on.
 */
export async function screenPersons(
  rules: RuleServices,
  context: Pick<TaskContext, "services" | "progress">,
  personIds: readonly string[],
): Promise<void> {
  await screenListed(rules, context, thesePersons(personIds), { says: "筛查合并的人员", reason: "merge" });
  await dropVanished(context.services.database.worker);
}

/** Persons of a query, by every rule that is about persons; their claims of all counties count. */
async function screenListed(
  { rulebook, claims }: RuleServices,
  context: Pick<TaskContext, "services" | "progress">,
  persons: RawBuilder<unknown>,
  { says, ...why }: { readonly says: string; readonly reason: ScreeningReason; readonly batchId?: string },
): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const { measures } = await rulebook.get(worker);
  const groups = await bySource(
    services,
    measures.filter(isReady).filter(({ rule }) => isAboutPersons(rule.source.subjects)),
  );
  const step = stepsOf(context, says, groups);
  await inParallel(
    groups,
    worker,
    async (connection, { asOf, measures: together }) => {
      await screenMeasures(connection, together, claims, {
        scope: { kind: "persons", table: TOUCHED },
        asOf,
        ...why,
      });
      await step(together.length);
    },
    (connection) => listTouched(connection, persons),
  );
}

/** Measures over one source, asked on the same day: what they read is read once. */
interface SameSource {
  readonly asOf: string;
  readonly measures: readonly [ReadyMeasure, ...ReadyMeasure[]];
}

/** What took longest last time stands first, so that no connection is left with it at the end. */
async function bySource(services: Services, measures: readonly ReadyMeasure[]): Promise<readonly SameSource[]> {
  const groups = Map.groupBy(measures, (measure) => `${asOfFor(services, measure)} ${measure.rule.source.name}`);
  const last = await lastSeconds(services.database.worker);
  const seconds = ({ measures: together }: SameSource) =>
    together.reduce((sum, { version }) => sum + (last.get(version.version_id) ?? 0), 0);
  return [...groups.values()]
    .map((together): SameSource => ({
      asOf: asOfFor(services, together[0]!),
      measures: together as [ReadyMeasure, ...ReadyMeasure[]],
    }))
    .toSorted((a, b) => seconds(b) - seconds(a));
}

/** Says how many of the measures are done. */
function stepsOf({ progress }: Pick<TaskContext, "progress">, says: string, groups: readonly SameSource[]) {
  const total = groups.reduce((sum, { measures }) => sum + measures.length, 0);
  let done = 0;
  return (more: number) => progress(says, (done += more), total);
}

const isAboutPersons = (subjects: Readonly<Record<string, { readonly column: string }>>): boolean =>
  Object.values(subjects).some(({ column }) => column === "person_id" || column === ROW_PERSON.column);

/** As many connections as there are cores, each with what `prepare` makes in it; PostgreSQL does the work. */
async function inParallel<T>(
  items: readonly T[],
  db: Db,
  work: (connection: Db, item: T) => Promise<void>,
  prepare: (connection: Db) => Promise<void> = async () => {},
): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(availableParallelism(), items.length) }, () =>
    db.connection().execute(async (connection) => {
      await prepare(connection);
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(connection, item);
    }),
  );
  await Promise.all(workers);
}
