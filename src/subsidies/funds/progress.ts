import { narrow, type Scope } from "#registry";
import { daysBetween } from "../../platform/dates/index.ts";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { int, money, printDocument, printMedia, text, type PrintedDocument } from "../../platform/print/index.ts";
import { downloadFundProgress, getFundProgress, type FundProgress } from "../contract.ts";
import { inForce } from "../settings/store.ts";
import { forecastOf, shareOf, timeShareOf } from "./forecast.ts";
import { toFundLines } from "./lines.ts";
import { lastUsed } from "./report-store.ts";
import { listFundLinesIn } from "./store.ts";

interface Asked {
  readonly year?: number | undefined;
  readonly region?: string | undefined;
  readonly fund?: string | undefined;
}

export const yearOf = (businessDate: string): number => Number(businessDate.slice(0, 4));

/** Lines of a year with how far they are: slow and idle by what each line's own office has set (E-ALL-10). */
async function progressOf(
  { tx, caller, businessDate }: ActionContext,
  { year = yearOf(businessDate), region, fund }: Asked,
): Promise<{ readonly year: number; readonly rows: readonly FundProgress[]; readonly funds: readonly string[] }> {
  const scope: Scope = narrow(caller.sight.region, region);
  const all = await listFundLinesIn(tx, scope, { year });
  const stored = fund ? all.filter((line) => line.fund === fund) : all;
  const used = await lastUsed(
    tx,
    stored.map(({ fund_line_id }) => fund_line_id),
  );
  const limitsOf = await inForce(
    tx,
    "idle",
    stored.map(({ region: place }) => place),
    businessDate,
  );
  const rows = (await toFundLines(tx, stored)).map((line): FundProgress => {
    const { days, behind } = limitsOf(line.place.code);
    const since = used.get(line.fundLineId) ?? line.validFrom;
    const spentShare = shareOf(line.spentFen, line.budgetFen);
    const timeShare = timeShareOf(line, businessDate);
    const idleDays = Math.max(0, daysBetween(since, businessDate));
    return {
      ...line,
      spentShare,
      timeShare,
      forecastFen: forecastOf(line, businessDate),
      idleDays,
      idle: line.leftFen > 0 && idleDays >= days,
      slow: line.leftFen > 0 && timeShare - spentShare >= behind * 10,
    };
  });
  return { year, rows, funds: [...new Set(all.map((line) => line.fund))].toSorted() };
}

/** Tenths of a percent as offices write them. */
export const percent = (tenths: number): string => `${(tenths / 10).toFixed(1)}%`;

function documentOf(
  { caller, businessDate }: ActionContext,
  { year, rows }: { readonly year: number; readonly rows: readonly FundProgress[] },
): PrintedDocument {
  const sum = (of: (row: FundProgress) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [budget, spent] = [sum(({ budgetFen }) => budgetFen), sum(({ spentFen }) => spentFen)];
  return {
    title: `${year}年就业补助等资金使用情况表`,
    heads: [
      `填报单位：${caller.organisation}`,
      `统计截止：${businessDate}`,
      `额度：${rows.length} 条`,
      `支出进度：${percent(shareOf(spent, budget))}`,
    ],
    remarks: [],
    tables: [
      {
        title: "一、使用进度",
        note: "金额单位：元。支出以银行确认到账为准；占用是已复核、尚未到账的",
        columns: [
          text("地区", 10),
          text("资金渠道、文件", 24),
          money("下达"),
          money("占用"),
          money("支出"),
          money("可用"),
          text("进度", 8),
          text("时间", 8),
          money("预计年底支出"),
          int("闲置天数", 7),
          text("预警", 10),
        ],
        rows: [
          [
            "合计",
            "",
            budget,
            sum(({ reservedFen }) => reservedFen),
            spent,
            sum(({ leftFen }) => leftFen),
            percent(shareOf(spent, budget)),
            "",
            sum(({ forecastFen }) => forecastFen),
            null,
            "",
          ],
          ...rows.map((row) => [
            row.place.name,
            `${row.fund}（${row.level}，${row.document}）`,
            row.budgetFen,
            row.reservedFen,
            row.spentFen,
            row.leftFen,
            percent(row.spentShare),
            percent(row.timeShare),
            row.forecastFen,
            row.idleDays,
            [row.slow ? "进度慢" : "", row.idle ? "闲置" : ""].filter(Boolean).join("、"),
          ]),
        ],
        sum: true,
      },
    ],
    lists: [],
    sources: [
      "可用＝下达－占用－支出。",
      "预计年底支出：按已过天数的平均支出推算到额度期末，不少于已占用和已支出的，不超过下达的。",
      "闲置天数：距最近一次占用或支出的天数；进度慢、闲置的界限由各地“办理设定”确定。",
    ],
    sourcesTitle: "说明",
    signatures: ["制表人：", "审核人：", "单位负责人："],
    watermark: `${caller.organisation} ${caller.name} ${businessDate} 导出`,
  };
}

export function progressHandlers(): readonly Handler[] {
  return [
    handle(getFundProgress, async (context, asked) => {
      const { year, rows, funds } = await progressOf(context, asked);
      return { year, rows: [...rows], funds: [...funds] };
    }),
    handleDownload(downloadFundProgress, async (context, { format, ...asked }) => {
      const found = await progressOf(context, asked);
      const document = documentOf(context, found);
      context.audit({ format, count: found.rows.length });
      return {
        fileName: `${document.title}.${format}`,
        mediaType: printMedia[format],
        body: await printDocument(document, format),
      };
    }),
  ];
}
