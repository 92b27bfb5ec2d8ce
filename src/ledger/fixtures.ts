import { callerAtDesk, createGate } from "#identity";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import type { DomainModule } from "../platform/module.ts";
import { TestDesk } from "../platform/testing/desk.ts";
import type { TestRuntime } from "../platform/testing/index.ts";
import {
  applyBatch,
  approveVanished,
  downloadMarked,
  getBatch,
  listDifferences,
  listFaults,
  receiveBatch,
  repairCells,
  undoBatch,
  uploadMended,
  type BatchSummary,
  type DifferenceRow,
  type LedgerKind,
} from "./contract.ts";

export const HUAYUAN = "433124";

/** An office with one clerk (`clerk`) and one reviewer (`reviewer`) in a county. */
export async function addOffice(runtime: TestRuntime, region = HUAYUAN, suffix = ""): Promise<void> {
  const worker = runtime.database.worker;
  const organisation = await sql<{
    organisation_id: string;
  }>`INSERT INTO identity.organisation (name, department, region) VALUES (${`人社局${region}`}, 'human-resources', ${region}) RETURNING organisation_id`.execute(
    worker,
  );
  for (const [login, name, duty] of [
    ["clerk", "向经办", "county-clerk"],
    ["reviewer", "龙复核", "reviewer"],
  ] as const) {
    await sql`INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash) VALUES (${login + suffix}, ${name}, ${organisation.rows[0]!.organisation_id}, ${region}, ${region}, ARRAY[${duty}], '$argon2id$none')`.execute(
      worker,
    );
  }
}

/** The officer of a town's government, `town`. */
export async function addTown(runtime: TestRuntime, region: string, login = "town"): Promise<void> {
  await sql`WITH office AS (INSERT INTO identity.organisation (name, department, region) VALUES (${`镇人民政府${region}`}, 'town-government', ${region}) RETURNING organisation_id)
    INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
    SELECT ${login}, '吴镇干', organisation_id, ${region}, ${region}, ARRAY['town-officer'], '$argon2id$none' FROM office`.execute(
    runtime.database.worker,
  );
}

/** An office at its ledgers. */
export class Office extends TestDesk {
  constructor(runtime: TestRuntime, modules: readonly DomainModule[]) {
    super(runtime, modules, createGate(modules), (login) => callerAtDesk(runtime, modules, login));
  }

  override act<R extends Route>(route: R, input: RequestOf<R>, as = "clerk", filePath?: string): Promise<OutputOf<R>> {
    return super.act(route, input, as, filePath);
  }

  /** Receives a file and works until it is compared (or refused). */
  async receive(
    path: string,
    month: string,
    kind: LedgerKind = "work-ledger",
    more: Partial<RequestOf<typeof receiveBatch>> = {},
    as = "clerk",
  ): Promise<BatchSummary> {
    const { batchId } = await this.act(receiveBatch, { kind, month, sender: "县农业农村局", ...more }, as, path);
    await this.drain();
    return this.act(getBatch, { batchId }, as);
  }

  async apply(batchId: string, as = "clerk"): Promise<BatchSummary> {
    await this.act(applyBatch, { batchId }, as);
    await this.drain();
    return this.act(getBatch, { batchId }, as);
  }

  /** Receives content that lies in no file yet. */
  async take(content: string | Uint8Array, given: Given = {}): Promise<BatchSummary> {
    const { name = "台账.csv", month = "2025-05", kind = "work-ledger", as = "clerk", ...more } = given;
    const file = temporaryFile(name, content);
    try {
      return await this.receive(file.path, month, kind, more, as);
    } finally {
      file.release();
    }
  }

  /** Receives, has the vanished confirmed where that is asked for, and applies. Fails in words when that does not lead there. */
  async adopt(content: string | Uint8Array, given: Given = {}): Promise<BatchSummary> {
    const { as = "clerk" } = given;
    const batch = await this.take(content, given);
    if (batch.vanishApproval === "needed")
      await this.act(approveVanished, { batchId: batch.batchId }, as.replace("clerk", "reviewer"));
    const applied = await this.apply(batch.batchId, as);
    if (applied.state !== "applied") throw new Error(`${applied.state}: ${applied.problem?.message}`);
    return applied;
  }

  async undo(batchId: string, as = "clerk"): Promise<BatchSummary> {
    await this.act(undoBatch, { batchId }, as);
    await this.drain();
    return this.act(getBatch, { batchId }, as);
  }

  /** Every fault as 「row field code」, with its severity where the row waits and its suggestion where there is one. */
  async faults(batchId: string, as = "clerk"): Promise<string[]> {
    const { rows } = await this.act(listFaults, { batchId, size: 200 }, as);
    const marks = { waiting: "!", notice: "?", repaired: "" } as const;
    return rows
      .map(
        (row) =>
          `${row.rowNo} ${row.field} ${row.code}${marks[row.severity]}${row.suggestion === null ? "" : ` → ${row.suggestion}`}`,
      )
      .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b));
  }

  async differences(batchId: string, as = "clerk"): Promise<DifferenceRow[]> {
    return (await this.act(listDifferences, { batchId, size: 200 }, as)).rows;
  }

  /** Name → reason code of every difference. */
  async reasons(batchId: string, as = "clerk"): Promise<Record<string, string>> {
    return Object.fromEntries((await this.differences(batchId, as)).map((row) => [row.name, row.reason]));
  }

  /** What was understood of the rows that are not held back: the named columns of the batch's stage, in file order. */
  async staged(batchId: string, ...columns: string[]): Promise<Record<string, unknown>[]> {
    const list = sql.raw(columns.map((column) => `${column}::text AS ${column}`).join(", "));
    const result = await sql<
      Record<string, unknown>
    >`SELECT ${list} FROM ${sql.raw(`ledger_stage.batch_${batchId}`)} WHERE NOT held ORDER BY sheet, row_no`.execute(
      this.runtime.database.worker,
    );
    return result.rows;
  }

  async rows<Row>(text: string): Promise<Row[]> {
    return (await sql<Row>`${sql.raw(text)}`.execute(this.runtime.database.worker)).rows;
  }

  /** Mends as on screen, and waits until the batch is compared again. */
  async repair(batchId: string, repairs: Omit<RequestOf<typeof repairCells>, "batchId">): Promise<BatchSummary> {
    await this.act(repairCells, { batchId, ...repairs });
    await this.drain();
    return this.act(getBatch, { batchId });
  }

  async marked(batchId: string): Promise<{ name: string; book: ExcelJS.Workbook; bytes: Uint8Array }> {
    const { fileName, body } = await this.download(downloadMarked, { batchId });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(body.buffer as ArrayBuffer);
    return { name: fileName, book, bytes: body };
  }

  async mend(batchId: string, name: string, content: Uint8Array): Promise<BatchSummary> {
    const file = temporaryFile(name, content);
    try {
      await this.act(uploadMended, { batchId }, "clerk", file.path);
      await this.drain();
      return await this.act(getBatch, { batchId });
    } finally {
      file.release();
    }
  }

  async download<R extends Route>(
    route: R,
    input: RequestOf<R>,
  ): Promise<{ fileName: string; body: Uint8Array<ArrayBuffer> }> {
    const answer = (await this.run(route, input, "clerk")) as { fileName: string; body: AsyncIterable<Uint8Array> };
    const chunks = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return { fileName: answer.fileName, body: new Uint8Array(Buffer.concat(chunks)) };
  }
}

export interface Given extends Partial<RequestOf<typeof receiveBatch>> {
  readonly name?: string;
  readonly as?: string;
}

/** A file in a folder of its own that is removed with `release`. */
export function temporaryFile(name: string, content: string | Uint8Array): { path: string; release(): void } {
  const folder = mkdtempSync(join(tmpdir(), "wengang-ledger-"));
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, release: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Every table whose rows a batch may touch, byte by byte. Tasks and history are added to by an undo and not taken back. */
export async function snapshot(runtime: TestRuntime): Promise<string> {
  const registry = [
    "person",
    "person_key",
    "person_access",
    "person_category",
    "employment",
    "household",
    "contract",
    "insurance_month",
    "wage_month",
    "other_record",
    "employer",
    "employer_alias",
  ];
  // The text in which a line said so is a memory: another batch may have said the same in other words, and been taken back.
  const said = sql`SELECT 'ledger.line ' || (to_jsonb(t) - 'text_hash')::text AS row FROM ledger.line t`;
  const rows = registry.map(
    (name) => sql`SELECT ${name} || ' ' || t::text AS row FROM ${sql.table(`registry.${name}`)} t`,
  );
  const result = await sql<{
    text: string;
  }>`SELECT coalesce(string_agg(row, E'\n' ORDER BY row), '') AS text FROM (${sql.join([...rows, said], sql` UNION ALL `)}) all_rows`.execute(
    runtime.database.worker,
  );
  return result.rows[0]!.text;
}

/** A valid number from its first 17 digits. */
export function idOf(seventeen: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return (
    seventeen + "10X98765432"[[...seventeen].reduce((sum, digit, i) => sum + Number(digit) * weights[i]!, 0) % 11]!
  );
}

/** The n-th invented man of Huayuan; nobody has this number. */
export function man(n: number): { name: string; identity: string; phone: string } {
  const surnames = ["麻", "石", "龙", "吴", "廖", "隆", "田", "向", "彭", "张"];
  const given = ["成林", "建洪", "金生", "水保", "老贵", "明华", "秀清", "德胜", "安邦", "顺发"];
  const name = `${surnames[n % 10]!}${given[Math.floor(n / 10) % 10]!}`;
  const month = String((n % 12) + 1).padStart(2, "0");
  const day = String((Math.floor(n / 12) % 28) + 1).padStart(2, "0");
  const identity = idOf(`${HUAYUAN}1985${month}${day}${String(1 + 2 * Math.floor(n / 336)).padStart(3, "0")}`);
  return { name, identity, phone: `1397430${String(n).padStart(4, "0")}` };
}

export const WORK_HEADER = [
  "序号",
  "乡镇",
  "行政村",
  "姓名",
  "性别",
  "身份证号",
  "联系电话",
  "是否务工",
  "务工地点",
  "务工单位",
  "开始务工时间",
  "结束务工时间",
  "月工资(元)",
] as const;
type WorkColumn = (typeof WORK_HEADER)[number];
export type WorkRow = Readonly<Partial<Record<WorkColumn, string>>>;

/** A man at work in Yiwu since March 2024, unless said otherwise. */
export function working(n: number, row: WorkRow = {}): string[] {
  const { name, identity, phone } = man(n);
  const usual: WorkRow = {
    序号: String(n),
    乡镇: "双龙镇",
    行政村: "十八洞村",
    姓名: name,
    性别: "男",
    身份证号: identity,
    联系电话: phone,
    是否务工: "是",
    务工地点: "浙江省义乌市",
    务工单位: "义乌丰禾服饰厂",
    开始务工时间: "2024-03-01",
    结束务工时间: "",
    "月工资(元)": "3800",
  };
  return WORK_HEADER.map((column) => row[column] ?? usual[column] ?? "");
}

/** A man who does not work. */
export function idle(n: number, row: WorkRow = {}): string[] {
  return working(n, { 是否务工: "否", 务工地点: "", 务工单位: "", 开始务工时间: "", "月工资(元)": "", ...row });
}

export function csvOf(rows: readonly (readonly string[])[], separator = ","): string {
  return rows
    .map((row) => row.map((cell) => (/[",\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(separator))
    .join("\n");
}

export function workLedger(...rows: readonly (readonly string[])[]): string {
  return csvOf([WORK_HEADER, ...rows]);
}

/** A workbook made by the library that offices' own programs resemble most. */
export async function bookOf(...sheets: readonly ((sheet: ExcelJS.Worksheet) => void)[]): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  sheets.forEach((fill, index) => fill(book.addWorksheet(`Sheet${index + 1}`)));
  return bytesOf(book);
}

export async function bytesOf(book: ExcelJS.Workbook): Promise<Uint8Array> {
  return new Uint8Array(await book.xlsx.writeBuffer());
}
