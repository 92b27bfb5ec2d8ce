import { prepareMeasure, type FactSource, type MeasureDefinition, type PreparedMeasure, type Question } from "#kernel";
import { questionOf, settingsOf, type MeasureCases } from "./cases.ts";

/** The cases of a measure as questions, each to the rule with the settings of its localities. */
export function examplesOf(
  definition: MeasureDefinition,
  cases: MeasureCases,
  sources: readonly FactSource[],
): readonly { readonly rule: PreparedMeasure; readonly question: Question }[] {
  const prepared = new Map<string, PreparedMeasure>();
  return cases.cases.map((one) => {
    const settings = settingsOf(cases, one);
    const key = JSON.stringify(settings);
    const known = prepared.get(key);
    if (known) return { rule: known, question: questionOf(cases, one) };
    const { rule, problems } = prepareMeasure(definition, sources, settings);
    if (!rule) throw new Error(JSON.stringify(problems, null, 1));
    prepared.set(key, rule);
    return { rule, question: questionOf(cases, one) };
  });
}
