import type { Problem } from "../platform/problem.ts";

const problem = (
  code: string,
  status: Problem["status"],
  message: string,
  details?: Record<string, unknown>,
): Problem => ({
  code: `ledger.${code}`,
  status,
  message,
  ...(details ? { details } : {}),
});

export const ledgerProblems = {
  noTable: (kind: string) =>
    problem(
      "no-table",
      422,
      `文件中没有找到“${kind}”的表头。请确认选对了台账种类，且表头含“姓名”“身份证号”等列名，再重新上传。`,
    ),
  missingColumns: (sheet: string, columns: readonly string[]) =>
    problem(
      "missing-columns",
      422,
      `工作表“${sheet}”缺少必需的列：${columns.join("、")}。请在列对应中指定，或补齐后重新上传。`,
    ),
  tooManyFaults: (rows: number) =>
    problem(
      "too-many-faults",
      422,
      `前 ${rows.toLocaleString("en-US")} 行中错误过多，很可能列对应有误。请返回“列映射”核对后再校验。`,
    ),
  emptyTable: () => problem("empty-table", 422, "表头下面没有任何数据行。请检查文件后重新上传。"),
  notPossible: (state: string, act: string) =>
    problem("not-possible", 409, `批次当前为“${state}”，不能${act}。请刷新页面查看最新进度。`),
  coverageOutside: () => problem("coverage-outside", 403, "申报范围超出了您的管辖区域，请重新选择。"),
  vanishNeedsApproval: (share: string) =>
    problem(
      "vanish-needs-approval",
      409,
      `消失人员占比 ${share}，超过 3%，须由另一名复核人员在“比对”页确认后才能应用。`,
    ),
  approveOwn: () => problem("approve-own", 403, "消失人员须由另一名工作人员复核，不能由接收该批次的人自己确认。"),
  registryMoved: () => problem("registry-moved", 409, "登记库在比对之后有变动，已重新比对。请再看一遍差异，然后应用。"),
  stageLost: () =>
    problem(
      "stage-lost",
      409,
      "数据库曾异常中断，本批次的比对结果没有保住，登记库没有变动。已重新校验和比对，请再看一遍差异，然后应用。",
    ),
  laterBatch: (title: string) =>
    problem("later-batch", 409, `之后应用的“${title}”建立在本批次新增的记录上，请先撤销那一批。`),
  suggestionGone: (cells: number) =>
    problem(
      "suggestion-gone",
      409,
      `有 ${cells} 处的建议已经变了（可能别人刚改过），这次一处也没有改。请刷新页面，核对后再采用。`,
    ),
  undoOfUndo: () =>
    problem(
      "undo-of-undo",
      409,
      "这是一次撤销的记录，撤销本身不能再撤销。要重新办这批台账，请重新接收原文件，再比对、应用。",
    ),
  monthClosed: (month: string, region: string, act: string) =>
    problem(
      "month-closed",
      409,
      `${region} ${Number(month.slice(0, 4))}年${Number(month.slice(5))}月已关账，不能再${act}该月台账。确需改动，请先由签收的上级在“月度关账”重开；不重开的，随下月台账更正，计入“上月调整”。`,
    ),
  nothingToApply: () => problem("nothing-to-apply", 409, "没有需要应用的差异。"),
  mendedDoesNotFit: () =>
    problem(
      "mended-does-not-fit",
      422,
      "上传的表不是从本批次下载的：找不到“原工作表”“原行号”列，也与原文件表头不同。请用“下载标错原表”得到的文件修改后上传。",
    ),
} as const;
