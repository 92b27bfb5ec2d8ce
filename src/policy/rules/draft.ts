import {
  judgeCheck,
  prepareCheck,
  prepareMeasure,
  type FactSource,
  type ParameterSettings,
  type PreparedCheck,
  type PreparedMeasure,
  type RuleDefinition,
  type RuleProblem,
} from "#kernel";
import { casesOf, readLibrary, type Library } from "../library/library.ts";
import { examplesOfCheck } from "../checks/examples.ts";
import type { BasisProblem } from "../library/bases.ts";
import { runCase, settingsOf, type MeasureCase, type MeasureCases } from "../measures/cases.ts";
import { settingsFor } from "../settings/scope.ts";
import type { Rulebook } from "../versions/rulebook.ts";
import { filesOf } from "../versions/rulebook.ts";
import type { RuleView } from "../contract.ts";
import type { VersionText } from "../versions/store.ts";

export const RULE_PATH = /^policies\/(measures|checks|duties|indicators)\/[a-z0-9-]+\/\d{6}(-[a-z0-9]+)?\.yaml$/;

/** A text read as if it were published beside everything else: its rule, its cases, and all that is wrong with it. */
export interface ReadDraft {
  readonly definition: RuleDefinition | null;
  /** Of a measure. */
  readonly rule: PreparedMeasure | null;
  /** Of a check. */
  readonly check: PreparedCheck | null;
  readonly cases: MeasureCases | null;
  readonly problems: readonly (RuleProblem | BasisProblem)[];
  readonly library: Library;
}

export function readDraft(
  rulebook: Rulebook,
  sources: readonly FactSource[],
  draft: { readonly path: string; readonly source: string; readonly cases: string | null },
): ReadDraft {
  const library = readLibrary(filesOf([draft]), rulebook.library);
  const definition = library.rules.find(({ file }) => file === draft.path) ?? null;
  const measure = definition?.kind === "measure" ? definition : null;
  const prepared = measure && prepareMeasure(measure, sources, settingsFor(measure, rulebook.settings));
  const check = definition?.kind === "check" ? definition : null;
  const preparedCheck = check && prepareCheck(check, sources, settingsFor(check, rulebook.settings));
  return {
    definition,
    rule: prepared?.rule ?? null,
    check: preparedCheck?.rule ?? null,
    cases: definition ? (casesOf(library, definition) ?? null) : null,
    problems: [...library.problems, ...(prepared?.problems ?? []), ...(preparedCheck?.problems ?? [])],
    library,
  };
}

export interface TriedCase {
  readonly one: MeasureCase;
  readonly decision: { readonly outcome: string; readonly amount: number | null; readonly failed: readonly string[] };
  readonly agrees: boolean;
}

/** The cases of a measure or check, each tried with what its own localities have set. */
export function tryCases(
  definition: RuleDefinition | null,
  cases: MeasureCases | null,
  sources: readonly FactSource[],
): readonly TriedCase[] {
  if (!cases) return [];
  if (definition?.kind === "check") return tryCheck(definition, cases, sources);
  if (definition?.kind !== "measure") return [];
  // Most cases share their settings, and a rule takes far longer to be made ready than to decide one case.
  const ready = new Map<string, PreparedMeasure | null>();
  const preparedFor = (settings: ParameterSettings): PreparedMeasure | null => {
    const key = JSON.stringify(settings);
    const known = ready.get(key);
    if (known !== undefined) return known;
    const { rule } = prepareMeasure(definition, sources, settings);
    ready.set(key, rule);
    return rule;
  };
  return cases.cases.flatMap((one) => {
    const rule = preparedFor(settingsOf(cases, one));
    if (!rule) return [];
    const { decision } = runCase(rule, cases, one);
    const agrees = decision.outcome === one.outcome && (one.amount === undefined || one.amount === decision.amount);
    return [{ one, decision, agrees }];
  });
}

function tryCheck(
  definition: RuleDefinition & { kind: "check" },
  cases: MeasureCases,
  sources: readonly FactSource[],
): readonly TriedCase[] {
  if (!prepareCheck(definition, sources).rule) return [];
  return examplesOfCheck(definition, cases, sources).map(({ one, rule, question }) => {
    const { outcome } = judgeCheck(rule, question.facts, { asOf: question.asOf });
    return { one, decision: { outcome, amount: null, failed: [] }, agrees: outcome === one.outcome };
  });
}

export const toCaseResults = (tried: readonly TriedCase[]): RuleView["caseResults"] =>
  tried.map(({ one, decision, agrees }) => ({
    name: one.name,
    expected: one.outcome,
    outcome: decision.outcome,
    amount: decision.amount,
    agrees,
  }));

export function textOf(
  draft: {
    readonly path: string;
    readonly source: string;
    readonly cases: string | null;
  },
  definition: RuleDefinition | null,
): VersionText {
  const [, folder = "", ruleId = "", region = ""] = /^policies\/(\w+)\/([a-z0-9-]+)\/(\d{6})/.exec(draft.path) ?? [];
  const kind = ({ measures: "measure", checks: "check", duties: "duty", indicators: "indicator" } as const)[
    folder as "measures"
  ];
  return {
    path: draft.path,
    kind,
    ruleId,
    region,
    title: definition?.title ?? /^title:\s*(.+)$/m.exec(draft.source)?.[1] ?? ruleId,
    source: draft.source,
    cases: draft.cases,
    inForceFrom: definition?.inForce.from ?? null,
    inForceTo: definition?.inForce.to ?? null,
  };
}
