import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../platform/config.ts";
import { palette, sizes } from "./tokens.ts";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const FONTS = ["sans", "serif", "mono"];

test("every custom property that a style sheet of the screen uses is one of the tokens, or set in that sheet", () => {
  const known = new Set([...Object.keys(palette), ...Object.keys(sizes)].map(kebab).concat(FONTS));
  const unknown = globSync("src/{ui,*/web}/**/*.css", { cwd: projectRoot }).flatMap((file) => {
    const text = readFileSync(join(projectRoot, file), "utf8");
    const used = [...text.matchAll(/var\(--([a-z0-9-]+)/g)].map(([, name]) => name!);
    return used.filter((name) => !known.has(name) && !text.includes(`--${name}:`)).map((name) => `${file} --${name}`);
  });
  // An unknown size is no error anywhere: the gap between two cards is just gone.
  expect(unknown).toEqual([]);
});
