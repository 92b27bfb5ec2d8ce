import { handleExport, type ExportList } from "#exports";
import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, handleDownload, type Handler } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import {
  countRecoveries,
  downloadRecoveryLetter,
  exportRecoveries,
  getRecovery,
  noticeKindLabels,
  listRecoveries,
  recoveryStateLabels,
  type RecoveryRow,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
import { letterOf } from "./letter.ts";
import { openOf } from "./reductions.ts";
import { countStoredRecoveries, listStoredRecoveries, type StoredRecovery } from "./store.ts";
import { recoveryFor, viewOf } from "./view.ts";
import { writeLetterDocx } from "./write-docx.ts";

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXPORTED = 500;

export async function toRecoveryRows(tx: Tx, rows: readonly StoredRecovery[], today: string): Promise<RecoveryRow[]> {
  const nameOf = await regionNames(
    tx,
    rows.map(({ region }) => region),
  );
  return rows.map((row) => {
    const ended = row.ended_on !== null;
    const openFen = row.state === "cancelled" ? 0 : openOf(row);
    return {
      recoveryId: row.recovery_id,
      number: row.number,
      place: placeOf(nameOf, row.region),
      claimId: row.claim_id,
      claimNumber: row.claim_number,
      title: row.title,
      payeeName: row.payee_name,
      payeePersonId: row.payee_person_id,
      amountFen: Number(row.amount_fen),
      receivedFen: Number(row.received_fen),
      writtenOffFen: Number(row.written_off_fen),
      reducedFen: Number(row.reduced_fen),
      openFen,
      overdueFen: Number(row.overdue_fen),
      state: row.state,
      dueOn: row.due_on,
      overdue: !ended && ((row.due_on !== null && row.due_on < today) || Number(row.overdue_fen) > 0),
      filedOn: row.filed_on,
      endedOn: row.ended_on,
    };
  });
}

const columns: readonly (WriteColumn & { value(row: RecoveryRow): WriteValue })[] = [
  { header: "编号", kind: "text", width: 22, value: (row) => row.number },
  { header: "补贴件", kind: "text", width: 22, value: (row) => row.claimNumber },
  { header: "补贴项目", kind: "text", width: 30, value: (row) => row.title },
  { header: "收款人", kind: "text", width: 24, value: (row) => row.payeeName },
  { header: "地区", kind: "text", width: 14, value: (row) => row.place.name },
  { header: "应缴回", kind: "money", width: 14, value: (row) => row.amountFen },
  { header: "已缴回", kind: "money", width: 14, value: (row) => row.receivedFen },
  { header: "已核销", kind: "money", width: 14, value: (row) => row.writtenOffFen },
  { header: "已减少", kind: "money", width: 14, value: (row) => row.reducedFen },
  { header: "未缴回", kind: "money", width: 14, value: (row) => row.openFen },
  { header: "其中逾期", kind: "money", width: 14, value: (row) => row.overdueFen },
  { header: "状态", kind: "text", width: 14, value: (row) => recoveryStateLabels[row.state] },
  { header: "立案日期", kind: "date", width: 12, value: (row) => row.filedOn },
  { header: "应办日期", kind: "date", width: 12, value: (row) => row.dueOn },
  { header: "结束日期", kind: "date", width: 12, value: (row) => row.endedOn },
];

/** Reading cases: lists, one with its history, its letters. */
export function recoveryHandlers(options: SubsidiesOptions): readonly Handler[] {
  return [
    handle(listRecoveries, async (context, { page, size, region, ...filter }) => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredRecoveries(tx, scope, filter, businessDate, { page, size });
      context.audit({ count: rows.length, persons: rows.map(({ payee_person_id }) => payee_person_id), total });
      return { total, rows: await toRecoveryRows(tx, rows, businessDate) };
    }),

    handle(countRecoveries, async ({ tx, caller, businessDate }, { region }) => {
      const counted = await countStoredRecoveries(tx, narrow(caller.sight.region, region), businessDate);
      return {
        byState: counted.map((row) => ({
          state: row.state,
          recoveries: row.recoveries,
          amountFen: Number(row.amount),
          receivedFen: Number(row.received),
          writtenOffFen: Number(row.written_off),
          overdue: row.overdue,
        })),
      };
    }),

    handleExport(exportRecoveries, async (context, { purpose: _purpose, region, ...filter }): Promise<ExportList> => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { total } = await listStoredRecoveries(tx, scope, filter, businessDate, { page: 1, size: 1 });
      return {
        title: "追回清单",
        about: [
          filter.state === "open" ? "在办" : recoveryStateLabels[filter.state],
          filter.overdue === "true" ? "逾期" : "",
          filter.search ?? "",
        ]
          .filter((part) => part !== "")
          .join("；"),
        persons: true,
        total,
        columns,
        tracedBy: ["编号", "收款人"],
        async *rows() {
          for (let page = 1; (page - 1) * EXPORTED < total; page += 1) {
            const { rows } = await listStoredRecoveries(tx, scope, filter, businessDate, { page, size: EXPORTED });
            for (const row of await toRecoveryRows(tx, rows, businessDate))
              yield columns.map((column) => column.value(row));
          }
        },
      };
    }),

    handle(getRecovery, async (context, { recoveryId }) => {
      const stored = await recoveryFor(context, recoveryId);
      context.audit({ subject: `subsidies.recovery:${recoveryId}`, region: stored.region, count: 1 });
      const [row] = await toRecoveryRows(context.tx, [stored], context.businessDate);
      return viewOf(options, context, stored, row!);
    }),

    handleDownload(downloadRecoveryLetter, async (context, { recoveryId, kind }) => {
      const stored = await recoveryFor(context, recoveryId);
      const [row] = await toRecoveryRows(context.tx, [stored], context.businessDate);
      const letter = letterOf(kind, await viewOf(options, context, stored, row!));
      if (!letter) refuse(subsidiesProblems.noLetterYet());
      context.audit({ subject: `subsidies.recovery:${recoveryId}`, region: stored.region, letter: kind });
      return {
        fileName: `${noticeKindLabels[kind]}-${stored.number}.docx`,
        mediaType: DOCX,
        body: await writeLetterDocx(letter!),
      };
    }),
  ];
}
