import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { chooseRows, type ErrorCounts } from "./choose.ts";
import { rewriteCsv } from "./csv-rewrite.ts";
import { planFile, type KeyEntry } from "./edits.ts";
import { errorKindIds, type ErrorKindId, type ForeignPerson, type RenamedVillage } from "./kinds.ts";
import { rewriteXlsx } from "./xlsx-rewrite.ts";

export interface PlantOptions {
  /** Finished tables, .csv or .xlsx. They are left as they are. */
  readonly files: readonly string[];
  /** Gets the planted files under their old names, and the key. */
  readonly outFolder: string;
  readonly seed: string;
  /** Errors of each kind over all files together; a number stands for every kind that has what it needs. */
  readonly counts: ErrorCounts | number;
  /** Needed for village-renamed: TSV, former name, present name, and the town where that is needed. */
  readonly renamedVillagesFile?: string;
  /** Needed for other-county: TSV, name and identity number. */
  readonly foreignPersonsFile?: string;
}

export interface PlantResult {
  readonly files: readonly string[];
  readonly keyFile: string;
  readonly key: readonly KeyEntry[];
  readonly planted: Partial<Record<ErrorKindId, number>>;
  /** Kinds for which the files had too few fit rows, with how many are lacking. */
  readonly missing: Partial<Record<ErrorKindId, number>>;
}

const KEY_FILE = "answer-key.jsonl";

/** Copies the files with errors planted and writes the key to them: one JSON line per altered cell or row put in. */
export async function plantErrors({
  files,
  outFolder,
  seed,
  counts,
  renamedVillagesFile,
  foreignPersonsFile,
}: PlantOptions): Promise<PlantResult> {
  const names = files.map((file) => basename(file));
  if (new Set(names).size < names.length) throw new Error("two of the files have one name");
  const context = {
    renamedVillages: renamedVillagesFile === undefined ? [] : await readRenamedVillages(renamedVillagesFile),
    foreignPersons: foreignPersonsFile === undefined ? [] : await readForeignPersons(foreignPersonsFile),
  };
  const asked =
    typeof counts === "number"
      ? everyKind(counts, context.renamedVillages.length > 0, context.foreignPersons.length > 0)
      : counts;
  // Nobody of another county turns up twice: that would be a duplicate besides.
  const wanted = { ...asked, "other-county": Math.min(asked["other-county"] ?? 0, context.foreignPersons.length) };
  const { choices, formats } = await chooseRows(files, wanted, seed, context);
  const foreigners = new Map(
    choices
      .filter(({ kind }) => kind === "other-county")
      .map(({ target }, index) => [target, context.foreignPersons[index]!]),
  );
  await mkdir(outFolder, { recursive: true });
  const key: KeyEntry[] = [];
  for (const file of files) {
    const format = formats.get(file)!;
    const planned = planFile(
      basename(file),
      choices.filter(({ target }) => target.file === file),
      seed,
      (target) => {
        const foreigner = foreigners.get(target);
        return {
          ...context,
          foreignPersons: foreigner === undefined ? [] : [foreigner],
          hasNumberCells: format !== "csv",
        };
      },
    );
    const outPath = join(outFolder, basename(file));
    if (format === "csv") await rewriteCsv(file, outPath, planned.sheets.get(0) ?? { rows: new Map(), copies: [] });
    else if (format === "xlsx") await rewriteXlsx(file, outPath, planned.sheets);
    else throw new Error(`${file}: errors are planted in .csv and .xlsx files only`);
    key.push(...planned.key);
  }
  const keyFile = join(outFolder, KEY_FILE);
  await writeFile(keyFile, key.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const planted: PlantResult["planted"] = {};
  for (const { kind } of choices) planted[kind] = (planted[kind] ?? 0) + 1;
  const missing: PlantResult["missing"] = {};
  for (const kind of errorKindIds) {
    const lacking = (asked[kind] ?? 0) - (planted[kind] ?? 0);
    if (lacking > 0) missing[kind] = lacking;
  }
  return { files: names.map((name) => join(outFolder, name)), keyFile, key, planted, missing };
}

function everyKind(count: number, canRename: boolean, hasForeigners: boolean): ErrorCounts {
  const possible = errorKindIds.filter(
    (kind) => (kind !== "village-renamed" || canRename) && (kind !== "other-county" || hasForeigners),
  );
  return Object.fromEntries(possible.map((kind) => [kind, count]));
}

async function readRenamedVillages(path: string): Promise<RenamedVillage[]> {
  return (await readLines(path)).map(([former, present, town]) => {
    if (!former || !present) throw new Error(`${path}: a line lacks the former or the present name`);
    return { former, present, ...(town ? { town } : {}) };
  });
}

async function readForeignPersons(path: string): Promise<ForeignPerson[]> {
  return (await readLines(path)).map(([name, identityNumber]) => {
    if (!name || !identityNumber) throw new Error(`${path}: a line lacks the name or the number`);
    return { name, identityNumber };
  });
}

async function readLines(path: string): Promise<string[][]> {
  const text = await readFile(path, "utf8");
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split("\t"));
}
