import { readBasis, readConditions, readId, readInForce, readParameters, type SharedParameters } from "./parts.ts";
import {
  CLASSES,
  GRAINS,
  HANDLINGS,
  WINDOWS,
  type AmountDefinition,
  type FundDefinition,
  type LimitDefinition,
  type MaterialDefinition,
  type MeasureDefinition,
} from "./types.ts";
import type { YamlMap } from "./yaml.ts";

export interface RulePlace {
  readonly file: string;
  readonly id: string;
  readonly region: string;
}

/** What every kind of rule begins with. */
export function readHead(map: YamlMap, place: RulePlace, shared: SharedParameters) {
  const basis = map.maps("basis").map((entry) => readBasis(entry, ""));
  if (basis.length === 0) map.report("format.missing-key", null, "缺少“basis”：每条规则都要有依据。");
  const text = basis[0]?.text ?? "";
  return {
    ...place,
    title: map.text("title"),
    catalogue: map.texts("catalogue"),
    basis,
    inForce: readInForce(map, text),
    jurisdiction: map.text("jurisdiction"),
    parameters: readParameters(map, text, shared),
    notes: map.texts("notes"),
  };
}

export function readMeasure(map: YamlMap, place: RulePlace, shared: SharedParameters): MeasureDefinition {
  const head = readHead(map, place, shared);
  const text = head.basis[0]?.text ?? "";
  const used = new Set<string>(["jurisdiction", "in-force", "accepted-in-time", "amount-tier"]);
  const payer = map.optionalText("payer");
  const testDate = map.optionalFeel("test-date");
  const amount = map.map("amount");
  const decides = map.optionalText("decides");
  const measure: MeasureDefinition = {
    kind: "measure",
    ...head,
    class: map.oneOf("class", CLASSES, "CALC"),
    source: map.text("claim"),
    grain: map.oneOf("grain", GRAINS, "person"),
    payee: map.text("payee"),
    pays: map.texts("pays"),
    handling: map.oneOf("handling", HANDLINGS, "申请确认"),
    ...(payer ? { payer } : {}),
    eventDate: map.feel("event-date"),
    ...(testDate ? { testDate } : {}),
    lateClaims: readLateClaims(map),
    conditions: readConditions(map, "conditions", text, used),
    limits: map.maps("limits").map((entry) => readLimit(entry, text, used)),
    ...(amount ? { amount: readAmount(amount) } : {}),
    ...(decides ? { decides } : {}),
    funds: map.namesOrMaps("funds").map((entry) => readFund(entry, text, used)),
    evidence: map.texts("evidence"),
    materials: map.maps("materials").map(readMaterial),
  };
  const funds = measure.funds.map(({ name }) => name);
  for (const { id, whenFund } of measure.conditions)
    for (const fund of whenFund ?? [])
      if (!funds.includes(fund))
        map.report("format.wrong-value", "funds", `条件“${id}”所说的资金“${fund}”不在 funds 里。`);
  const countsMonths = measure.grain === "month" || measure.amount?.each?.unit === "月";
  for (const { id, counts } of measure.limits)
    if (counts === "months" && !countsMonths)
      map.report(
        "format.wrong-value",
        "limits",
        `限额“${id}”按月数计算，要知道一次占几个月：写 grain: month，或在 amount 里写 each: { count, unit: 月 }。`,
      );
  if (amount && decides)
    map.report("format.wrong-value", "decides", "已写 amount，不再写 decides：规则或算金额，或定一件事。");
  if (!amount && !decides && measure.class !== "QUAL")
    map.report("format.missing-key", null, "缺少“amount”；不算金额的写 decides：它定什么。只有 QUAL 类两样都可不写。");
  map.finish();
  return measure;
}

function readMaterial(map: YamlMap): MaterialDefinition {
  const certifiedBy = map.optionalText("certified-by");
  const material = { name: map.text("name"), ...(certifiedBy ? { certifiedBy } : {}), optional: map.flag("optional") };
  map.finish();
  return material;
}

function readLateClaims(map: YamlMap): MeasureDefinition["lateClaims"] {
  if (!map.has("late-claims")) return "accepted";
  const value = map.scalarOrMap("late-claims");
  if (value !== null && typeof value === "object") {
    const late = { until: value.date("until"), date: value.feel("date") };
    value.finish();
    return late;
  }
  if (value !== "accepted")
    map.report(
      "format.wrong-value",
      "late-claims",
      "“late-claims”写 accepted，或写 { until: 截止日, date: 受理日期 }。",
    );
  return "accepted";
}

function readFund(entry: string | YamlMap, text: string, used: Set<string>): FundDefinition {
  if (typeof entry === "string") return { name: entry, conditions: [] };
  const fund = { name: entry.text("name"), conditions: readConditions(entry, "conditions", text, used) };
  entry.finish();
  return fund;
}

const COUNTED = { times: "次", months: "个月", years: "年", exclusive: "" } as const;

function readLimit(map: YamlMap, text: string, used: Set<string>): LimitDefinition {
  const key = map.text("key");
  const written = (["times", "months", "years", "exclusive"] as const).filter((counts) => map.has(counts));
  const counts = written[0] ?? "times";
  if (written.length !== 1)
    map.report("format.wrong-value", null, "每条限额写 times、months、years、exclusive 其中一个。");
  const most = counts === "exclusive" ? undefined : map.feel(counts);
  if (counts === "exclusive" && !map.flag("exclusive"))
    map.report("format.wrong-value", "exclusive", "只写 exclusive: true。");
  const basis = map.map("basis");
  const as = map.optionalText("as");
  const unlessSame = map.optionalText("unless-same");
  const within = map.oneOf("within", WINDOWS, "一生");
  const per = map.texts("per");
  if (per.length === 0) map.report("format.missing-key", null, "缺少“per”：限额按谁计算。");
  if (as && counts !== "months") map.report("format.wrong-value", "as", "只有按月数的限额才写 as。");
  if (unlessSame && counts !== "exclusive")
    map.report("format.wrong-value", "unless-same", "只有 exclusive 才写 unless-same。");
  if (counts === "years" && within !== "一生") map.report("format.wrong-value", "within", "按年数的限额不写 within。");
  const said = counts === "exclusive" ? "已享受过的不重复享受" : `${within}内最多${most!.feel}${COUNTED[counts]}`;
  const limit: LimitDefinition = {
    id: map.has("id") ? readId(map, used) : `limit-${key}`,
    says: map.optionalText("says") ?? `${per.join("、")}${said}`,
    ...(basis ? { basis: readBasis(basis, text) } : {}),
    key,
    per,
    within,
    counts,
    ...(most ? { most } : {}),
    ...(as ? { as } : {}),
    ...(unlessSame ? { unlessSame } : {}),
  };
  map.finish();
  return limit;
}

function readAmount(map: YamlMap): AmountDefinition {
  const says = map.optionalText("says");
  const each = map.map("each");
  const tiers = map.has("tiers") ? map.maps("tiers") : [map];
  const amount: AmountDefinition = {
    unit: map.oneOf("unit", ["分", "元"], "分"),
    ...(says ? { says } : {}),
    tiers: tiers.map((tier) => {
      const when = tier === map ? undefined : tier.optionalFeel("when");
      const cap = tier.optionalFeel("cap");
      const read = { ...(when ? { when } : {}), feel: tier.feel("feel"), ...(cap ? { cap } : {}) };
      if (tier !== map) tier.finish();
      return read;
    }),
    ...(each ? { each: readEach(each) } : {}),
  };
  map.finish();
  return amount;
}

function readEach(map: YamlMap): NonNullable<AmountDefinition["each"]> {
  const atMost = map.optionalFeel("at-most");
  const each = { count: map.feel("count"), ...(atMost ? { atMost } : {}), unit: map.oneOf("unit", ["月", "天"]) };
  map.finish();
  return each;
}
