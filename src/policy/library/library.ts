import {
  readRule,
  readSharedParameter,
  type CheckDefinition,
  type MeasureDefinition,
  type ParameterDefinition,
  type RuleDefinition,
  type RuleFile,
  type RuleProblem,
} from "#kernel";
import { readCases, type MeasureCases } from "../measures/cases.ts";
import { readText } from "../texts/read.ts";
import type { SourceText } from "../texts/text.ts";
import { problemsOfBases, type BasisProblem } from "./bases.ts";

/** A rulebook as files: texts, shared parameters, rules and the cases that hold measures to their texts. */
export interface Library {
  readonly texts: readonly SourceText[];
  readonly shared: Readonly<Record<string, ParameterDefinition>>;
  readonly rules: readonly RuleDefinition[];
  /**
   * By measure, or by measure and file where one has several, of regions or of windows: `export-introduction`, `loan/370800`,
   * `job-retention-refund/430000-2024`.
   */
  readonly cases: ReadonlyMap<string, MeasureCases>;
  /** The same as they are written. */
  readonly caseFiles: ReadonlyMap<string, string>;
  readonly problems: readonly (RuleProblem | BasisProblem)[];
}

const CASES = /\/([a-z0-9-]+)\/cases(?:-(\d{6}(?:-[a-z0-9-]+)?))?\.yaml$/;
const folderOf = (file: string) => file.split("/")[1];

/**
 * `given` has texts and shared parameters that were read before, for reading them again takes longer than a rule does, and the rules that
 * the files are to stand beside.
 */
export function readLibrary(
  files: readonly RuleFile[],
  given: Pick<Library, "texts" | "shared" | "rules"> = { texts: [], shared: {}, rules: [] },
): Library {
  const problems: (RuleProblem | BasisProblem)[] = [];
  const keep = <T>(read: { readonly value: T | null; readonly problems: readonly RuleProblem[] }): readonly T[] => {
    problems.push(...read.problems);
    return read.value === null ? [] : [read.value];
  };
  const among = (folder: string) => files.filter(({ file }) => folderOf(file) === folder);
  const texts = [...given.texts, ...among("texts").flatMap(({ file, text }) => keep(readText(file, text)))];
  const shared = {
    ...given.shared,
    ...Object.fromEntries(
      among("parameters").flatMap((file) => keep(readSharedParameter(file)).map((one) => [one.id, one])),
    ),
  };
  const isCases = ({ file }: RuleFile) => CASES.test(file);
  const written = ["measures", "checks", "duties", "indicators"].flatMap(among);
  const rules = written
    .filter((file) => !isCases(file))
    .flatMap((file) => {
      const read = keep(readRule(file, shared));
      for (const rule of read) problems.push(...problemsOfBases(rule, file, texts));
      return read;
    });
  problems.push(...problemsOfIds(rules, given.rules));
  const caseName = ({ file }: RuleFile) => {
    const [, measure, rule] = CASES.exec(file)!;
    return rule ? `${measure}/${rule}` : measure!;
  };
  const caseFiles = written.filter(isCases);
  const cases = new Map(
    caseFiles.flatMap((file) => keep(readCases(file)).map((one) => [caseName(file), one] as const)),
  );
  return {
    texts,
    shared,
    rules,
    cases,
    caseFiles: new Map(caseFiles.map((file) => [caseName(file), file.text])),
    problems,
  };
}

/** Cases, settings and the addresses of pages know a rule by its id alone: rules of two kinds must not share one. */
function problemsOfIds(rules: readonly RuleDefinition[], beside: readonly RuleDefinition[]): readonly RuleProblem[] {
  return rules.flatMap(({ id, kind, file }, index) => {
    // Of two that are read together the later one is told of the earlier one.
    const taken = [...beside, ...rules.slice(0, index)].find((one) => one.id === id && one.kind !== kind);
    if (!taken) return [];
    const message = `编号“${id}”已由 ${taken.file} 使用，一个编号只能是一类规则。请把 ${file} 所在的文件夹换一个名称，样例文件一起移过去。`;
    return [{ code: "format.duplicate-id", message, file, line: 1, column: 1 } as const];
  });
}

export const measuresOf = ({ rules }: Library): readonly MeasureDefinition[] =>
  rules.filter((rule) => rule.kind === "measure");

export const checksOf = ({ rules }: Library): readonly CheckDefinition[] =>
  rules.filter((rule) => rule.kind === "check");

/** Of cases read or as they are written. */
export function casesFor<T>(
  cases: ReadonlyMap<string, T>,
  { id, file }: Pick<RuleDefinition, "id" | "file">,
): T | undefined {
  return cases.get(`${id}/${/([^/]+)\.yaml$/.exec(file)?.[1]}`) ?? cases.get(id);
}

export const casesOf = ({ cases }: Library, rule: Pick<RuleDefinition, "id" | "file">): MeasureCases | undefined =>
  casesFor(cases, rule);
