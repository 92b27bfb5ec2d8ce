import { sql } from "kysely";
import { divisionPrefix, type ParameterDefinition, type RuleDefinition } from "#kernel";
import type { Tx } from "../../platform/db/database.ts";
import { casesOf } from "../library/library.ts";
import type { MeasureCases } from "../measures/cases.ts";
import { settingName } from "../settings/scope.ts";
import type { NewSetting } from "../settings/store.ts";
import type { Rulebook } from "../versions/rulebook.ts";

export const SAMPLE_DOCUMENT = "样例：非真实标准";
const BY = "演示数据";
/** What rules share holds before every document of the rulebook: a bound of their own values waits for none. */
const FROM = "2020-01-01";
const DIGITS = { 省: 2, 市: 4, 县: 6 } as const;

/**
 * Values for what a locality of this county has yet to set, from the cases of the rules that wait for it. Only of parameters without any
 * value: what a document says stands. Nobody has set them anywhere.
 */
export function sampleSettings(book: Rulebook, county: string): readonly NewSetting[] {
  return [...book.measures, ...book.checks].flatMap(({ definition }) => {
    const cases = casesOf(book.library, definition);
    if (!cases || !county.startsWith(divisionPrefix(definition.region))) return [];
    return definition.parameters.flatMap((parameter) => {
      const region = whereSet(parameter, county);
      return isSaid(definition, parameter) || region === null ? [] : valuesOf(definition, parameter, cases, region);
    });
  });
}

/** Whether a document that binds here says a value. */
const isSaid = ({ region }: RuleDefinition, { values }: ParameterDefinition): boolean =>
  values.some((value) => value.region === undefined || region.startsWith(divisionPrefix(value.region)));

/** The widest division of the county that may set it; of a city's rule the province, where that is for the province to say. */
function whereSet({ openTo }: ParameterDefinition, county: string): string | null {
  const widest = (["省", "市", "县"] as const).find((level) => openTo.includes(level));
  return widest === undefined ? null : county.slice(0, DIGITS[widest]).padEnd(6, "0");
}

function valuesOf(
  measure: RuleDefinition,
  parameter: ParameterDefinition,
  cases: MeasureCases,
  region: string,
): readonly NewSetting[] {
  const written = cases.settings[parameter.name] ?? [];
  // The latest of each case of the thing that the value depends on.
  const last = [...new Map(written.map((value) => [value.for ?? null, value] as const)).entries()];
  const [first] = last;
  if (!first) return [];
  const rest = parameter.by && !last.some(([forCase]) => forCase === null) ? [[null, first[1]] as const] : [];
  return [...last, ...rest].map(([forCase, { value }]) => ({
    parameter: settingName(measure, parameter),
    region,
    forCase,
    value: value as NewSetting["value"],
    from: parameter.shared ? FROM : measure.inForce.from,
    to: null,
    document: SAMPLE_DOCUMENT,
    documentDate: null,
    sample: true,
  }));
}

/** Puts them in where nobody has set anything yet; a second run adds nothing. */
export async function putSampleSettings(tx: Tx, settings: readonly NewSetting[]): Promise<void> {
  const rows = settings.map(({ parameter, region, forCase, value, from }) => ({
    parameter,
    region,
    forCase,
    value,
    from,
  }));
  await sql`
    INSERT INTO policy.setting (parameter, region, for_case, value, valid_from, document, sample, set_by_name)
    SELECT s.parameter, s.region, s."forCase", s.value, s."from", ${SAMPLE_DOCUMENT}, true, ${BY}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s(parameter text, region text, "forCase" text, value jsonb, "from" date)
    WHERE NOT EXISTS (SELECT 1 FROM policy.setting o WHERE o.parameter = s.parameter AND o.region = s.region AND o.removed_at IS NULL)
    ON CONFLICT DO NOTHING`.execute(tx);
}
