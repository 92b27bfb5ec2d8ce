import type { ParameterValue } from "../format/types.ts";
import { divisionPrefix } from "../runtime/functions.ts";

/**
 * Values of one parameter in the order in which they are tried: the nearer division before its superior, a value for the very case
 * before one for any case, then in the order in which they are given. The first in force on the day holds. All engines follow this one list.
 */
export function orderedValues(values: readonly ParameterValue[], ruleRegion: string): readonly OrderedValue[] {
  return values
    .map((value) => ({ ...value, prefix: divisionPrefix(value.region ?? ruleRegion) }))
    .toSorted((a, b) => b.prefix.length - a.prefix.length || Number(a.for === undefined) - Number(b.for === undefined));
}

export interface OrderedValue extends ParameterValue {
  /** What the code of a division begins with if the value holds there. */
  readonly prefix: string;
}
