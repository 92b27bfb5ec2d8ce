import { availableParallelism } from "node:os";
import { sql } from "kysely";
import type { ClaimsRelation } from "#kernel";
import { divisionPrefix } from "#kernel";
import type { Services } from "../../platform/module.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import type { CurrentRulebook, LoadedMeasure } from "../versions/rulebook.ts";
import { screenMeasure, type OutcomeCount, type ScreeningReason } from "./run.ts";
import { ROW_PERSON } from "./statement.ts";
import { dropOutdated, dropVanished, forgetTouched, gatherTouched, touchedBy } from "./store.ts";

export interface RuleServices {
  readonly rulebook: CurrentRulebook;
  readonly claims: ClaimsRelation;
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
  const ready = measures.filter(({ rule }) => rule !== null);
  const counts = new Map<string, readonly OutcomeCount[]>();
  const failed: unknown[] = [];
  let done = 0;
  await inParallel(ready, async (measure) => {
    try {
      const asOf = asOfFor(services, measure);
      counts.set(
        measure.version.version_id,
        await screenMeasure(worker, measure, claims, { scope: { kind: "whole" }, asOf, reason }),
      );
    } catch (cause) {
      services.log.error({ err: cause, rule: measure.version.path }, "screening failed");
      failed.push(cause);
    }
    await context.progress("筛查", ++done, ready.length);
  });
  await dropOutdated(worker);
  await sql`ANALYZE policy.result`.execute(worker).catch(() => {});
  if (failed.length > 0) throw failed[0];
  return counts;
}

/** Persons whom an applied or undone batch has touched, by every rule that is about persons; their claims of all counties count. */
export async function screenBatch(
  { rulebook, claims }: RuleServices,
  context: Pick<TaskContext, "services" | "progress">,
  batchId: string,
): Promise<void> {
  const { services } = context;
  const { worker } = services.database;
  const { measures } = await rulebook.get(worker);
  const touched = await gatherTouched(worker, batchId);
  if (touched === 0) return dropVanished(worker);
  if (touched > MANY_TOUCHED) return void (await screenEverything({ rulebook, claims }, context, "batch"));
  const ready = measures.filter(({ rule }) => rule && isAboutPersons(rule.source.subjects));
  let done = 0;
  await inParallel(ready, async (measure) => {
    await screenMeasure(worker, measure, claims, {
      scope: { kind: "persons", table: touchedBy(batchId) },
      asOf: asOfFor(services, measure),
      reason: "batch",
      batchId,
    });
    await context.progress("筛查本批人员", ++done, ready.length);
  });
  await dropVanished(worker);
  await forgetTouched(worker, batchId);
}

const isAboutPersons = (subjects: Readonly<Record<string, { readonly column: string }>>): boolean =>
  Object.values(subjects).some(({ column }) => column === "person_id" || column === ROW_PERSON.column);

/** As many at a time as there are cores; PostgreSQL does the work. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(availableParallelism(), items.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}
