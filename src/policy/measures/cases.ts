import { parse } from "yaml";
import { z } from "zod";
import {
  explainMeasure,
  type Claim,
  type Explanation,
  type Facts,
  type ParameterSettings,
  type PreparedMeasure,
  type Question,
  type Read,
  type RuleFile,
} from "#kernel";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const facts = z.record(z.string(), z.union([scalar, z.array(z.union([z.string(), z.number(), z.boolean()]))]));
const claim = z.strictObject({
  key: z.string(),
  subjects: z.record(z.string(), z.string()),
  date: z.iso.date(),
  months: z.number().int().optional(),
});
const setting = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date().optional(),
  region: z.string(),
  for: z.string().optional(),
  value: z.union([z.string(), z.number(), z.boolean(), z.strictObject({ of: z.number(), value: z.number() })]),
});
const settings = z.record(z.string(), z.array(setting));

const oneCase = z.strictObject({
  name: z.string(),
  /** Facts that differ from those of `subject`. */
  with: facts.default({}),
  /** Facts that nobody has supplied. */
  without: z.array(z.string()).default([]),
  "as-of": z.iso.date().optional(),
  claims: z.array(claim).default([]),
  /** In place of the settings of the file; `{}` for a locality that has set nothing. */
  settings: settings.optional(),
  outcome: z.string(),
  amount: z.number().int().nullable().optional(),
  fund: z.string().optional(),
  failed: z.array(z.string()).default([]),
  unknown: z.array(z.string()).default([]),
  /** Earliest day, where the outcome is NOT_YET. */
  on: z.iso.date().optional(),
  review: z.array(z.string()).default([]),
  "missing-parameters": z.array(z.string()).default([]),
});

/** `policies/measures/<measure>/cases.yaml`: one subject who is eligible, and what changes when one thing does. */
const written = z.strictObject({
  "as-of": z.iso.date(),
  facts,
  subjects: z.record(z.string(), z.string()).default({}),
  settings: settings.default({}),
  cases: z.array(oneCase).min(1),
});
export type MeasureCases = z.infer<typeof written>;
export type MeasureCase = MeasureCases["cases"][number];

export function readCases({ file, text }: RuleFile): Read<MeasureCases> {
  const problem = (message: string, line = 1) => ({
    code: "format.wrong-value" as const,
    message,
    file,
    line,
    column: 1,
  });
  let raw: unknown;
  try {
    raw = parse(text, { schema: "core", uniqueKeys: true, merge: true });
  } catch (error) {
    const line = error instanceof Error && "linePos" in error ? (error.linePos as { line: number }[])[0]?.line : 1;
    return { value: null, problems: [problem("YAML 格式有误。", line)] };
  }
  const { data, error } = written.safeParse(raw);
  if (data) return { value: data, problems: [] };
  const problems = error.issues.map(({ path, message }) => problem(`${path.map(String).join(".")}：${message}`));
  return { value: null, problems };
}

/** What the localities of a case have set: its own, or those of the file. */
export const settingsOf = (cases: MeasureCases, one: MeasureCase): ParameterSettings =>
  (one.settings ?? cases.settings) as ParameterSettings;

/** What a case asks. */
export function questionOf(cases: MeasureCases, one: MeasureCase): Question {
  const given: Facts = { ...cases.facts, ...one.with };
  return {
    facts: Object.fromEntries(Object.entries(given).filter(([name]) => !one.without.includes(name))),
    subjects: cases.subjects,
    claims: one.claims as readonly Claim[],
    asOf: one["as-of"] ?? cases["as-of"],
  };
}

export const runCase = (rule: PreparedMeasure, cases: MeasureCases, one: MeasureCase): Explanation =>
  explainMeasure(rule, questionOf(cases, one));
