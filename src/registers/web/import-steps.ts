import { count, type Step } from "../../ui/index.ts";
import type { ImportSummary } from "../contract.ts";

const stateOf = (found: ImportSummary): Record<"check" | "apply", Step["state"]> => {
  switch (found.state) {
    case "checking":
      return { check: "current", apply: "waiting" };
    case "checked":
      return { check: "current", apply: "waiting" };
    case "applied":
      return { check: "done", apply: "done" };
    case "failed":
      return { check: "failed", apply: "waiting" };
    case "undone":
    case "discarded":
      return { check: "done", apply: "failed" };
  }
};

/** 上传 → 核对 → 导入; null before anything was uploaded. */
export function importSteps(found: ImportSummary | null): Step[] {
  if (found === null)
    return [
      { key: "upload", label: "上传", note: "原样交上来", state: "current" },
      { key: "check", label: "核对", note: "看清改动再写入", state: "waiting" },
      { key: "apply", label: "导入", note: "一次完成，可撤销", state: "waiting" },
    ];
  const { counts } = found;
  const states = stateOf(found);
  return [
    {
      key: "upload",
      label: "上传",
      note: counts.rows > 0 ? `${count(counts.rows)} 行` : found.fileName,
      state: "done",
    },
    { key: "check", label: "核对", note: checkNote(found), state: states.check },
    { key: "apply", label: "导入", note: applyNote(found), state: states.apply },
  ];
}

function checkNote({ state, counts }: ImportSummary): string {
  if (state === "checking") return "正在逐行核对";
  if (state === "failed") return "文件读不了";
  return counts.faulty > 0 ? `${count(counts.faulty)} 行有错` : "没有错误";
}

function applyNote({ state, counts }: ImportSummary): string {
  switch (state) {
    case "applied":
      return `写入 ${count(counts.new + counts.changed)} 条`;
    case "undone":
      return "已整批撤销";
    case "discarded":
      return "已作废";
    case "checking":
    case "checked":
    case "failed":
      return "一次完成，可撤销";
  }
}

/** The step that the page of an import looks at. */
export function shownStep({ state }: ImportSummary): "check" | "apply" {
  return state === "checking" || state === "checked" || state === "failed" ? "check" : "apply";
}
