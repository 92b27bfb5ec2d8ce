import type {
  Basis,
  ConditionDefinition,
  LimitDefinition,
  PreparedCheck,
  PreparedMeasure,
  RuleDefinition,
} from "#kernel";
import { divisionPrefix, namesIn } from "#kernel";
import type { z } from "zod";
import type { basis as basisView, RuleRow, RuleView, VersionSummary } from "../contract.ts";
import { casesFor, type Library } from "../library/library.ts";
import { settingName } from "../settings/scope.ts";
import type { SettingRow } from "../settings/store.ts";
import type { VersionRow } from "../versions/store.ts";

export type NameOf = (code: string) => { readonly name: string };

/** The region of a rule that holds wherever this program works. */
const EVERYWHERE = "000000";

/** Files write divisions with six digits, the registry with as many as the level has. */
export const divisionName = (nameOf: NameOf, region: string): string =>
  region === "" ? "全系统" : region === EVERYWHERE ? "各地" : nameOf(divisionPrefix(region)).name;

export function toBasis(library: Library, basis: Basis): z.output<typeof basisView> {
  const text = library.texts.find(({ id }) => id === basis.text);
  return {
    text: basis.text,
    textTitle: text?.title ?? basis.text,
    number: text?.number ?? "",
    article: basis.article ?? null,
    quote: basis.quote ?? null,
  };
}

export function toVersion(version: VersionRow, nameOf: NameOf): VersionSummary {
  return {
    versionId: version.version_id,
    path: version.path,
    kind: version.kind,
    ruleId: version.rule_id,
    region: version.region,
    regionName: divisionName(nameOf, version.region),
    title: version.title,
    state: version.state,
    origin: version.origin,
    inForceFrom: version.in_force_from,
    inForceTo: version.in_force_to,
    draftedByName: version.drafted_by_name,
    draftedAt: version.drafted_at.toISOString(),
    publishedByName: version.published_by_name,
    publishedAt: version.published_at?.toISOString() ?? null,
  };
}

/** Of one rule and one day: 施行中, 尚未施行, 执行期满. */
export function statusOn(version: Pick<VersionRow, "in_force_from" | "in_force_to">, date: string): RuleRow["status"] {
  if (version.in_force_from !== null && date < version.in_force_from) return "not-yet";
  if (version.in_force_to !== null && date > version.in_force_to) return "ended";
  return "in-force";
}

export interface RowParts {
  readonly library: Library;
  readonly nameOf: NameOf;
  readonly date: string;
  readonly problems: number;
  readonly tally: RuleRow["tally"];
}

export function toRuleRow(version: VersionRow, rule: RuleDefinition | null, parts: RowParts): RuleRow {
  const { library, nameOf, date, problems, tally } = parts;
  const measure = rule?.kind === "measure" ? rule : null;
  const cases = rule ? casesFor(library.cases, rule) : undefined;
  return {
    ...toVersion(version, nameOf),
    class: measure?.class ?? null,
    catalogue: [...(rule?.catalogue ?? [])],
    source: rule?.source ?? null,
    basis: (rule?.basis ?? []).map((one) => toBasis(library, one)),
    funds: measure?.funds.map(({ name }) => name) ?? [],
    status: statusOn(version, date),
    cases: cases?.cases.length ?? 0,
    problems,
    tally,
  };
}

export function toConditions(
  rule: PreparedMeasure,
  library: Library,
  factsOf: (id: string) => readonly string[],
): RuleView["conditions"] {
  const { definition, source } = rule;
  const facts = (id: string) =>
    factsOf(id).flatMap((name) =>
      source.fields.filter((field) => field.name === name).map(({ label, supplier }) => ({ name, label, supplier })),
    );
  const own = [...definition.conditions, ...definition.funds.flatMap((fund) => fund.conditions)];
  return [
    ...own.map((condition) => ({
      id: condition.id,
      says: condition.says,
      feel: feelOf(condition),
      kind: condition.kind,
      funds: [...(condition.whenFund ?? [])],
      basis: condition.basis ? toBasis(library, condition.basis) : null,
      facts: facts(condition.id),
    })),
    ...definition.limits.map((limit) => ({
      id: limit.id,
      says: limit.says,
      feel: limitWords(limit),
      kind: "limit" as const,
      funds: [],
      basis: limit.basis ? toBasis(library, limit.basis) : null,
      facts: [],
    })),
  ];
}

/** The parts of a check's finding. */
export function toCheckConditions(rule: PreparedCheck, library: Library): RuleView["conditions"] {
  const { definition, source } = rule;
  const tests = new Map(rule.conditions.map(({ id, test }) => [id, test]));
  const own = definition.conditions.map(({ id, says, basis, feel }) => ({ id, says, basis, feel: feel.feel }));
  return own.map(({ id, says, basis, feel }) => ({
    id,
    says,
    feel,
    kind: "plain" as const,
    funds: [],
    basis: basis ? toBasis(library, basis) : null,
    facts: [...new Set(namesIn(tests.get(id)!, "fact"))].flatMap((name) =>
      source.fields.filter((field) => field.name === name).map(({ label, supplier }) => ({ name, label, supplier })),
    ),
  }));
}

function feelOf(condition: ConditionDefinition): string {
  const when = condition.when ? `（仅当 ${condition.when.feel}）` : "";
  if (condition.kind === "time")
    return `自 ${condition.reached.feel}${condition.until ? `，且不早于此日 ${condition.until.feel}` : ""}${when}`;
  return `${condition.feel.feel}${when}`;
}

const UNITS = { times: "次", months: "个月", years: "年", exclusive: "" } as const;

export function limitWords(limit: LimitDefinition): string {
  const per = `每个${limit.per.join("、")}${limit.within === "一生" ? "" : `每${limit.within}`}`;
  if (limit.counts === "exclusive") return `${per}不重复享受（${limit.key}）`;
  return `${per}最多 ${limit.most?.feel ?? "1"} ${UNITS[limit.counts]}（${limit.key}）`;
}

/** Parameters of one rule: what the text gives them, then what localities have set. */
export function toParameters(
  measure: RuleDefinition,
  library: Library,
  settings: readonly SettingRow[],
  nameOf: NameOf,
): RuleView["parameters"] {
  return measure.parameters.map((parameter) => ({
    name: parameter.name,
    says: parameter.says,
    kind: parameter.kind,
    bounds: parameter.bounds?.feel ?? null,
    shared: parameter.shared ?? null,
    openTo: [...parameter.openTo],
    awaits: parameter.awaits ?? null,
    values: [
      ...parameter.values.map((value) => ({
        from: value.from,
        to: value.to ?? null,
        region: value.region ?? null,
        regionName: divisionName(nameOf, value.region ?? measure.region),
        forCase: value.for ?? null,
        value: value.value,
        basis: value.basis || parameter.basis ? toBasis(library, (value.basis ?? parameter.basis)!) : null,
        document: "",
        sample: false,
      })),
      ...settings
        .filter((row) => row.parameter === settingName(measure, parameter))
        .map((row) => ({
          from: row.valid_from,
          to: row.valid_to,
          region: row.region,
          regionName: divisionName(nameOf, row.region),
          forCase: row.for_case,
          value: row.value,
          basis: null,
          document: row.document,
          sample: row.sample,
        })),
    ],
  }));
}
