import { narrow, regionNames } from "#registry";
import { nextState, possibleActs } from "../../platform/contract.ts";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { money, printDocument, printMedia, text, type PrintedDocument } from "../../platform/print/index.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  closeInspection,
  downloadInspections,
  inspectionActLabels,
  inspectionFlow,
  inspectionStateLabels,
  listInspections,
  recordInspection,
  rectifyInspection,
  returnInspection,
  subsidiesPermissions,
  type InspectionAct,
  type InspectionItem,
} from "../contract.ts";
import { officeOf, placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
import {
  closeItem,
  countInspections,
  insertInspection,
  listStoredInspections,
  lockInspection,
  rectifyItem,
  returnItem,
  type StoredInspection,
} from "./store.ts";

const PERMISSION_OF: Record<InspectionAct, string> = {
  rectify: subsidiesPermissions.rectify,
  close: subsidiesPermissions.inspect,
  return: subsidiesPermissions.inspect,
};

/** What the caller may do: whoever said that it was put right is not who says so for the office. */
const actsFor = (item: StoredInspection, { caller }: ActionContext): InspectionAct[] =>
  possibleActs(inspectionFlow, item.state).filter(
    (act) =>
      caller.permissions.has(PERMISSION_OF[act]) && (act === "rectify" || item.rectified_by !== caller.officerId),
  );

async function toItems(context: ActionContext, rows: readonly StoredInspection[]): Promise<InspectionItem[]> {
  const nameOf = await regionNames(
    context.tx,
    rows.map(({ region }) => region),
  );
  return rows.map((row) => ({
    itemId: row.item_id,
    number: row.number,
    place: placeOf(nameOf, row.region),
    source: row.source,
    foundBy: row.found_by,
    foundOn: row.found_on,
    document: row.document,
    content: row.content,
    demand: row.demand,
    responsible: row.responsible,
    amountFen: row.amount_fen === null ? null : Number(row.amount_fen),
    dueOn: row.due_on,
    overdue: row.state === "open" && row.due_on < context.businessDate,
    state: row.state,
    recordedByName: row.recorded_by_name,
    measure: row.measure,
    evidence: row.evidence,
    rectifiedByName: row.rectified_by_name,
    rectifiedOn: row.rectified_on,
    closedByName: row.closed_by_name,
    closedOn: row.closed_on,
    closing: row.closing,
    acts: actsFor(row, context),
    lock: row.lock,
  }));
}

async function lockedFor(context: ActionContext, itemId: string, act: InspectionAct, lock: number) {
  const item =
    (await lockInspection(context.tx, context.caller.sight.region, itemId)) ??
    refuse(platformProblems.notFound("这个问题"));
  if (nextState(inspectionFlow, item.state, act) === null)
    refuse(subsidiesProblems.inspectionState(inspectionActLabels[act], inspectionStateLabels[item.state]));
  if (item.lock !== lock) refuse(subsidiesProblems.changedMeanwhile());
  if (act !== "rectify" && item.rectified_by === context.caller.officerId) refuse(subsidiesProblems.ownRectification());
  context.audit({ subject: `subsidies.inspection:${itemId}`, region: item.region, act });
  return item;
}

const handOf = ({ caller, businessDate }: ActionContext) => ({
  officerId: caller.officerId,
  name: caller.name,
  on: businessDate,
});

/** Longest list on paper. */
const MOST = 2000;

function documentOf(
  { caller, businessDate }: ActionContext,
  rows: readonly InspectionItem[],
  total: number,
): PrintedDocument {
  const late = rows.filter(({ overdue }) => overdue).length;
  const closed = rows.filter(({ state }) => state === "closed").length;
  return {
    title: "资金检查问题整改台账",
    heads: [
      `填报单位：${caller.organisation}`,
      `截止：${businessDate}`,
      `问题：${total} 个`,
      `已销号 ${closed} 个，逾期 ${late} 个`,
    ],
    remarks: total > rows.length ? [`只列前 ${rows.length} 个，其余请按条件分别导出。`] : [],
    tables: [
      {
        title: "整改清单",
        note: "整改由责任单位登记，由另一人核实后销号",
        columns: [
          text("编号", 16),
          text("来源", 10),
          text("发现", 16),
          text("问题", 30),
          money("金额（元）", 12),
          text("责任", 12),
          text("期限", 11),
          text("整改情况和佐证", 30),
          text("状态", 10),
          text("销号", 16),
        ],
        rows: rows.map((row) => [
          row.number,
          row.source,
          `${row.foundOn} ${row.foundBy}`,
          `${row.content}（要求：${row.demand}）`,
          row.amountFen,
          row.responsible,
          row.dueOn,
          [row.measure, row.evidence].filter(Boolean).join("；"),
          row.overdue ? "逾期" : inspectionStateLabels[row.state],
          row.closedOn ? `${row.closedOn} ${row.closedByName ?? ""}` : "",
        ]),
        sum: false,
      },
    ],
    lists: [],
    sources: [],
    sourcesTitle: "",
    signatures: ["制表人：", "审核人：", "单位负责人："],
    watermark: `${caller.organisation} ${caller.name} ${businessDate} 导出`,
  };
}

/** 检查问题整改清单 (B-HN03-04): an item that audits found stays until somebody else has seen that it was put right. */
export function inspectionHandlers(): readonly Handler[] {
  return [
    handle(listInspections, async (context, { page, size, region, ...filter }) => {
      const { tx, businessDate } = context;
      const scope = narrow(context.caller.sight.region, region);
      const { rows, total } = await listStoredInspections(tx, scope, filter, businessDate, { page, size });
      return { total, rows: await toItems(context, rows), ...(await countInspections(tx, scope, businessDate)) };
    }),

    handleDownload(downloadInspections, async (context, { format, region, ...filter }) => {
      const scope = narrow(context.caller.sight.region, region);
      const { rows, total } = await listStoredInspections(context.tx, scope, filter, context.businessDate, {
        page: 1,
        size: MOST,
      });
      const document = documentOf(context, await toItems(context, rows), total);
      context.audit({ format, count: rows.length });
      return {
        fileName: `${document.title}.${format}`,
        mediaType: printMedia[format],
        body: await printDocument(document, format),
      };
    }),

    handle(recordInspection, async (context, given) => {
      const { tx, caller } = context;
      const region = officeOf(caller.sight.region);
      const itemId = await insertInspection(tx, { ...given, region, officerId: caller.officerId, name: caller.name });
      context.audit({ subject: `subsidies.inspection:${itemId}`, region });
      return { itemId };
    }),

    handle(rectifyInspection, async (context, { itemId, lock, measure, evidence }) => {
      await lockedFor(context, itemId, "rectify", lock);
      await rectifyItem(context.tx, itemId, { measure, evidence, ...handOf(context) });
      return {};
    }),

    handle(closeInspection, async (context, { itemId, lock, closing }) => {
      await lockedFor(context, itemId, "close", lock);
      await closeItem(context.tx, itemId, { closing, ...handOf(context) });
      return {};
    }),

    handle(returnInspection, async (context, { itemId, lock, closing }) => {
      await lockedFor(context, itemId, "return", lock);
      await returnItem(context.tx, itemId, closing);
      return {};
    }),
  ];
}
