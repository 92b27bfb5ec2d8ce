/** The rules of the kernel's own tests, read from `policies/` beside this file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRule, readSharedParameter } from "../format/rule.ts";
import type { RuleDefinition } from "../format/types.ts";
import { prepareCheck, prepareDuty, prepareIndicator, prepareMeasure, type Prepared } from "../rule/prepare.ts";
import { SOURCES } from "./sources.ts";

const policies = join(import.meta.dirname, "policies");
const read = (path: string) => ({ file: `policies/${path}`, text: readFileSync(join(policies, path), "utf8") });

function definitionOf(path: string): RuleDefinition {
  const wage = readSharedParameter(read("parameters/minimum-wage.yaml"));
  if (!wage.value) throw new Error(JSON.stringify(wage.problems, null, 1));
  const { value, problems } = readRule(read(path), { "minimum-wage": wage.value });
  if (!value) throw new Error(JSON.stringify(problems, null, 1));
  return value;
}

/** A rule of one kind by its folder and id, prepared. */
function preparedOf<K extends RuleDefinition["kind"], R>(
  folder: string,
  id: string,
  kind: K,
  prepare: (definition: Extract<RuleDefinition, { kind: K }>, sources: typeof SOURCES) => Prepared<R>,
): R {
  const [name] = readdirSync(join(policies, folder, id));
  const definition = definitionOf(`${folder}/${id}/${name}`);
  if (definition.kind !== kind) throw new Error(`${id} is no ${kind}`);
  const { rule, problems } = prepare(definition as Extract<RuleDefinition, { kind: K }>, SOURCES);
  if (!rule) throw new Error(JSON.stringify(problems, null, 1));
  return rule;
}

export const measure = (id: string) => preparedOf("measures", id, "measure", prepareMeasure);
export const check = (id: string) => preparedOf("checks", id, "check", prepareCheck);
export const duty = (id: string) => preparedOf("duties", id, "duty", prepareDuty);
export const indicator = (id: string) => preparedOf("indicators", id, "indicator", prepareIndicator);

export const MEASURES = readdirSync(join(policies, "measures"));
export const CHECKS = readdirSync(join(policies, "checks"));
