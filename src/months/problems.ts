import type { Problem } from "../platform/problem.ts";

const problem = (code: string, status: Problem["status"], message: string, path?: readonly string[]): Problem => ({
  code: `months.${code}`,
  status,
  message,
  ...(path ? { path } : {}),
});

const monthName = (month: string) => `${month.slice(0, 4)}年${Number(month.slice(5))}月`;

export const monthsProblems = {
  notClosable: () => problem("no-such-level", 422, "只有乡镇、县、市州和省有月度关账。请选择其中一级的地区。"),
  notYours: (act: string, who: string) =>
    problem("not-yours", 403, `“${act}”由${who}办理，请转告该单位，或换用该单位的账号。`),
  notPossible: (region: string, month: string, state: string, act: string) =>
    problem("not-possible", 409, `${region} ${monthName(month)}当前为“${state}”，不能${act}。请刷新页面查看最新状态。`),
  notOver: (month: string) =>
    problem("not-over", 409, `${monthName(month)}还没有结束，月末之后才能关账。现在可以先看月报预览。`),
  earlierReturned: (month: string) =>
    problem("earlier-returned", 409, `${monthName(month)}已退回、还没有重新上报。请先关那个月，再关后面的月份。`),
  missingNotNamed: (names: readonly string[]) =>
    problem(
      "missing-not-named",
      409,
      `还有 ${names.length} 个下级没有签收：${names.slice(0, 8).join("、")}${names.length > 8 ? "等" : ""}。请先签收，或在“缺报”中逐一列明并说明原因后再关账。`,
      ["missing"],
    ),
  notMissing: (names: readonly string[]) =>
    problem(
      "not-missing",
      409,
      `${names.slice(0, 8).join("、")}已经签收，或不在应报之列，不能列为缺报。请刷新页面后重新勾选。`,
      ["missing"],
    ),
  noteNeeded: (open: readonly string[]) =>
    problem(
      "note-needed",
      409,
      `本月还有未办结的事：${open.join("，")}。请先办结；确要现在关账的，请在“说明”中写明原因。`,
      ["note"],
    ),
  batchAtWork: (title: string) =>
    problem("batch-at-work", 409, `“${title}”正在应用或撤销，请等它完成（通常几分钟）后再关账。`),
  closedAbove: (above: string, month: string) =>
    problem(
      "closed-above",
      409,
      `${above} ${monthName(month)}已关账，其中含这个地区，不能单独重开。请先由上级重开${above}；不重开的，更正随下月计入“上月调整”。`,
    ),
  onlyWhoAcknowledged: (who: string) => problem("only-who-acknowledged", 403, `只有签收的${who}才能重开。`),
  noClosing: () => problem("no-closing", 404, "没有找到这次关账，可能不是这个地区、这个月份的。请从月度页重新打开。"),
  notCounted: () => problem("not-counted", 409, "这次关账的数据正在汇总，通常一分钟内完成。请稍后再导出。"),
  nobodyClosed: (month: string) =>
    problem("nobody-closed", 409, `${monthName(month)}还没有下级上报，暂无数据可出月报。请先催报。`),
} as const;
