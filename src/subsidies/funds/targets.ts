import { narrow, regionNames, type Scope } from "#registry";
import { handle, handleDownload, type ActionContext, type Handler } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import { printDocument, printMedia, text, type PrintedDocument } from "../../platform/print/index.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  downloadTargets,
  listTargets,
  setTarget,
  targetIndicatorNames,
  targetIndicators,
  type TargetIndicator,
  type TargetRow,
} from "../contract.ts";
import { officeOf, placeOf } from "../places.ts";
import { yearOf } from "./progress.ts";
import { countActuals, targetsOf, upsertTarget } from "./report-store.ts";
import { listFundLinesIn } from "./store.ts";

interface Asked {
  readonly year?: number | undefined;
  readonly region?: string | undefined;
  readonly fund: string;
}

/** Targets are a county's, city's or province's, and so is what is counted beside them. */
async function tableOf({ tx, caller, businessDate }: ActionContext, { year, region, fund }: Asked) {
  const asked = year ?? yearOf(businessDate);
  const office = narrow(caller.sight.region, region) ?? refuse(platformProblems.outOfScope());
  const scope: Scope = office;
  const targets = await targetsOf(tx, { region: office, year: asked, fund });
  const actuals = await countActuals(tx, scope, { year: asked, fund, on: businessDate });
  const rows = targetIndicatorNames.map((indicator): TargetRow => {
    const stored = targets.get(indicator);
    const target = stored ? Number(stored.target) : null;
    const actual = actuals[indicator];
    return {
      indicator,
      target,
      actual,
      reached: reachedBy(indicator, target, actual),
      document: stored?.document ?? null,
    };
  });
  const funds = [...new Set((await listFundLinesIn(tx, scope, { year: asked })).map((line) => line.fund))].toSorted();
  return { year: asked, place: placeOf(await regionNames(tx, [office]), office), fund, rows, funds };
}

function reachedBy(indicator: TargetIndicator, target: number | null, actual: number | null): boolean | null {
  if (target === null || actual === null) return null;
  return targetIndicators[indicator].better === "more" ? actual >= target : actual <= target;
}

/** A measured value with its unit. */
function measured(indicator: TargetIndicator, value: number | null): string {
  if (value === null) return "—";
  const { unit } = targetIndicators[indicator];
  const shown =
    unit === "元" ? formatYuan(value) : unit === "%" || unit === "天" ? (value / 10).toFixed(1) : String(value);
  return `${shown} ${unit}`;
}

function documentOf(
  { caller, businessDate }: ActionContext,
  { year, place, fund, rows }: Awaited<ReturnType<typeof tableOf>>,
): PrintedDocument {
  return {
    title: `${place.name}${year}年${fund || "就业补贴资金"}绩效目标表`,
    heads: [`填报单位：${caller.organisation}`, `统计截止：${businessDate}`],
    remarks: [],
    tables: [
      {
        title: "绩效目标完成情况",
        note: "实际值由系统按补贴件、发放和公示记录计算，不是填报的",
        columns: [
          text("类别", 12),
          text("指标", 18),
          text("目标", 16),
          text("实际", 16),
          text("完成", 8),
          text("依据", 24),
        ],
        rows: rows.map((row) => {
          const { group, label, better } = targetIndicators[row.indicator];
          return [
            group,
            label,
            row.target === null ? "未设" : `${better === "more" ? "≥" : "≤"} ${measured(row.indicator, row.target)}`,
            measured(row.indicator, row.actual),
            row.reached === null ? "—" : row.reached ? "达到" : "未达到",
            row.document ?? "",
          ];
        }),
        sum: false,
      },
    ],
    lists: [],
    sources: targetIndicatorNames.map((name) => `${targetIndicators[name].label}：${targetIndicators[name].counted}。`),
    sourcesTitle: "指标说明",
    signatures: ["制表人：", "审核人：", "单位负责人："],
    watermark: `${caller.organisation} ${caller.name} ${businessDate} 导出`,
  };
}

export function targetHandlers(): readonly Handler[] {
  return [
    handle(listTargets, (context, asked) => tableOf(context, asked)),

    handleDownload(downloadTargets, async (context, { format, ...asked }) => {
      const document = documentOf(context, await tableOf(context, asked));
      context.audit({ format });
      return {
        fileName: `${document.title}.${format}`,
        mediaType: printMedia[format],
        body: await printDocument(document, format),
      };
    }),

    handle(setTarget, async (context, target) => {
      const { tx, caller, businessDate } = context;
      const region = officeOf(caller.sight.region);
      await upsertTarget(tx, { region, ...target, by: caller.name, on: businessDate });
      context.audit({ subject: `subsidies.fund-target:${region}`, region, ...target });
      return {};
    }),
  ];
}
