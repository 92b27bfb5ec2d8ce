import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { Refusal, type Problem } from "../problem.ts";
import type { SheetRow } from "./cells.ts";
import { openSheets } from "./open.ts";
import { isProblem } from "./problems.ts";
import type { OpenSheetsOptions, ReadRowsOptions, SheetEnd, SheetSource } from "./source.ts";

/** Files for tests, made byte by byte: what no office program would write must be writable here. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "wengang-sheets-"));
  #count = 0;

  file(content: Buffer | string, name = `${++this.#count}.bin`): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface ZipPart {
  readonly name: string;
  readonly data: Buffer | string;
  readonly stored?: boolean;
  readonly flags?: number;
  /** What the directory is to claim instead of the truth. */
  readonly claimedBytes?: number;
  readonly claimedChecksum?: number;
  /** Let the directory point at the bytes of this earlier part. */
  readonly sharesBytesOf?: number;
}

export function zipOf(parts: readonly ZipPart[]): Buffer {
  const blocks: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data);
    const name = Buffer.from(part.name);
    const packed = part.stored ? data : deflateRawSync(data);
    const bytes = part.claimedBytes ?? data.length;
    const checksum = part.claimedChecksum ?? crc32(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(part.flags ?? 0x0800, 2);
    common.writeUInt16LE(part.stored ? 0 : 8, 4);
    common.writeUInt32LE(checksum, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name, packed]);
    const start = part.sharesBytesOf === undefined ? offset : offsets[part.sharesBytesOf]!;
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(start, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, tail, name]));
    offsets.push(start);
    if (part.sharesBytesOf !== undefined) continue;
    blocks.push(local);
    offset += local.length;
  }
  const records = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(records.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...blocks, records, end]);
}

export interface XlsxFixture {
  /** Inner XML of `<sheetData>`, or of the whole sheet where it begins with `<?xml`, `<worksheet` or a prefix. */
  readonly sheets?: readonly {
    readonly name?: string;
    readonly data: string;
    readonly after?: string;
    readonly state?: string;
  }[];
  readonly data?: string;
  readonly after?: string;
  readonly strings?: string;
  /** Number format codes of styles 1, 2, … */
  readonly formats?: readonly (string | number)[];
  readonly date1904?: boolean;
  readonly parts?: readonly ZipPart[];
}

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";

export function xlsxOf(fixture: XlsxFixture): Buffer {
  const sheets = fixture.sheets ?? [{ data: fixture.data ?? "", after: fixture.after }];
  const parts: ZipPart[] = [
    { name: "[Content_Types].xml", data: contentTypes(sheets.length) },
    {
      name: "_rels/.rels",
      data: `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      data: `<workbook xmlns="${main}" xmlns:r="${relations}">${fixture.date1904 ? '<workbookPr date1904="1"/>' : ""}<sheets>${sheets
        .map(
          ({ name, state }, i) =>
            `<sheet name="${name ?? `表${i + 1}`}" sheetId="${i + 1}"${state ? ` state="${state}"` : ""} r:id="rId${i + 1}"/>`,
        )
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: `<Relationships xmlns="${packageRelations}">${sheets
        .map(
          (_, i) =>
            `<Relationship Id="rId${i + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
        )
        .join(
          "",
        )}<Relationship Id="rIdS" Type="${relations}/styles" Target="styles.xml"/><Relationship Id="rIdT" Type="${relations}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    },
    { name: "xl/styles.xml", data: stylesOf(fixture.formats ?? []) },
    ...sheets.map(({ data, after }, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, data: sheetXml(data, after) })),
  ];
  if (fixture.strings !== undefined) {
    parts.push({ name: "xl/sharedStrings.xml", data: `<sst xmlns="${main}">${fixture.strings}</sst>` });
  }
  const replaced = new Set(fixture.parts?.map(({ name }) => name));
  return zipOf([...parts.filter(({ name }) => !replaced.has(name)), ...(fixture.parts ?? [])]);
}

export function sheetXml(data: string, after = ""): string {
  if (/^(<\?xml|<worksheet|<\w+:worksheet|\ufeff)/.test(data)) return data;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${main}" xmlns:r="${relations}"><sheetData>${data}</sheetData>${after}</worksheet>`;
}

function stylesOf(formats: readonly (string | number)[]): string {
  const codes = formats.map((format, i) =>
    typeof format === "string"
      ? `<numFmt numFmtId="${170 + i}" formatCode="${format.replaceAll('"', "&quot;")}"/>`
      : "",
  );
  const styles = formats.map(
    (format, i) =>
      `<xf numFmtId="${typeof format === "string" ? 170 + i : format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  );
  return `<styleSheet xmlns="${main}"><numFmts count="${codes.filter(Boolean).length}">${codes.join("")}</numFmts><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="${formats.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${styles.join("")}</cellXfs></styleSheet>`;
}

function contentTypes(sheets: number): string {
  const office = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const overrides = Array.from(
    { length: sheets },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${office}.worksheet+xml"/>`,
  );
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${office}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${office}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${office}.sharedStrings+xml"/>${overrides.join("")}</Types>`;
}

export interface ReadSheet {
  readonly rows: SheetRow[];
  readonly end: SheetEnd;
  readonly source: SheetSource;
}

/** Reads one sheet to its end; a refusal, returned or thrown, comes back as a problem. */
export async function readAll(
  path: string,
  options: OpenSheetsOptions & ReadRowsOptions & { readonly sheet?: number } = {},
): Promise<ReadSheet | Problem> {
  const source = await openSheets(path, options);
  if (isProblem(source)) return source;
  try {
    const rows: SheetRow[] = [];
    const reading = source.rows(options.sheet ?? 0, options);
    for (;;) {
      const next = await reading.next();
      if (next.done) return { rows, end: next.value, source };
      rows.push(...next.value);
    }
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  } finally {
    await source.close();
  }
}
