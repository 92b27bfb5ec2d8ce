import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Population, type PopulationOptions } from "./population.ts";
import type { DivisionRow } from "./territory.ts";

/** The shipped divisions. The registry's door hands them out from a database only, which these tests do without. */
function readDivisions(): DivisionRow[] {
  return ["national", "towns-villages-43", "towns-villages-62", "towns-villages-3708"].flatMap((name) => {
    const path = join(import.meta.dirname, "../registry/divisions/data", `${name}.tsv.gz`);
    const lines = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
    return lines.map((line) => {
      const [code, written] = line.split("\t") as [string, string];
      return {
        code,
        name: written.replace(/村民委员会$|村委会$/u, "村").replace(/社区居民委员会$|社区居委会$|居委会$/u, "社区"),
      };
    });
  });
}

let divisions: DivisionRow[] | undefined;

/** Made once for all tests: 80,000 rows. */
export function sharedDivisions(): DivisionRow[] {
  return (divisions ??= readDivisions());
}

export function population(overrides: Partial<PopulationOptions> = {}): Population {
  return new Population({
    seed: "test",
    region: "433124",
    persons: 20_000,
    divisions: sharedDivisions(),
    ...overrides,
  });
}
