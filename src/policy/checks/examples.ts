import {
  prepareCheck,
  type CheckDefinition,
  type FactSource,
  type PreparedCheck,
  type PreparedMeasure,
  type Question,
} from "#kernel";
import { questionOf, settingsOf, type MeasureCase, type MeasureCases } from "../measures/cases.ts";

/** A case of a check with the rule it is put to: rules of one check differ in what localities have set. */
export interface CheckExample {
  readonly one: MeasureCase;
  readonly rule: PreparedCheck;
  readonly question: Question;
}

/** The cases of a check: `cases.yaml` gives a record on which something is wrong, and what changes when one thing does. */
export function examplesOfCheck(
  definition: CheckDefinition,
  cases: MeasureCases,
  sources: readonly FactSource[],
): readonly CheckExample[] {
  const prepared = new Map<string, PreparedCheck>();
  return cases.cases.map((one) => {
    const settings = settingsOf(cases, one);
    const key = JSON.stringify(settings);
    const known = prepared.get(key);
    if (known) return { one, rule: known, question: questionOf(cases, one) };
    const { rule, problems } = prepareCheck(definition, sources, settings);
    if (!rule) throw new Error(JSON.stringify(problems, null, 1));
    prepared.set(key, rule);
    return { one, rule, question: questionOf(cases, one) };
  });
}

/**
 * A check as a measure that is payable where the check finds something: so the draws, the search for boundaries and the turning of
 * comparisons that hold measures to their cases hold checks to theirs. Never screened.
 */
export function asMeasure(rule: PreparedCheck): PreparedMeasure {
  const { definition, source, regionFact, eventDate, parameters, conditions, unless } = rule;
  const { case: _case, conditions: _conditions, answers: _answers, says: _says, ...head } = definition;
  return {
    kind: "measure",
    definition: {
      ...head,
      kind: "measure",
      class: "QUAL",
      grain: "person",
      payee: "",
      pays: [],
      handling: "申请确认",
      eventDate: definition.eventDate,
      lateClaims: "accepted",
      conditions: [],
      limits: [],
      funds: [],
      evidence: [],
    materials: [],
    },
    source,
    regionFact,
    eventDate,
    parameters,
    conditions: [
      ...conditions.map(({ id, says, test }) => ({ id, says, core: { kind: "plain", test } as const })),
      ...(unless ? [{ id: "unless", says: "", core: { kind: "plain", test: unless } as const }] : []),
    ],
    limits: [],
    funds: [""],
  };
}
