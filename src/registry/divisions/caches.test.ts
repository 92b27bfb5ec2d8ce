import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { readDateText } from "../../platform/sheets/index.ts";
import { ethnicity } from "../dictionaries/index.ts";
import { divisionMatcher } from "./index.ts";
import { employerKey } from "../employers/names.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const BLOCKS = 100;
const BLOCK_CHARACTERS = 200_000;

/** Every block of a file brings a text nobody wrote before; a cache that kept it as it was cut would keep 40 MB. */
function keptAfter(look: (text: string) => unknown, textOf: (n: number) => string): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < BLOCKS; n++) {
    // Decoded anew, as a block of a file is, and cut.
    const block = Buffer.from(`${"某村某组某人，".repeat(BLOCK_CHARACTERS / 7)},${textOf(n)}`).toString();
    look(block.split(",")[1]!);
  }
  collect();
  return (process.memoryUsage().heapUsed - before) / 2 ** 20;
}

const resolver = divisionMatcher([], []).within("", { on: "2025-06-18" });

test.each([
  ["names of employers", employerKey, (n: number) => `湘西自治州花垣县第${n}号农民专业合作社`],
  [
    "names of places",
    (text: string) => resolver.resolve(text),
    (n: number) => `湖南省湘西土家族苗族自治州某县第${n}号`,
  ],
  ["words of a dictionary", (text: string) => ethnicity.parse(text), (n: number) => `某某民族自治地方第${n}支系`],
  ["dates", readDateText, (n: number) => `二〇二五年六月第${n}个工作日`],
])("a cache of %s keeps the texts, not the file they were cut from", (_of, look, textOf) => {
  expect(keptAfter(look, textOf)).toBeLessThan(8);
});
