/** The pieces that several kinds of rule share: basis, window, conditions, parameters. */
import { MAX_INTEGER, type Rate, type Scalar } from "../values/types.ts";
import { readFact } from "../facts/source.ts";
import {
  LEVELS,
  type Basis,
  type ConditionDefinition,
  type FeelText,
  type InForce,
  type ParameterDefinition,
  type ParameterValue,
} from "./types.ts";
import type { YamlMap } from "./yaml.ts";

const ID = /^[a-z][a-z0-9-]*$/;
const AMBIGUITY = /^AMB-\d{2}$/;
const REGION = /^\d{6}$/;

/** A basis without its own text is said in the first text of the rule. */
export function readBasis(map: YamlMap, text: string): Basis {
  const article = map.optionalText("article");
  const quote = map.optionalText("quote");
  const basis: Basis = {
    text: map.optionalText("text") ?? text,
    ...(article ? { article } : {}),
    ...(quote ? { quote } : {}),
  };
  if (basis.text === "") map.report("format.missing-key", null, "依据要写明出自哪份文件（text）。");
  map.finish();
  return basis;
}

function readOwnBasis(map: YamlMap, text: string): { basis?: Basis } {
  const own = map.map("basis");
  return own ? { basis: readBasis(own, text) } : {};
}

export function readInForce(map: YamlMap, text: string): InForce {
  const window = map.map("in-force");
  if (!window) {
    map.report("format.missing-key", null, "缺少“in-force”。");
    return { from: "0001-01-01" };
  }
  const to = window.optionalDate("to");
  const ended = window.optionalText("ended");
  const read: InForce = {
    from: window.date("from"),
    ...(to ? { to } : {}),
    ...(ended ? { ended } : {}),
    ...readOwnBasis(window, text),
  };
  if (to && to < read.from) window.report("format.wrong-value", "to", "“to”早于“from”。");
  window.finish();
  return read;
}

export function readId(map: YamlMap, used: Set<string>): string {
  const id = map.text("id");
  if (id !== "" && !ID.test(id))
    map.report("format.wrong-value", "id", "编号用小写字母、数字和连字符，如 six-months。");
  if (used.has(id)) map.report("format.duplicate-id", "id", `编号“${id}”已经用过。`);
  used.add(id);
  return id;
}

export function readConditions(
  map: YamlMap,
  key: string,
  text: string,
  used: Set<string>,
): readonly ConditionDefinition[] {
  return map.maps(key).map((entry) => readCondition(entry, text, used));
}

function readCondition(map: YamlMap, text: string, used: Set<string>): ConditionDefinition {
  const when = map.optionalFeel("when");
  const whenFund = map.texts("when-fund");
  const common = {
    id: readId(map, used),
    says: map.text("says"),
    ...readOwnBasis(map, text),
    ...(when ? { when } : {}),
    ...(whenFund.length > 0 ? { whenFund } : {}),
  };
  const condition = ((): ConditionDefinition => {
    if (map.has("from")) {
      if (map.has("feel") || map.has("review"))
        map.report("format.wrong-value", null, "写了 from 的是时间条件，不再写 feel、review。");
      const until = map.optionalFeel("until");
      return { ...common, kind: "time", reached: map.feel("from"), ...(until ? { until } : {}) };
    }
    const review = map.map("review");
    if (!review) return { ...common, kind: "plain", feel: map.feel("feel") };
    const ambiguity = review.text("ambiguity");
    if (!AMBIGUITY.test(ambiguity)) review.report("format.wrong-value", "ambiguity", "疑义编号写成 AMB-19 的样子。");
    const decided = review.feel("when");
    review.finish();
    const feel = map.optionalFeel("feel");
    return feel
      ? { ...common, kind: "plain", feel, review: { ambiguity, when: decided } }
      : { ...common, kind: "review", ambiguity, feel: decided };
  })();
  map.finish();
  return condition;
}

const PARAMETER_KINDS = {
  分: "fen",
  整数: "integer",
  文本: "text",
  日期: "date",
  是否: "boolean",
  比率: "rate",
} as const;
type ParameterKind = keyof typeof PARAMETER_KINDS;

export interface SharedParameters {
  readonly [id: string]: ParameterDefinition | undefined;
}

export function readParameters(map: YamlMap, text: string, shared: SharedParameters): readonly ParameterDefinition[] {
  const parameters = map.map("parameters");
  if (!parameters) return [];
  const read = parameters.keys().flatMap((name) => {
    const entry = parameters.map(name);
    return entry ? [readParameter(name, entry, text, shared)] : [];
  });
  parameters.finish();
  return read;
}

export function readParameter(name: string, map: YamlMap, text: string, shared: SharedParameters): ParameterDefinition {
  if (map.has("shared")) {
    const id = map.text("shared");
    const found = shared[id];
    if (!found) map.report("rule.unknown-parameter", "shared", `没有共用参数“${id}”。`);
    map.finish();
    return found ? { ...found, name, shared: id } : { name, says: name, kind: "integer", values: [], openTo: [] };
  }
  const kind = PARAMETER_KINDS[map.oneOf("type", Object.keys(PARAMETER_KINDS) as ParameterKind[], inferredKind(map))];
  const by = map.optionalFeel("by");
  const bounds = map.optionalFeel("bounds");
  const awaits = map.optionalText("awaits");
  const openTo = map.texts("open-to").map((level) => {
    const found = LEVELS.find((known) => known === level);
    if (!found) map.report("format.wrong-value", "open-to", `“open-to”只写${LEVELS.join("、")}。`);
    return found ?? "省";
  });
  const parameter: ParameterDefinition = {
    name,
    says: map.optionalText("says") ?? name,
    kind,
    values: map.maps("values").map((entry) => readValue(entry, kind, text, by)),
    openTo,
    ...(by ? { by } : {}),
    ...(bounds ? { bounds } : {}),
    ...(awaits ? { awaits } : {}),
    ...readOwnBasis(map, text),
  };
  reportOverlaps(map, parameter.values);
  map.finish();
  return parameter;
}

/** Without `type:`, whole numbers are integers and `{ of, value }` is a rate. Money always says so. */
function inferredKind(map: YamlMap): ParameterKind {
  const [first] = map.maps("values");
  const value = first?.scalarOrMap("value");
  if (typeof value === "string") return readFact({ kind: "date" }, value) === null ? "文本" : "日期";
  if (typeof value === "boolean") return "是否";
  return value !== null && typeof value === "object" ? "比率" : "整数";
}

function readValue(
  map: YamlMap,
  kind: ParameterDefinition["kind"],
  text: string,
  by: FeelText | undefined,
): ParameterValue {
  const to = map.optionalDate("to");
  const region = map.optionalText("region");
  const forCase = map.optionalText("for");
  if (region !== undefined && !REGION.test(region)) map.report("format.wrong-value", "region", "区划代码是六位数字。");
  if (forCase !== undefined && !by) map.report("format.wrong-value", "for", "写了 for，参数须先写 by。");
  const value: ParameterValue = {
    from: map.date("from"),
    ...(to ? { to } : {}),
    ...(region ? { region } : {}),
    ...(forCase ? { for: forCase } : {}),
    value: readParameterScalar(map, kind),
    ...readOwnBasis(map, text),
  };
  map.finish();
  return value;
}

function readParameterScalar(map: YamlMap, kind: ParameterDefinition["kind"]): Scalar | Rate {
  const written = map.scalarOrMap("value");
  if (written === null) return 0;
  if (typeof written === "object") {
    const rate = { value: written.integer("value"), of: written.integer("of") };
    written.finish();
    if (kind !== "rate" || rate.of <= 0 || Math.abs(rate.value) > MAX_INTEGER)
      map.report("format.wrong-value", "value", "比率写成 { of: 100, value: 70 }，of 为正整数。");
    return rate;
  }
  if (kind === "rate" || readFact({ kind }, written) === null)
    map.report("format.wrong-value", "value", "参数的值与它的类型不符；金额写整数，单位是分。");
  return written;
}

/** Two values for the same place, case and day: which one holds would be chance. */
function reportOverlaps(map: YamlMap, values: readonly ParameterValue[]): void {
  for (const [index, value] of values.entries()) {
    const clash = values
      .slice(0, index)
      .some(
        (other) =>
          other.region === value.region &&
          other.for === value.for &&
          other.from <= (value.to ?? "9999-12-31") &&
          value.from <= (other.to ?? "9999-12-31"),
      );
    if (clash) map.report("format.wrong-value", "values", `自 ${value.from} 起的值与另一个值的日期重叠。`);
  }
}
