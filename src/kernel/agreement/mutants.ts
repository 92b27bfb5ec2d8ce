/** Rules with one comparison turned: what the draws must be able to tell from the rule itself. */
import type { PreparedMeasure } from "../rule/prepared.ts";

const TURNED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "=": "!=",
  "!=": "=",
  比例不低于: "比例不高于",
  比例不高于: "比例不低于",
};
/** Not part of a decision: the dictionary, the text as written, and what only binds who sets a value. */
const ASIDE = new Set(["source", "definition", "bounds", "type"]);

type Turn = (at: string) => boolean;

/** Copies a rule, turning the comparisons for which `turn` says so; reports each one's place. */
function copy(part: unknown, place: string, turn: Turn): unknown {
  if (Array.isArray(part)) return part.map((item, index) => copy(item, `${place}[${index}]`, turn));
  if (typeof part !== "object" || part === null) return part;
  const copied = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, ASIDE.has(key) ? value : copy(value, `${place}.${key}`, turn)]),
  );
  for (const key of ["operator", "function"]) {
    const turned = TURNED[String(copied[key])];
    if (turned !== undefined && turn(`${place} ${String(copied[key])}`)) copied[key] = turned;
  }
  for (const key of ["lowIncluded", "highIncluded"])
    if (typeof copied[key] === "boolean" && turn(`${place} ${key}`)) copied[key] = !copied[key];
  return copied;
}

export function mutantsOf(
  rule: PreparedMeasure,
): readonly { readonly place: string; readonly rule: PreparedMeasure }[] {
  const places: string[] = [];
  copy(rule, rule.definition.id, (place) => (places.push(place), false));
  return places.map((place) => ({
    place,
    rule: copy(rule, rule.definition.id, (at) => at === place) as PreparedMeasure,
  }));
}
