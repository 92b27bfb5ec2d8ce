/** Adds up the "Tests …" lines of several vitest runs into one closing line: `N passed, N failed`. */
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const text = stripVTControlCharacters(readFileSync(process.argv[2]!, "utf8"));
let passed = 0;
let failed = 0;
for (const line of text.matchAll(/^\s*Tests\s+(.*)$/gm)) {
  passed += Number(/(\d+) passed/.exec(line[1]!)?.[1] ?? 0);
  failed += Number(/(\d+) failed/.exec(line[1]!)?.[1] ?? 0);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
