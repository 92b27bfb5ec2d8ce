import {
  divisionPrefix,
  refusalOf,
  type ParameterDefinition,
  type ParameterValue,
  type RuleDefinition,
  type SettingRefusal,
} from "#kernel";
import { regionNames, sees } from "#registry";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { policyPermissions } from "../permissions.ts";
import { policyProblems } from "../problems.ts";
import { listParameters, removeParameter, setParameter, type ParameterRow } from "../contract.ts";
import { divisionName, toBasis } from "../rules/views.ts";
import type { RuleServices } from "../screening/tasks.ts";
import { policyTasks } from "../task-names.ts";
import type { LoadedCheck, LoadedMeasure, Rulebook } from "../versions/rulebook.ts";
import { settingName } from "./scope.ts";
import { insertSetting, removeSetting } from "./store.ts";

type LoadedRule = LoadedMeasure | LoadedCheck;

interface UsedParameter {
  readonly parameter: ParameterDefinition;
  readonly users: readonly LoadedRule[];
}

/** Every parameter of every measure and check once: a shared one with all that read it. */
function parametersOf(book: Rulebook): ReadonlyMap<string, UsedParameter> {
  const found = new Map<string, { parameter: ParameterDefinition; users: LoadedRule[] }>();
  for (const rule of [...book.measures, ...book.checks])
    for (const parameter of rule.definition.parameters) {
      const name = settingName(rule.definition, parameter);
      const known = found.get(name);
      if (known) known.users.push(rule);
      else found.set(name, { parameter, users: [rule] });
    }
  return found;
}

const LEVEL_DIGITS = { 省: 2, 市: 4, 县: 6 } as const;

/** Whether an officer of this area may set it somewhere: an open level at or under his own division. */
function maySet(parameter: ParameterDefinition, measures: readonly RuleDefinition[], scope: string): boolean {
  return measures.some(({ region }) => {
    const rule = divisionPrefix(region);
    const inside = scope.startsWith(rule) || rule.startsWith(scope);
    return inside && parameter.openTo.some((level) => LEVEL_DIGITS[level] >= scope.length);
  });
}

export function settingHandlers({ rulebook }: RuleServices): readonly Handler[] {
  return [
    handle(listParameters, async ({ tx, caller }, { words, open }) => {
      const book = await rulebook.get(tx);
      const scope = caller.sight.region;
      const settable = caller.permissions.has(policyPermissions.settings) && scope !== null;
      const parameters = [...parametersOf(book)];
      const nameOf = await regionNames(
        tx,
        parameters
          .flatMap(([, { parameter, users }]) => [
            ...users.map(({ definition }) => definition.region),
            ...parameter.values.flatMap(({ region }) => region ?? []),
          ])
          .concat(book.settings.map(({ region }) => region))
          .map(divisionPrefix),
      );
      const rows = parameters.map(([name, { parameter, users }]): ParameterRow => ({
        parameter: name,
        name: parameter.name,
        says: parameter.says,
        kind: parameter.kind,
        openTo: [...parameter.openTo],
        awaits: parameter.awaits ?? null,
        bounds: parameter.bounds?.feel ?? null,
        cases: [
          ...new Set([...parameter.values.flatMap((value) => value.for ?? []), ...casesOfBy(users[0]!, parameter)]),
        ],
        measures: users.map(({ version, definition }) => ({
          versionId: version.version_id,
          title: definition.title,
          region: definition.region,
          regionName: divisionName(nameOf, definition.region),
        })),
        shipped: parameter.values.map((value) => ({
          region: value.region ?? null,
          regionName: divisionName(nameOf, value.region ?? users[0]!.definition.region),
          forCase: value.for ?? null,
          value: value.value,
          from: value.from,
          to: value.to ?? null,
          basis: value.basis ? toBasis(book.library, value.basis) : null,
        })),
        settings: book.settings
          .filter((row) => row.parameter === name)
          .map((row) => ({
            settingId: row.setting_id,
            region: row.region,
            regionName: divisionName(nameOf, row.region),
            forCase: row.for_case,
            value: row.value,
            from: row.valid_from,
            to: row.valid_to,
            document: row.document,
            documentDate: row.document_date,
            sample: row.sample,
            setByName: row.set_by_name,
            own: scope !== null && sees(scope, divisionPrefix(row.region)),
          })),
        maySet:
          settable &&
          maySet(
            parameter,
            users.map(({ definition }) => definition),
            scope,
          ),
      }));
      const text = words?.trim() ?? "";
      return {
        rows: rows.filter(
          (row) =>
            (!open || row.openTo.length > 0) &&
            (text === "" ||
              [row.says, row.name, ...row.measures.map(({ title }) => title)].some((one) => one.includes(text))),
        ),
      };
    }),

    handle(setParameter, async (context, input) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      if (scope === null || !sees(scope, divisionPrefix(input.region))) refuse(policyProblems.outsideDivision());
      const { parameter, users } =
        parametersOf(await rulebook.get(tx)).get(input.parameter) ?? refuse(policyProblems.parameterUnknown());
      const value: ParameterValue & { region: string } = {
        from: input.from,
        ...(input.to === null ? {} : { to: input.to }),
        region: input.region,
        ...(input.forCase === null ? {} : { for: input.forCase }),
        value: input.value,
      };
      // A shared value must suit every rule of that place which reads it.
      const concerned = usersIn(users, input.region);
      if (concerned.length === 0) refuse(policyProblems.outsideDivision());
      for (const { rule } of concerned) {
        const refusal = rule && refusalOf(rule, parameter.name, value);
        if (refusal) refuse(policyProblems.settingRefused(refusalWords(refusal, parameter)));
      }
      const officer = { officerId: caller.officerId, name: caller.name };
      const settingId =
        (await insertSetting(tx, { ...input, value: input.value }, officer)) ?? refuse(policyProblems.settingTwice());
      context.audit({
        subject: `policy.setting:${settingId}`,
        parameter: input.parameter,
        region: divisionPrefix(input.region),
      });
      await screenAnew(context, concerned, input.region);
      return { settingId };
    }),

    handle(removeParameter, async (context, { settingId }) => {
      const { tx, caller } = context;
      const row = (await removeSetting(tx, settingId, caller.name)) ?? refuse(platformProblems.notFound("这项标准"));
      if (caller.sight.region === null || !sees(caller.sight.region, divisionPrefix(row.region)))
        refuse(policyProblems.outsideDivision());
      context.audit({ subject: `policy.setting:${settingId}`, parameter: row.parameter });
      const users = parametersOf(await rulebook.get(tx)).get(row.parameter)?.users ?? [];
      await screenAnew(context, usersIn(users, row.region), row.region);
      return {};
    }),
  ];
}

/** Rules that read what a place has set: those of the divisions in which it lies. */
const usersIn = (users: readonly LoadedRule[], region: string): readonly LoadedRule[] =>
  users.filter(({ definition }) => region.startsWith(divisionPrefix(definition.region)));

/** Who was told 标准未定, or another amount, is to be told anew; checks are asked again at night. */
async function screenAnew(context: ActionContext, rules: readonly LoadedRule[], region: string): Promise<void> {
  for (const { version } of rules.filter(({ definition }) => definition.kind === "measure"))
    await context.enqueue({
      name: policyTasks.screenRule,
      payload: { versionId: version.version_id },
      subject: `policy.version:${version.version_id}`,
      region: divisionPrefix(region),
      queue: "policy",
    });
}

/** The codes of the fact on which the value depends. */
function casesOfBy({ rule }: LoadedRule, { name }: ParameterDefinition): readonly string[] {
  const by = rule?.parameters.find((one) => one.name === name)?.by;
  if (by?.op !== "name") return [];
  return Object.keys(rule?.source.fields.find((field) => field.name === by.name)?.codes ?? {});
}

function refusalWords(refusal: SettingRefusal, parameter: ParameterDefinition): string {
  switch (refusal.code) {
    case "unknown-parameter":
      return "没有这个参数。";
    case "not-open":
      return parameter.openTo.length === 0
        ? `“${parameter.says}”由文件直接规定，地方不能另设。`
        : `“${parameter.says}”由${parameter.openTo.join("、")}级设定，${refusal.level}级不能设定。`;
    case "outside":
      return "所选区划不在这条规则施行的范围内。";
    case "wrong-type":
      return `“${parameter.says}”的值写法不对，请按示例填写。`;
    case "out-of-bounds":
      return `这个值在 ${refusal.on} 超出了上级规定的范围（${parameter.bounds?.feel ?? ""}）。`;
    case "bounds-unknown":
      return `现在无法核对这个值是否在上级规定的范围内：${refusal.on} 时所依据的标准还没有设定（${parameter.bounds?.feel ?? ""}）。请先设定它。`;
  }
}
