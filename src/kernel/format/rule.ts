import type { RuleProblem } from "../problems.ts";
import { readHead, readMeasure, type RulePlace } from "./measure.ts";
import { readConditions, readParameter, type SharedParameters } from "./parts.ts";
import {
  CASE_LEVELS,
  COMPARATORS,
  FINDINGS,
  PERIODS,
  SEVERITIES,
  type CheckDefinition,
  type DutyDefinition,
  type IndicatorDefinition,
  type ParameterDefinition,
  type RuleDefinition,
  type RuleKind,
} from "./types.ts";
import { YamlFile, type YamlMap } from "./yaml.ts";

export interface RuleFile {
  /** `policies/measures/<id>/<region>.yaml`: kind, id and region are read from it. */
  readonly file: string;
  readonly text: string;
}

export type Read<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: null; readonly problems: readonly RuleProblem[] };

const FOLDERS: Record<string, RuleKind> = {
  measures: "measure",
  checks: "check",
  duties: "duty",
  indicators: "indicator",
};
const PATH = /(?:^|\/)(measures|checks|duties|indicators)\/([a-z0-9-]+)\/(\d{6})(?:-[a-z0-9-]+)?\.yaml$/;

/**
 * Reads one rule from its text. Nothing is guessed: a misspelt key, a missing one or a wrong value is a problem with file, line
 * and column, and then there is no rule. Names in expressions are settled later, by `prepareRule`, which knows the facts.
 */
export function readRule(source: RuleFile, shared: SharedParameters = {}): Read<RuleDefinition> {
  const yaml = new YamlFile(source.file, source.text);
  const path = PATH.exec(source.file);
  if (!path)
    yaml.report(
      "format.wrong-value",
      null,
      "规则文件应放在 measures|checks|duties|indicators/<名称>/<六位区划代码>.yaml。",
    );
  if (!yaml.root || !path) return { value: null, problems: yaml.problems };
  const place = { file: source.file, id: path[2]!, region: path[3]! };
  const value = readKind(FOLDERS[path[1]!]!, yaml.root, place, shared);
  return yaml.problems.length === 0 ? { value, problems: [] } : { value: null, problems: yaml.problems };
}

function readKind(kind: RuleKind, map: YamlMap, place: RulePlace, shared: SharedParameters): RuleDefinition {
  switch (kind) {
    case "measure":
      return readMeasure(map, place, shared);
    case "check":
      return readCheck(map, place, shared);
    case "duty":
      return readDuty(map, place, shared);
    case "indicator":
      return readIndicator(map, place, shared);
  }
}

/** `policies/parameters/<id>.yaml`: one parameter that several rules use. */
export function readSharedParameter(source: RuleFile): Read<ParameterDefinition & { readonly id: string }> {
  const yaml = new YamlFile(source.file, source.text);
  const id = /([a-z0-9-]+)\.yaml$/.exec(source.file)?.[1];
  if (!id) yaml.report("format.wrong-value", null, "共用参数的文件名用小写字母、数字和连字符。");
  if (!yaml.root || !id) return { value: null, problems: yaml.problems };
  const parameter = readParameter(id, yaml.root, "", {});
  return yaml.problems.length === 0
    ? { value: { ...parameter, id }, problems: [] }
    : { value: null, problems: yaml.problems };
}

function readCheck(map: YamlMap, place: RulePlace, shared: SharedParameters): CheckDefinition {
  const head = readHead(map, place, shared);
  const unless = map.optionalFeel("unless");
  const message = map.optionalText("message");
  const says = map.text("says");
  const check: CheckDefinition = {
    kind: "check",
    ...head,
    source: map.text("over"),
    says,
    ...(message ? { message } : {}),
    conditions: readFinding(map, head.basis[0]?.text ?? "", says),
    per: map.texts("per"),
    ...(unless ? { unless } : {}),
    answers: map.oneOf("answers", FINDINGS),
    severity: map.oneOf("severity", SEVERITIES),
    blocksPayment: map.flag("blocks-payment"),
    eventDate: map.feel("event-date"),
    case: readCase(map),
  };
  // A pattern shows no intent: it never stops a worker's own claim (catalogue, part E).
  if (check.answers === "SUSPECTED" && check.blocksPayment)
    map.report("format.wrong-value", "blocks-payment", "“疑似”只立案由人判断，不得据此停发。");
  map.finish();
  return check;
}

/** `finding: …` in one expression, or `conditions:` with words for each part. */
function readFinding(map: YamlMap, text: string, says: string): CheckDefinition["conditions"] {
  if (!map.has("conditions")) return [{ kind: "plain", id: "finding", says, feel: map.feel("finding") }];
  if (map.has("finding"))
    map.report("format.wrong-value", "finding", "finding 与 conditions 只写一样：写了各项条件，就不再写总的表达式。");
  const conditions = readConditions(map, "conditions", text, new Set());
  return conditions.flatMap((condition) => {
    if (condition.kind === "plain" && !condition.review && !condition.when && !condition.whenFund) return [condition];
    map.report("format.wrong-value", "conditions", `核查条件“${condition.id}”只写 id、says、feel、basis。`);
    return [];
  });
}

function readCase(map: YamlMap): CheckDefinition["case"] {
  const of = map.map("case");
  if (!of) {
    map.report("format.missing-key", null, "缺少“case”：写明由谁核查、几日内、听取谁的意见。");
    return { owner: "", level: "县", within: 0, unit: "工作日", hear: [] };
  }
  const read: CheckDefinition["case"] = {
    owner: of.text("owner"),
    level: of.oneOf("level", CASE_LEVELS, "县"),
    within: of.integer("within"),
    unit: of.oneOf("unit", ["工作日", "日"] as const, "工作日"),
    hear: of.texts("hear"),
  };
  if (read.within < 1 || read.within > 365) of.report("format.wrong-value", "within", "核查期限写1至365日。");
  of.finish();
  return read;
}

function readDuty(map: YamlMap, place: RulePlace, shared: SharedParameters): DutyDefinition {
  const duty: DutyDefinition = {
    kind: "duty",
    ...readHead(map, place, shared),
    source: map.text("over"),
    says: map.text("says"),
    responsible: map.text("responsible"),
    owed: map.feel("owed"),
    from: map.feel("from"),
    due: map.feel("due"),
    done: map.feel("done"),
  };
  map.finish();
  return duty;
}

function readIndicator(map: YamlMap, place: RulePlace, shared: SharedParameters): IndicatorDefinition {
  const target = map.map("target");
  const sums = map.optionalFeel("sums");
  const of = map.optionalFeel("of");
  const date = map.optionalFeel("date");
  const indicator: IndicatorDefinition = {
    kind: "indicator",
    ...readHead(map, place, shared),
    source: map.text("over"),
    says: map.text("says"),
    unit: map.text("unit"),
    period: map.oneOf("period", PERIODS),
    ...(date ? { date } : {}),
    counts: map.feel("counts"),
    ...(sums ? { sums } : {}),
    ...(of ? { of } : {}),
    ...(target
      ? {
          target: {
            comparator: target.oneOf("comparator", COMPARATORS),
            value: target.integer("value"),
            raw: target.text("raw"),
          },
        }
      : {}),
  };
  if (!date && indicator.period !== "当前")
    map.report("format.missing-key", null, "缺少“date”：按月、季、年统计的指标要写每一行归入哪一天。");
  if (sums && of) map.report("format.wrong-value", "of", "占比按行数计算，写了 of 就不写 sums。");
  target?.finish();
  map.finish();
  return indicator;
}
