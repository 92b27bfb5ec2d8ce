import { explainMeasure, type Explanation } from "#kernel";
import { divisionsIn, factsOfRow, toExplanation, type LoadedMeasure, type Rulebook } from "#policy";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { MyBenefit } from "../contract.ts";

type Row = Readonly<Record<string, unknown>>;

/** Sources of a measure as its payee reads them: name, number, article, and the sentence. */
export function basisOf({ library }: Rulebook, measure: LoadedMeasure | undefined): MyBenefit["basis"] {
  return (measure?.definition.basis ?? []).map((basis) => {
    const text = library.texts.find(({ id }) => id === basis.text);
    return {
      source: [`《${text?.title ?? basis.text}》`, text?.number, basis.article].filter(Boolean).join(" "),
      quote: basis.quote ?? null,
    };
  });
}

/** What a measure asks of who is paid by it, in its own words. */
export const asksOf = (measure: LoadedMeasure | undefined): string[] =>
  (measure?.definition.conditions ?? []).map(({ says }) => says);

interface Judged {
  readonly says: string;
  readonly state: string;
  readonly facts: MyBenefit["conditions"][number]["facts"];
}

const textOf = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" ? `${value}` : null;

/**
 * A measure's conditions on the facts that lie with each item, in the items' order. Limits, which look at other claims, are not asked
 * again. Empty for all where the rule cannot be asked.
 */
export async function judgeItems(
  tx: Tx,
  book: Rulebook,
  measure: LoadedMeasure | undefined,
  items: readonly Row[],
  asOf: string,
): Promise<readonly (readonly Judged[])[]> {
  const rule = measure?.rule;
  if (!rule) return items.map(() => []);
  const own = new Set(rule.conditions.map(({ id }) => id));
  const explained = items.map((facts): Explanation =>
    explainMeasure(rule, {
      facts: factsOfRow(rule.source, facts),
      subjects: Object.fromEntries(
        Object.entries(rule.source.subjects).map(([name, { column }]) => [name, textOf(facts[column])]),
      ),
      claims: [],
      asOf,
    }),
  );
  const { fields } = rule.source;
  const nameOf = await regionNames(
    tx,
    explained.flatMap((one) => divisionsIn(one, [], fields)),
  );
  return explained.map((one) =>
    toExplanation(one, [], fields, book.library, (code) => nameOf(code).name)
      .conditions.filter(({ id }) => own.has(id))
      .map(({ says, state, facts }) => ({
        says,
        state,
        facts: facts.map(({ label, value }) => ({ label, value })),
      })),
  );
}
