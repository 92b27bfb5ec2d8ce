import { count, dayOf, shortDate, type Step } from "../../ui/index.ts";
import type { BatchState, BatchSummary } from "../contract.ts";
import { sumOf } from "./words.ts";

export const batchSteps = ["receive", "mapping", "check", "compare", "apply", "report"] as const;
export type BatchStep = (typeof batchSteps)[number];

/** Which of the six steps a state belongs to. */
const stepOfState: Record<BatchState, BatchStep> = {
  receiving: "receive",
  refused: "receive",
  mapping: "mapping",
  checking: "check",
  comparing: "compare",
  compared: "compare",
  applying: "apply",
  applied: "apply",
  undoing: "apply",
  undone: "apply",
  discarded: "receive",
};

export function currentStep(batch: Pick<BatchSummary, "state">): BatchStep {
  return stepOfState[batch.state];
}

const labels: Record<BatchStep, string> = {
  receive: "接收",
  mapping: "列映射",
  check: "校验",
  compare: "比对",
  apply: "应用",
  report: "月报",
};

/** The bar of the six steps. A step can be opened once the batch has reached it. */
export function stepsOf(batch: BatchSummary): Step[] {
  const at = batchSteps.indexOf(currentStep(batch));
  const finished = batch.state === "applied" || batch.state === "undone";
  return batchSteps.map((step, index) => {
    const state = stateOf(batch, index, at, finished);
    const reachable =
      step !== "report" &&
      index <= at &&
      step !== "receive" &&
      batch.state !== "refused" &&
      batch.state !== "discarded";
    return {
      key: step,
      label: labels[step],
      note: noteOf(batch, step, state),
      state,
      ...(reachable ? { path: `/ledger/${batch.batchId}?step=${step}` } : {}),
    };
  });
}

function stateOf(batch: BatchSummary, index: number, at: number, finished: boolean): Step["state"] {
  if (batch.state === "refused" || batch.state === "discarded") return index === 0 ? "failed" : "waiting";
  if (index < at || (finished && index === at)) return "done";
  return index === at ? "current" : "waiting";
}

function noteOf(batch: BatchSummary, step: BatchStep, state: Step["state"]): string {
  const { counts } = batch;
  switch (step) {
    case "receive":
      if (batch.state === "discarded") return "已作废";
      if (state === "failed") return "文件无法读取";
      if (state === "current") return "正在读取";
      // Until a file is checked for the first time, nobody has counted its rows.
      return counts.rows === 0 ? "已收到" : `${count(counts.rows)} 行`;
    case "mapping":
      return state === "current" ? "等您确认" : state === "done" ? "已确认" : "认列名";
    case "check":
      if (state === "waiting") return "逐行查错";
      if (state === "current") return "正在校验";
      return counts.waiting > 0
        ? `待修 ${count(counts.waiting)} 行，已修 ${count(counts.repaired)}`
        : counts.repaired > 0
          ? `已修 ${count(counts.repaired)} 行`
          : "没有错误";
    case "compare":
      if (state === "waiting") return "与登记库比对";
      if (batch.state === "comparing") return "正在比对";
      return `${count(sumOf(counts.differences))} 处差异`;
    case "apply":
      if (batch.state === "applying") return "正在应用";
      if (batch.state === "undoing") return "正在撤销";
      if (batch.state === "undone") return "已整批撤销";
      return batch.appliedAt
        ? `${shortDate(dayOf(batch.appliedAt))}由${batch.appliedBy ?? "系统"}应用`
        : "一次完成，可撤销";
    case "report":
      return "关账时生成";
  }
}
