import { personFacts, regionNames } from "#registry";
import type { FactField, Facts } from "#kernel";
import { answerFormOf, isDivision, shownValue, type AnswerForm } from "#policy";
import { addDays } from "../../platform/dates/index.ts";
import type { Tx } from "../../platform/db/database.ts";
import { formatYuan, parseYuan } from "../../platform/money.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { ApplicationQuestion, ApplicationView } from "../contract.ts";
import { payableTo, type Payable, type Standing } from "./offers.ts";
import { isStatable } from "./stated.ts";
import type { StoredStatement } from "./store.ts";

/** A measure of the form: with what registers hold of the applicant, or alone where nobody can look him up here. */
export type FormPart = Pick<Standing, "measure"> & Partial<Pick<Standing, "rows" | "kind">>;

/** A fact to ask for, and the title of the measure that wants it first. */
export interface AskedField extends FactField {
  readonly about: string;
}

const isOfRegistry = ({ column }: FactField): boolean => (personFacts as readonly string[]).includes(column);

/**
 * Facts to ask for, each once whatever measures want it: of existing rows those that are missing and that a person can know; of what
 * nobody has registered yet, what the office will have to register, but nothing that the registry of persons holds.
 */
export function askedFields(parts: readonly FormPart[], stated: ReadonlySet<string>): readonly AskedField[] {
  const fields = parts.flatMap(({ measure, rows, kind }): readonly AskedField[] => {
    const about = measure.definition.title;
    const { fields: all } = measure.rule.source;
    if (rows === undefined || kind === "report")
      return all.filter((field) => isStatable(field) && !isOfRegistry(field)).map((field) => ({ ...field, about }));
    if (kind === "refused" || kind === "running") return [];
    const missing = new Set(rows.flatMap(({ explanation }) => explanation.missing.map(({ name }) => name)));
    const absent = new Set(rows.flatMap(({ facts }) => Object.keys(facts).filter((name) => facts[name] === null)));
    return all
      .filter(
        (field) => isStatable(field) && absent.has(field.name) && (missing.has(field.name) || stated.has(field.name)),
      )
      .map((field) => ({ ...field, about }));
  });
  // The first that asks keeps it.
  return [
    ...new Map(fields.toReversed().map((field) => [field.topic ?? field.name, field] as const)).values(),
  ].toReversed();
}

/** What registers hold of the rows, with the department that said so; nobody asks it again. */
export async function knownFacts(tx: Tx, parts: readonly FormPart[]): Promise<ApplicationView["known"]> {
  const read = parts.flatMap(({ measure, rows }) => {
    const byName = new Map(measure.rule.source.fields.map((field) => [field.name, field]));
    return (rows ?? []).flatMap(({ explanation, facts }) =>
      explanation.conditions.flatMap((condition) =>
        condition.facts.flatMap(({ name }) => {
          const field = byName.get(name);
          const value = facts[name];
          return field && value !== null && value !== undefined ? [{ field, value }] : [];
        }),
      ),
    );
  });
  const nameOf = await regionNames(
    tx,
    read.flatMap(({ field, value }) => (isDivision(field) && typeof value === "string" ? [value] : [])),
  );
  const rows = read.map(({ field, value }) => ({
    label: field.label,
    value: shownValue(field, value, (code) => nameOf(code).name) ?? "",
    source: field.supplier,
  }));
  return [...new Map(rows.map((row) => [`${row.label} ${row.value}`, row])).values()].slice(0, 40);
}

/** Counties of the province of a place, to choose from. */
async function countiesBeside(tx: Tx, county: string): Promise<readonly { value: string; label: string }[]> {
  const rows = await tx
    .selectFrom("registry.region")
    .select(["code", "full_name"])
    .where("level", "=", "county")
    .where("code", "like", `${county.slice(0, 2)}%`)
    .orderBy("code")
    .execute();
  return rows.map(({ code, full_name }) => ({ value: code, label: full_name }));
}

const YES_NO = [
  { value: "true", label: "是" },
  { value: "false", label: "否" },
] as const;

export async function toQuestions(
  tx: Tx,
  fields: readonly AskedField[],
  statements: readonly StoredStatement[],
  county: string,
): Promise<ApplicationQuestion[]> {
  const counties = fields.some((field) => answerFormOf(field) === "county") ? await countiesBeside(tx, county) : [];
  const given = new Map(statements.map((one) => [one.fact, one]));
  const asked = fields.flatMap((field): ApplicationQuestion[] => {
    const form = answerFormOf(field);
    if (form === null) return [];
    const one = given.get(field.name);
    given.delete(field.name);
    const choices =
      form === "yes-no"
        ? [...YES_NO]
        : form === "county"
          ? [...counties]
          : Object.entries(field.codes ?? {}).map(([value, label]) => ({ value, label }));
    return [
      {
        fact: field.name,
        label: field.label,
        about: field.about,
        question: field.question!,
        form,
        choices,
        value: one ? writtenOf(form, one.value) : "",
        ...checkOf(one),
      },
    ];
  });
  // What was stated once and is certified by now is still shown to whoever examines it.
  const more = [...given.values()].map((one): ApplicationQuestion => ({
    fact: one.fact,
    label: one.label,
    about: "",
    question: one.label,
    form: "text",
    choices: [],
    value: one.shown,
    ...checkOf(one),
  }));
  return [...asked, ...more];
}

const checkOf = (one: StoredStatement | undefined) => ({
  shown: one?.shown ?? "",
  checked: one?.checked ?? ("waiting" as const),
  checkedBy: one?.checked_by_name ?? null,
  reason: one?.reason ?? "",
});

/** As it stands in the field of the form. */
const writtenOf = (form: AnswerForm, value: string | number | boolean): string =>
  form === "money" && typeof value === "number"
    ? formatYuan(value).replaceAll(",", "")
    : form === "month"
      ? `${value}`.slice(0, 7)
      : form === "year"
        ? `${value}`.slice(0, 4)
        : `${value}`;

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const isDay = (text: string): boolean => DAY.test(text) && addDays(text, 0) === text;

/** What was typed, as the fact that it is; refuses what it cannot be. */
function readAnswer(field: FactField, form: AnswerForm, text: string): string | number | boolean {
  const wrong = (shape: string): never =>
    refuse(platformProblems.invalidInput(`“${field.label}”应${shape}，请改正后再保存。`, ["statements", field.name]));
  switch (form) {
    case "yes-no":
      return text === "true" || text === "false" ? text === "true" : wrong("选是或否");
    case "choice":
      return field.codes && Object.hasOwn(field.codes, text) ? text : wrong("从所列选项中选");
    case "county":
      return /^\d{6}$/.test(text) ? text : wrong("选到县（市、区）");
    case "text":
      return text.length <= 100 ? text : wrong("在 100 个字以内");
    case "number":
      return /^\d{1,9}$/.test(text) ? Number(text) : wrong("填整数");
    case "money": {
      const fen = parseYuan(text);
      return fen !== null && fen >= 0 && fen <= 100_000_000_000 ? fen : wrong("填金额（元），最多两位小数");
    }
    case "date":
      return isDay(text) ? text : wrong("填日期，如 2025-04-18");
    case "month":
      return isDay(`${text}-01`) ? `${text}-01` : wrong("填月份，如 2025-04");
    case "year":
      return isDay(`${text}-01-01`) ? `${text}-01-01` : wrong("填年份，如 2025");
  }
}

/** Statements of what was asked, read; what was not asked is refused, for a certified fact cannot be stated otherwise. */
export async function readStatements(
  tx: Tx,
  fields: readonly FactField[],
  given: Readonly<Record<string, string>>,
  certified: ReadonlyMap<string, string>,
): Promise<readonly Pick<StoredStatement, "fact" | "label" | "value" | "shown">[]> {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const read = Object.entries(given).flatMap(([name, text]) => {
    if (text === "") return [];
    const field = byName.get(name);
    if (!field) {
      const supplier = certified.get(name);
      return refuse(
        platformProblems.invalidInput(
          supplier === undefined
            ? `“${name}”不是这件申请要填的情况，请刷新页面后再填。`
            : `“${name}”已由${supplier}登记，不用填，也不能改。登记有误的请申请更正。`,
          ["statements", name],
        ),
      );
    }
    const form = answerFormOf(field);
    return form === null ? [] : [{ field, value: readAnswer(field, form, text) }];
  });
  const nameOf = await regionNames(
    tx,
    read.flatMap(({ field, value }) => (isDivision(field) ? [String(value)] : [])),
  );
  return read.map(({ field, value }) => ({
    fact: field.name,
    label: field.label,
    value,
    shown: shownValue(field, value, (code) => nameOf(code).name) ?? "",
  }));
}

/** Names of facts that registers hold for every row, with who said so. */
export const certifiedFacts = (parts: readonly FormPart[]): ReadonlyMap<string, string> =>
  new Map(
    parts.flatMap(({ measure, rows }) =>
      measure.rule.source.fields.flatMap(({ name, supplier }) =>
        (rows ?? []).some(({ facts }: { readonly facts: Facts }) => facts[name] !== null && facts[name] !== undefined)
          ? [[name, supplier] as const]
          : [],
      ),
    ),
  );

/**
 * Documents that the measures ask for, each once; one that any department has certified is not asked for, and nothing has to be brought for
 * what screening has found already.
 */
export function materialsOf(parts: readonly Pick<FormPart, "measure" | "kind">[]): ApplicationView["materials"] {
  const all = parts.flatMap(({ measure: { definition }, kind }) =>
    definition.materials.map(({ name, certifiedBy, optional }) => ({
      name,
      certifiedBy: certifiedBy ?? null,
      optional: optional || kind === "found",
      title: definition.title,
    })),
  );
  // What has to be brought stands first, what nobody asks for last; of two that ask for one thing the stricter counts.
  const rank = ({ certifiedBy, optional }: (typeof all)[number]): number => (certifiedBy ? 2 : optional ? 1 : 0);
  const sorted = all.toSorted((one, other) => rank(one) - rank(other));
  return sorted.filter(({ name }, index) => sorted.findIndex((one) => one.name === name) === index);
}

/** Measures by path, of those that pay somebody of this kind. */
export async function partsByPath(
  options: Parameters<typeof payableTo>[0],
  tx: Tx,
  paths: readonly string[],
): Promise<readonly Payable[]> {
  const wanted = new Set(paths);
  const all = [...(await payableTo(options, tx, "person")), ...(await payableTo(options, tx, "employer"))];
  return all.filter(({ measure }) => wanted.has(measure.definition.file));
}
