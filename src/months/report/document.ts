import type { ActionContext } from "../../platform/module.ts";
import { int, text, type PrintedDocument, type PrintedTable } from "../../platform/print/index.ts";
import {
  changeListLabels,
  changeLists,
  indicators,
  indicatorWords,
  INDICATORS_SOURCE,
  missingWords,
  monthStateLabels,
  type Bridge,
  type ChangeList,
  type MonthReport,
} from "../contract.ts";
import { countedOn, type Asked } from "./model.ts";
import { changedPeople } from "./people.ts";

export interface ReportDocument extends PrintedDocument {
  readonly month: string;
  readonly lists: readonly (PrintedTable & { readonly list: ChangeList })[];
}

/** Longest list printed whole; longer ones are cut and say so. The workbook holds them all up to this many. */
const MOST_LISTED = 2000;

export const monthTitle = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5))}月`;

export async function documentOf(
  context: ActionContext,
  asked: Asked,
  report: MonthReport,
  copy: { readonly number: string; readonly takenBy: string; readonly takenOn: string },
): Promise<ReportDocument> {
  const lists = report.lists ? await Promise.all(changeLists.map((list) => listOf(context, asked, list))) : [];
  return {
    title: `${report.region.name}${monthTitle(report.month)}脱贫人口务工就业月报`,
    month: report.month,
    heads: headsOf(report),
    remarks: remarksOf(report),
    tables: [bridgeTable(report), partsTable(report), qualityTable(report)],
    lists: lists.filter((list) => list.rows.length > 0),
    sources: [
      INDICATORS_SOURCE,
      ...indicators.map((indicator) => {
        const { label, counted, from } = indicatorWords[indicator];
        return `${label}：${counted}。来源：${from}。`;
      }),
      "上月数＋上月调整＋本月新增－本月减少＝本月数。上月调整：上月关账之后才知道的更正、补报和撤销对上月数的影响。",
    ],
    sourcesTitle: "指标说明",
    signatures: [
      `制表人：${report.preparedBy ?? ""}`,
      "审核人：",
      "单位负责人：",
      `报出日期：${report.closedOn ?? ""}`,
    ],
    watermark: `${copy.takenBy} ${copy.takenOn} 导出，编号 ${copy.number}。内部资料，不得外传`,
  };
}

function headsOf(report: MonthReport): string[] {
  return [
    `填报单位：${report.organisation ?? "（未关账，预览）"}`,
    `统计截止：${countedOn(report.month)}`,
    `数据时点：${report.asOf === null ? "当前登记库，未关账" : momentWords(report.asOf)}`,
    `状态：${monthStateLabels[report.state]}${report.acknowledgedBy ? `（${report.acknowledgedBy}）` : ""}`,
  ];
}

/** A moment as offices write it, in China's time wherever the server stands. */
export function momentWords(iso: string): string {
  const parts = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).formatToParts(new Date(iso));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}`;
}

function remarksOf(report: MonthReport): string[] {
  const missing = missingWords(report);
  return [
    ...(missing === null ? [] : [missing]),
    ...(report.late.length > 0
      ? [`迟报：${report.late.map(({ name, lateDays }) => `${name} ${lateDays} 天`).join("、")}。`]
      : []),
    ...(report.note ? [`说明：${report.note}`] : []),
  ];
}

function bridgeTable({ bridges, region }: MonthReport): PrintedTable {
  return {
    title: "一、四项重点指标",
    note: `${region.fullName}；其中三列有重叠，不相加`,
    columns: [
      text("指标", 22),
      text("单位", 6),
      int("上月数"),
      int("上月调整"),
      int("本月新增"),
      int("本月减少"),
      int("本月数"),
      int("脱贫人口"),
      int("监测对象"),
      int("低收入人口", 10),
    ],
    rows: bridges.map((one) => {
      const { label, unit } = indicatorWords[one.indicator];
      const people = one.indicator !== "workshops";
      return [
        label,
        unit,
        one.previous,
        one.adjusted,
        one.entered,
        one.gone,
        one.total,
        people ? one.lifted : null,
        people ? one.monitored : null,
        people ? one.lowIncome : null,
      ];
    }),
    sum: false,
  };
}

const short = { workers: "务工规模", posts: "公益岗", workshops: "车间数", absorbed: "车间吸纳" } as const;

function partsTable({ bridges, parts }: MonthReport): PrintedTable {
  const cells = (rows: readonly Bridge[]) =>
    rows.flatMap((one) => [one.total, one.previous === null ? null : one.total - one.previous]);
  return {
    title: "二、分地区",
    note: "“较上月”与上月关账数相比，含上月调整",
    columns: [text("地区", 16), ...indicators.flatMap((indicator) => [int(short[indicator]), int("较上月", 8)])],
    rows: [["合计", ...cells(bridges)], ...parts.map((part) => [part.region.name, ...cells(part.bridges)])],
    sum: true,
  };
}

function qualityTable({ quality }: MonthReport): PrintedTable {
  const total = (pick: (row: MonthReport["quality"][number]) => number) =>
    quality.reduce((sum, row) => sum + pick(row), 0);
  return {
    title: "三、数据质量",
    note: "待修、比对任务为关账时的未办数；已核实为本月以来办结数",
    columns: [
      text("地区", 16),
      int("在册人员"),
      int("待修行"),
      int("比对任务"),
      int("其中逾期"),
      int("已核实"),
      int("待核实人员", 10),
      text("报送", 10),
    ],
    rows: [
      [
        "合计",
        total((row) => row.persons),
        total((row) => row.waitingRows),
        total((row) => row.comparisons),
        total((row) => row.overdue),
        total((row) => row.decided),
        total((row) => row.toVerify),
        "",
      ],
      ...quality.map((row) => [
        row.region.name,
        row.persons,
        row.waitingRows,
        row.comparisons,
        row.overdue,
        row.decided,
        row.toVerify,
        row.lateDays === null ? "未报" : row.lateDays === 0 ? "按时" : `迟 ${row.lateDays} 天`,
      ]),
    ],
    sum: true,
  };
}

async function listOf(context: ActionContext, asked: Asked, list: ChangeList) {
  const { rows, total } = await changedPeople(context, { ...asked, list }, { page: 1, size: MOST_LISTED });
  const adjusted = list === "adjusted";
  return {
    list,
    title: `附${["一", "二", "三"][changeLists.indexOf(list)]}　${changeListLabels[list]}名单`,
    note:
      total > rows.length
        ? `共 ${total} 条，列前 ${rows.length} 条；全部名单请按乡镇导出`
        : `共 ${total} 条，姓名和证件号已遮盖`,
    columns: [
      text("指标", 18),
      ...(adjusted ? [text("计入/计出", 8)] : []),
      text("姓名", 12),
      text("证件号", 20),
      text("地区", 26),
      ...(adjusted ? [text("更正内容", 50)] : []),
    ],
    rows: rows.map((row) => [
      indicatorWords[row.indicator].label,
      ...(adjusted ? [row.sign > 0 ? "计入" : "计出"] : []),
      row.name,
      row.mask,
      row.village,
      ...(adjusted ? [row.cells.join("；")] : []),
    ]),
    sum: false,
  };
}
