import { basisOfVersion, type Rulebook } from "#policy";
import { regionNames } from "#registry";
import { sql } from "kysely";
import { isWorkday } from "../../platform/dates/workdays.ts";
import { dayWords } from "../../platform/day-words.ts";
import { addDays } from "../../platform/dates/index.ts";
import type { Db } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { proveSubject } from "#audit";
import {
  int,
  money,
  printDocument,
  text,
  writePdf,
  writeXlsx,
  type PrintedDocument,
  type PrintedTable,
  type PrintFormat,
} from "../../platform/print/index.ts";
import { refuse } from "../../platform/problem.ts";
import { subsidiesProblems } from "../problems.ts";
import { attachedText, ATTACHED, dataSheet, LIST_SHEET } from "./list-file.ts";
import { listSubject, marksOf, type ListAbout, type ListLine } from "./list-lines.ts";
import { linesOf, type PublicationLine, type StoredPublication } from "./store.ts";

/** Longest list on paper: beyond it a workbook, or lists by village, serve better. */
const MOST_PRINTED = 5000;

export const toListLine = (line: PublicationLine): ListLine => ({
  line: line.line,
  village: line.village,
  payeeName: line.payee_name,
  identityMask: line.identity_mask,
  persons: line.persons,
  amountFen: Number(line.amount_fen),
});

/** A list as a file: the same for the office that prints it and for everybody who takes it from the public page. */
export async function listFile(
  services: Pick<Services, "config" | "database">,
  book: Rulebook,
  publication: StoredPublication,
  format: PrintFormat,
): Promise<{ readonly fileName: string; readonly body: Buffer }> {
  if (format !== "xlsx" && publication.claims > MOST_PRINTED) refuse(subsidiesProblems.listTooLong(MOST_PRINTED));
  const { worker } = services.database;
  const stored = await linesOf(worker, publication.publication_id, { page: 1, size: publication.claims });
  const lines = stored.map(toListLine);
  const about: ListAbout = {
    list: publication.number,
    digest: publication.digest,
    lines: lines.length,
    marks: marksOf(publication.number, lines),
  };
  const document = await listDocument(worker, book, publication, stored);
  const proof = await proveSubject(services, listSubject(publication.publication_id), { ...about });
  const fileName = `${document.title}-${publication.number}.${format}`;
  switch (format) {
    case "xlsx":
      return { fileName, body: await writeXlsx(document, [dataSheet(lines, proof)]) };
    case "pdf": {
      const attached = { name: ATTACHED, says: "名单校验数据", content: attachedText(lines, proof) };
      return { fileName, body: await writePdf(document, attached) };
    }
    case "docx":
      return { fileName, body: await printDocument(document, format) };
  }
}

/** Working days from the day after the first to the last, as the term was given. */
function workdaysOf({ starts_on, ends_on }: StoredPublication): number {
  let days = 0;
  for (let day = addDays(starts_on, 1); day <= ends_on; day = addDays(day, 1)) if (isWorkday(day)) days += 1;
  return days;
}

async function listDocument(
  db: Db,
  book: Rulebook,
  publication: StoredPublication,
  lines: readonly PublicationLine[],
): Promise<PrintedDocument> {
  const villages = [...new Set(lines.map(({ village }) => village))];
  const { nameOf, basis } = await db.transaction().execute(async (tx) => ({
    nameOf: await regionNames(
      tx,
      [publication.region, publication.area, ...villages].filter((code) => code !== ""),
    ),
    basis: await basisOf(tx, book, publication.publication_id),
  }));
  const place = nameOf(publication.area || publication.region);
  const table = listTable(publication, lines, (code) => nameOf(code).name);
  const byVillage = villageTable(lines, villages, (code) => nameOf(code).fullName);
  return {
    title: `${place.name}${publication.title}公示`,
    heads: [
      `编号：${publication.number}`,
      `范围：${place.fullName}`,
      `公示期：${dayWords(publication.starts_on)}至${dayWords(publication.ends_on)}（${workdaysOf(publication)} 个工作日）`,
      `资金渠道：${publication.fund || "按下达文件"}`,
      `受理异议：${publication.contact}`,
      `公示人：${publication.published_by_name}`,
    ],
    remarks: [`公示期内对名单有异议的，请向上列单位反映，写明姓名和事由。名单校验码：${publication.digest}`],
    tables: villages.length > 1 ? [table, byVillage] : [table],
    lists: [],
    sources: basis,
    sourcesTitle: "依据",
    signatures: [`（公章）　　${dayWords(publication.starts_on)}`],
    posted: true,
    watermark: `编号 ${publication.number}　校验码 ${publication.digest.slice(0, 16)}…　可用编号和校验码在公示页面核对真伪`,
  };
}

function listTable(
  publication: StoredPublication,
  lines: readonly PublicationLine[],
  villageName: (code: string) => string,
): PrintedTable {
  const some = lines.some(({ taken_out }) => taken_out);
  return {
    title: LIST_SHEET,
    note: `共 ${publication.claims} 件，证件号码已遮盖${some ? "；注明“已撤下”的经异议核实或退回，不予发放" : ""}`,
    columns: [
      text("序号", 6),
      text("村（社区）", 18),
      text("收款人", 20),
      text("证件号码", 25),
      int("涉及人数", 8),
      money("金额（元）", 15),
      text("备注", 8),
    ],
    rows: [
      ["合计", "", "", "", lines.reduce((sum, { persons }) => sum + persons, 0), Number(publication.amount_fen), ""],
      ...lines.map((line) => [
        String(line.line),
        villageName(line.village),
        line.payee_name,
        line.identity_mask,
        line.persons,
        Number(line.amount_fen),
        line.taken_out ? "已撤下" : "",
      ]),
    ],
    sum: true,
  };
}

function villageTable(
  lines: readonly PublicationLine[],
  villages: readonly string[],
  villageName: (code: string) => string,
): PrintedTable {
  const of = Map.groupBy(lines, ({ village }) => village);
  return {
    title: "分村（社区）汇总",
    note: "单位在其所在县（市、区）名下",
    columns: [text("村（社区）", 40), int("件数"), money("金额（元）")],
    rows: villages.map((village) => {
      const own = of.get(village)!;
      return [villageName(village), own.length, own.reduce((sum, { amount_fen }) => sum + Number(amount_fen), 0)];
    }),
    sum: false,
  };
}

/** Sentences of the rule's own versions by which the claims of a list were decided. */
async function basisOf(db: Db, book: Rulebook, publicationId: string): Promise<readonly string[]> {
  const versions = await sql<{ version_id: string }>`SELECT DISTINCT c.version_id FROM subsidies.publication_line l
    JOIN subsidies.claim c ON c.claim_id = l.claim_id WHERE l.publication_id = ${publicationId} ORDER BY 1`.execute(db);
  const said: string[] = [];
  for (const { version_id } of versions.rows) {
    const { basis } = await basisOfVersion(db, book, version_id);
    for (const { number, textTitle, article, quote } of basis)
      if (quote) said.push([number || textTitle, article, `“${quote}”`].filter(Boolean).join(" "));
  }
  return [...new Set(said)];
}
