import { readFile } from "node:fs/promises";
import { inflateSync } from "node:zlib";
import { parseYuan } from "../../platform/money.ts";
import { cellText, isProblem, openSheets, type SheetSource, type WriteSheet } from "../../platform/sheets/index.ts";
import { refuse } from "../../platform/problem.ts";
import { subsidiesProblems } from "../problems.ts";
import type { ListFile } from "./list-check.ts";
import { lineText, readLineText, type ListLine } from "./list-lines.ts";

/** Name of the sheet that shows the list, of the one that is for programs, and of the file within a PDF. */
export const LIST_SHEET = "名单";
const DATA_SHEET = "校验数据";
export const ATTACHED = "list.txt";

/** A cell of a workbook holds 32,767 characters. */
const CELL = 30_000;

type Entry = readonly [kind: "名单" | "存证" | "续", content: string];

/** What a program needs of a list, as lines of two parts: the lines themselves, and the proof in pieces that fit a cell. */
function entriesOf(lines: readonly ListLine[], proof: string): readonly Entry[] {
  return [
    ...lines.map((line): Entry => ["名单", lineText(line)]),
    ...proof
      .split("\n")
      .filter((line) => line !== "")
      .flatMap((line) =>
        Array.from({ length: Math.ceil(line.length / CELL) }, (_, piece): Entry => [
          piece === 0 ? "存证" : "续",
          line.slice(piece * CELL, (piece + 1) * CELL),
        ]),
      ),
  ];
}

export const dataSheet = (lines: readonly ListLine[], proof: string): WriteSheet => ({
  name: DATA_SHEET,
  columns: [
    { header: "类别", kind: "text", width: 10 },
    { header: "内容（供 wengang verify-list 核对，请勿改动）", kind: "text", width: 120 },
  ],
  rows: entriesOf(lines, proof),
});

export const attachedText = (lines: readonly ListLine[], proof: string): string =>
  entriesOf(lines, proof)
    .map((entry) => entry.join("\t"))
    .join("\n");

function read(entries: Iterable<readonly [string, string]>): Pick<ListFile, "lines" | "proof"> {
  const lines: ListLine[] = [];
  const proof: string[] = [];
  for (const [kind, content] of entries) {
    if (kind === "存证") proof.push(content);
    else if (kind === "续" && proof.length > 0) proof.push(proof.pop()! + content);
    else if (kind === "名单") {
      const line = readLineText(content);
      if (line) lines.push(line);
    }
  }
  if (proof.length === 0) refuse(subsidiesProblems.noListInside());
  return { lines, proof: `${proof.join("\n")}\n` };
}

/** Reads a list that was downloaded here: as a workbook with what it shows, or as a PDF, of which only what lies within can be read. */
export async function readListFile(path: string): Promise<ListFile> {
  const head = await readFile(path);
  if (head.subarray(0, 5).toString("latin1") === "%PDF-") return { shown: null, ...readPdf(head) };
  const opened = await openSheets(path);
  if (isProblem(opened)) refuse(opened);
  await using source = opened;
  const of = (name: string) =>
    source.sheets.find((sheet) => sheet.name === name)?.index ?? refuse(subsidiesProblems.noListInside());
  const entries: (readonly [string, string])[] = [];
  for await (const cells of rowsOf(source, of(DATA_SHEET))) entries.push([cells[0] ?? "", cells[1] ?? ""]);
  return { shown: await shownIn(source, of(LIST_SHEET)), ...read(entries) };
}

async function* rowsOf(source: SheetSource, sheet: number): AsyncGenerator<readonly string[]> {
  for await (const batch of source.rows(sheet))
    for (const { cells } of batch) yield Array.from(cells, (cell) => cellText(cell ?? null).trim());
}

/** Rows that begin with a number: 序号, 村（社区）, 收款人, 证件号码, 涉及人数, 金额. */
async function shownIn(source: SheetSource, sheet: number): Promise<NonNullable<ListFile["shown"]>> {
  const shown: NonNullable<ListFile["shown"]>[number][] = [];
  for await (const [line = "", , payeeName = "", identityMask = "", persons = "", amount = ""] of rowsOf(source, sheet))
    if (/^\d+$/.test(line))
      shown.push({
        line: Number(line),
        payeeName,
        identityMask,
        persons: Number(persons),
        amountFen: parseYuan(amount) ?? -1,
      });
  return shown;
}

/** The file within: found by its mark, as its own length says, unpacked. */
function readPdf(bytes: Buffer): Pick<ListFile, "lines" | "proof"> {
  const text = bytes.toString("latin1");
  const found = /\/Type \/EmbeddedFile[\s\S]*?\/Length (\d+)[\s\S]*?stream\r?\n/.exec(text);
  if (!found) return refuse(subsidiesProblems.noListInside());
  const start = found.index + found[0].length;
  const packed = bytes.subarray(start, start + Number(found[1]));
  try {
    const content = found[0].includes("/FlateDecode") ? inflateSync(packed) : packed;
    return read(
      content
        .toString("utf8")
        .split("\n")
        .map((line) => {
          const tab = line.indexOf("\t");
          return [line.slice(0, tab), line.slice(tab + 1)] as const;
        }),
    );
  } catch {
    return refuse(subsidiesProblems.noListInside());
  }
}
