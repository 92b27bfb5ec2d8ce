/** The measures and checks of the kernel's own tests, read from `policies/` beside this file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRule, readSharedParameter } from "../format/rule.ts";
import type { RuleDefinition } from "../format/types.ts";
import { prepareCheck, prepareMeasure } from "../rule/prepare.ts";
import type { PreparedCheck, PreparedMeasure } from "../rule/prepared.ts";
import { SOURCES } from "./sources.ts";

const folder = join(import.meta.dirname, "policies");
const read = (path: string) => ({ file: `policies/${path}`, text: readFileSync(join(folder, path), "utf8") });

function definitionOf(path: string): RuleDefinition {
  const wage = readSharedParameter(read("parameters/minimum-wage.yaml"));
  if (!wage.value) throw new Error(JSON.stringify(wage.problems, null, 1));
  const { value, problems } = readRule(read(path), { "minimum-wage": wage.value });
  if (!value) throw new Error(JSON.stringify(problems, null, 1));
  return value;
}

export function measure(id: string): PreparedMeasure {
  const [name] = readdirSync(join(folder, "measures", id));
  const definition = definitionOf(`measures/${id}/${name}`);
  if (definition.kind !== "measure") throw new Error(`${id} is no measure`);
  const { rule, problems } = prepareMeasure(definition, SOURCES);
  if (!rule) throw new Error(JSON.stringify(problems, null, 1));
  return rule;
}

export function check(id: string): PreparedCheck {
  const [name] = readdirSync(join(folder, "checks", id));
  const definition = definitionOf(`checks/${id}/${name}`);
  if (definition.kind !== "check") throw new Error(`${id} is no check`);
  const { rule, problems } = prepareCheck(definition, SOURCES);
  if (!rule) throw new Error(JSON.stringify(problems, null, 1));
  return rule;
}

export const MEASURES = readdirSync(join(folder, "measures"));
export const CHECKS = readdirSync(join(folder, "checks"));
