import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import type { EntitlementRow, OutcomeName } from "../contract.ts";
import { divisionsIn, toExplanation } from "../rules/explanations.ts";
import { explainRows, isConcerned } from "./entitlements.ts";
import { asOfFor, type RuleServices } from "./tasks.ts";

/** What stands first on a person's page. */
export const ORDER: readonly OutcomeName[] = [
  "ELIGIBLE",
  "ELIGIBLE_UP_TO_CAP",
  "PARTLY_ELIGIBLE",
  "NOT_YET",
  "PARAM_MISSING",
  "REVIEW",
  "UNKNOWN",
  "NOT_ELIGIBLE",
];

/**
 * What all measures say of one person, with every reason; what is claimed already is left to its claim. `tx` only looks up names: the
 * rows are read with the worker's eyes, for what was recorded and paid for this person elsewhere counts as well. Who asks must be
 * allowed to know of him.
 */
export async function entitlementsOf(
  tx: Tx,
  services: Services,
  { rulebook, claims }: RuleServices,
  personId: string,
): Promise<EntitlementRow[]> {
  const book = await rulebook.get(tx);
  const found = await services.database.worker.transaction().execute((worker) =>
    explainRows(worker, book.measures, claims, {
      scope: { kind: "persons", table: `(SELECT ${BigInt(personId)}::bigint AS person_id) one` },
      asOf: (measure) => asOfFor(services, measure),
    }),
  );
  const concerned = found.filter(isConcerned);
  const nameOf = await regionNames(
    tx,
    concerned.flatMap(({ measure, explanation, ways }) => divisionsIn(explanation, ways, measure.rule!.source.fields)),
  );
  const rows = concerned.map(({ measure, rowKey, explanation, ways }): EntitlementRow => ({
    versionId: measure.version.version_id,
    title: measure.definition.title,
    measureRegion: measure.definition.region,
    class: measure.definition.class,
    rowKey,
    subject: measure.rule!.source.label,
    explanation: toExplanation(
      explanation,
      ways,
      measure.rule!.source.fields,
      book.library,
      (code) => nameOf(code).name,
    ),
  }));
  return rows.toSorted(
    (a, b) =>
      ORDER.indexOf(a.explanation.outcome) - ORDER.indexOf(b.explanation.outcome) ||
      a.title.localeCompare(b.title, "zh-Hans-CN"),
  );
}
