import { posix } from "node:path";
import { Refusal } from "../problem.ts";
import { type FormatClass, classOfFormat } from "./number-formats.ts";
import { sheetProblems } from "./problems.ts";
import { eachToken } from "./xml.ts";
import type { ZipArchive } from "./zip.ts";

const SHEET_LIMIT = 5_000;
const STYLE_LIMIT = 70_000;

export interface XlsxSheetPart {
  readonly name: string;
  readonly hidden: boolean;
  readonly part: string;
}

export interface XlsxWorkbook {
  readonly part: string;
  readonly sheets: readonly XlsxSheetPart[];
  readonly date1904: boolean;
  /** By style number, as cells name it. */
  readonly formats: readonly FormatClass[];
  readonly stylesPart: string | null;
  readonly sharedStringsPart: string | null;
}

export interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly external: boolean;
}

/** Where each part lies and what styles mean, found through the relationships as the standard asks, not by usual names. */
export async function readWorkbook(archive: ZipArchive): Promise<XlsxWorkbook> {
  const root = await readRelationships(archive, "");
  const main = root.find((relation) => relation.type.endsWith("/officeDocument"))?.target ?? "xl/workbook.xml";
  if (!archive.has(main)) throw new Refusal(sheetProblems.noWorkbook());
  const relations = await readRelationships(archive, main);
  const targetOf = (type: string, usual: string) => {
    const target = relations.find((relation) => relation.type.endsWith(type))?.target ?? usual;
    return archive.has(target) ? target : null;
  };
  const { sheets, date1904 } = await readSheetList(archive, main, relations);
  if (sheets.length === 0) throw new Refusal(sheetProblems.noSheet());
  const stylesPart = targetOf("/styles", "xl/styles.xml");
  return {
    part: main,
    sheets,
    date1904,
    formats: stylesPart === null ? [] : await readFormats(archive, stylesPart),
    stylesPart,
    sharedStringsPart: targetOf("/sharedStrings", "xl/sharedStrings.xml"),
  };
}

export function relationshipsPart(part: string): string {
  return part === "" ? "_rels/.rels" : `${posix.dirname(part)}/_rels/${posix.basename(part)}.rels`;
}

export async function readRelationships(archive: ZipArchive, part: string): Promise<Relationship[]> {
  const name = relationshipsPart(part);
  const found: Relationship[] = [];
  if (!archive.has(name)) return found;
  await eachToken(name, archive.read(name), (token, xml) => {
    if (token !== "open" || xml.name !== "Relationship") return;
    const target = xml.attribute("Target") ?? "";
    const external = xml.attribute("TargetMode") === "External";
    found.push({
      id: xml.attribute("Id") ?? "",
      type: xml.attribute("Type") ?? "",
      target: external ? target : resolveTarget(part, target),
      external,
    });
    if (found.length > SHEET_LIMIT * 2) throw new Refusal(sheetProblems.damaged(`部件 ${name} 过大`));
  });
  return found;
}

function resolveTarget(part: string, target: string): string {
  const absolute = target.startsWith("/") ? target : posix.join("/", posix.dirname(part), target);
  return posix.normalize(absolute).slice(1);
}

async function readSheetList(archive: ZipArchive, main: string, relations: readonly Relationship[]) {
  const byId = new Map(relations.map((relation) => [relation.id, relation]));
  const sheets: XlsxSheetPart[] = [];
  let date1904 = false;
  await eachToken(main, archive.read(main), (token, xml) => {
    if (token !== "open") return;
    if (xml.name === "workbookPr") date1904 = isTrue(xml.attribute("date1904"));
    if (xml.name !== "sheet") return;
    const relation = byId.get(xml.attribute("id") ?? "");
    // Chart sheets and dialogs are sheets too, without cells.
    if (relation && !relation.type.endsWith("/worksheet")) return;
    const part = relation?.target ?? `xl/worksheets/sheet${sheets.length + 1}.xml`;
    if (!archive.has(part)) throw new Refusal(sheetProblems.damaged(`缺少部件 ${part}`));
    const state = xml.attribute("state");
    sheets.push({
      name: xml.attribute("name") ?? `工作表${sheets.length + 1}`,
      hidden: state === "hidden" || state === "veryHidden",
      part,
    });
    if (sheets.length > SHEET_LIMIT) throw new Refusal(sheetProblems.tooManyParts(sheets.length));
  });
  return { sheets, date1904 };
}

export function isTrue(text: string | undefined): boolean {
  return text === "1" || text === "true" || text === "on";
}

async function readFormats(archive: ZipArchive, part: string): Promise<FormatClass[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCellFormats = false;
  await eachToken(part, archive.read(part), (token, xml) => {
    if (xml.name === "cellXfs") inCellFormats = token === "open" && !xml.selfClosing;
    if (token !== "open") return;
    if (xml.name === "numFmt") codes.set(Number(xml.attribute("numFmtId")), xml.attribute("formatCode") ?? "");
    if (inCellFormats && xml.name === "xf") ids.push(Number(xml.attribute("numFmtId") ?? 0));
    if (ids.length > STYLE_LIMIT || codes.size > STYLE_LIMIT) throw new Refusal(sheetProblems.damaged("样式过多"));
  });
  const classes = new Map<number, FormatClass>();
  return ids.map((id) => {
    const known = classes.get(id) ?? classOfFormat(id, codes.get(id));
    classes.set(id, known);
    return known;
  });
}
