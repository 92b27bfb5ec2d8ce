import { namesIn } from "../feel/ast.ts";
import type { PreparedCheck } from "./prepared.ts";

/** `{岗位月.已发补贴}` in a message. */
export const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Facts that a check reads or names in its message. */
export function factsOfCheck(rule: PreparedCheck): readonly string[] {
  const { definition, eventDate, finding, unless, regionFact, parameters } = rule;
  const cases = parameters.flatMap(({ by }) => (by ? [by] : []));
  const read = [eventDate, finding, ...(unless ? [unless] : []), ...cases].flatMap((one) => namesIn(one, "fact"));
  const named = [...(definition.message ?? "").matchAll(PLACEHOLDER)].map(([, name]) => name!);
  return [...new Set([regionFact, ...read, ...named])];
}
