import type { WriteColumn, WriteSheet, WriteValue } from "../../platform/sheets/index.ts";
import {
  pairedCounties,
  pairedFunds,
  pairedOutcomes,
  pairedRefusals,
  pairedUnknown,
  type PairedLine,
  type SimulationReport,
} from "../contract.ts";

const text = (header: string, width = 34): WriteColumn => ({ header, kind: "text", width });
const int = (header: string): WriteColumn => ({ header, kind: "int", width: 14 });
const money = (header: string): WriteColumn => ({ header, kind: "money", width: 18 });

type Figure = "rows" | "persons" | "amountFen";
const FIGURES: Record<Figure, (version: string) => WriteColumn> = {
  rows: (version) => int(`${version}记录数`),
  persons: (version) => int(`${version}人数`),
  amountFen: (version) => money(`${version}金额`),
};

/** One sheet for each table of the page, the same lines in the same order. */
export function reportSheets(report: SimulationReport, titleLine: string): readonly WriteSheet[] {
  const both = report.beside !== null;
  const sheet = (
    name: string,
    label: string,
    lines: readonly PairedLine[],
    figures: readonly Figure[],
  ): WriteSheet => ({
    name,
    titleLine: `${name}　${titleLine}`,
    columns: [
      text(label),
      ...figures.map((figure) => FIGURES[figure](both ? "本版本" : "")),
      ...(both
        ? [
            ...figures.map((figure) => FIGURES[figure]("对照版本")),
            ...figures.map((figure) => FIGURES[figure]("变化：")),
          ]
        : []),
    ],
    rows: lines.map(({ label: said, now, before }): readonly WriteValue[] => [
      said,
      ...figures.map((figure) => now[figure]),
      ...(before
        ? [...figures.map((figure) => before[figure]), ...figures.map((figure) => now[figure] - before[figure])]
        : []),
    ]),
  });
  return [
    sheet("各种结论", "结论", pairedOutcomes(report), ["rows", "amountFen"]),
    sheet("各县", "县（市、区）", pairedCounties(report), ["rows", "persons", "amountFen"]),
    sheet("资金", "资金", pairedFunds(report), ["rows", "persons", "amountFen"]),
    ...(report.difference ? [changeSheet(report.difference, titleLine)] : []),
    sheet("被哪些条件挡住", "条件", pairedRefusals(report), ["rows"]),
    sheet("缺哪些信息", "信息（由谁补）", pairedUnknown(report), ["rows"]),
  ];
}

function changeSheet(
  { wonBy, lostBy, more, less }: NonNullable<SimulationReport["difference"]>,
  titleLine: string,
): WriteSheet {
  return {
    name: "增减原因",
    titleLine: `增减原因　${titleLine}`,
    columns: [text("增减", 16), text("原因"), int("记录数"), money("金额")],
    rows: [
      ...wonBy.map((one): readonly WriteValue[] => ["新符合", one.says, one.rows, one.amountFen]),
      ...lostBy.map((one): readonly WriteValue[] => ["不再符合", one.says, one.rows, -one.amountFen]),
      ["仍符合", "金额增加", more.rows, more.amountFen],
      ["仍符合", "金额减少", less.rows, -less.amountFen],
    ],
  };
}
