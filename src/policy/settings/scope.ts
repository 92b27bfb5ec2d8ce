import type { ParameterDefinition, RuleDefinition, ParameterSettings, ParameterValue } from "#kernel";
import type { SettingRow } from "./store.ts";

/** Under what name a parameter's settings are kept: a shared one's own, so that every rule reads the same value. */
export const settingName = (measure: Pick<RuleDefinition, "id" | "region">, parameter: ParameterDefinition): string =>
  parameter.shared ?? `${measure.id}/${measure.region}:${parameter.name}`;

/** What localities have set for the parameters of one rule, as the kernel wants it. */
export function settingsFor(rule: RuleDefinition, settings: readonly SettingRow[]): ParameterSettings {
  return Object.fromEntries(
    rule.parameters.map((parameter) => [
      parameter.name,
      settings.filter((row) => row.parameter === settingName(rule, parameter)).map(valueOf),
    ]),
  );
}

function valueOf(row: SettingRow): ParameterValue {
  return {
    from: row.valid_from,
    ...(row.valid_to === null ? {} : { to: row.valid_to }),
    region: row.region,
    ...(row.for_case === null ? {} : { for: row.for_case }),
    value: row.value,
    ...(row.sample ? { sample: true as const } : {}),
  };
}
