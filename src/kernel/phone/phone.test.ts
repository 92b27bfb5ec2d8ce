import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawOf } from "../agreement/draws.ts";
import { scripted } from "../agreement/engines.ts";
import { measure, MEASURES } from "../agreement/rules.ts";
import { SITUATIONS } from "../agreement/situations.ts";
import { planOf } from "../interpret/plan.ts";
import { decide } from "../runtime/decide.ts";
import { waysToEligible } from "../interpret/changes.ts";
import { measureScript } from "./emit.ts";
import * as phone from "./runtime.ts";

/** The runtime and everything it imports, as the text that would travel. */
function bundled(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return "";
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const code = stripTypeScriptTypes(text).replaceAll(/^\s*\/?\*.*$/gm, "");
  const imports = [...text.matchAll(/^(?:import|export) (?!type)[^"]*? from "(\.[^"]+)"/gm)].map((match) => match[1]!);
  return imports.map((path) => bundled(join(dirname(file), path), seen)).join("") + code;
}

describe("measures as JavaScript", () => {
  it.each(MEASURES)("%s answers as the interpreter does", (id) => {
    const rule = measure(id);
    const situation = SITUATIONS[id]!;
    const script = measureScript(rule);
    const [emitted, interpreted] = [scripted(rule), planOf(rule)];
    const draws = fc.sample(drawOf(rule.source, situation), { numRuns: 1500, seed: 4 });
    for (const [index, draw] of draws.entries()) {
      const question = { ...draw(index), asOf: situation.asOf };
      expect(decide(emitted, question)).toEqual(decide(interpreted, question));
    }
    expect(script).not.toMatch(/require|import|eval|Function/);
    expect(gzipSync(script).length).toBeLessThan(3000);
  });

  it("finds the same ways to what is wanting as the interpreter does", () => {
    for (const id of ["export-introduction", "startup-loan", "workshop-award"]) {
      const rule = measure(id);
      const { asOf, ...situation } = SITUATIONS[id]!;
      const plan = scripted(rule);
      for (const [index, draw] of fc.sample(drawOf(rule.source, { ...situation, asOf }), 150).entries()) {
        const question = { ...draw(index), asOf };
        expect(phone.waysOf(plan, question)).toEqual(waysToEligible(rule, question));
      }
    }
  });

  it("needs less than 12 KB of runtime, not even minified", () => {
    const file = join(import.meta.dirname, "runtime.ts");
    expect(existsSync(file)).toBe(true);
    const size = gzipSync(bundled(file)).length;
    expect(size).toBeGreaterThan(2000);
    expect(size).toBeLessThan(12_288);
  });
});
