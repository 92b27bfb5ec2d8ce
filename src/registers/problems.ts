import type { Problem } from "../platform/problem.ts";

const problem = (
  code: string,
  status: Problem["status"],
  message: string,
  more: Pick<Problem, "path" | "details"> = {},
): Problem => ({ code: `registers.${code}`, status, message, ...more });

export const registersProblems = {
  unknownColumn: (name: string) => problem("unknown-column", 422, `登记簿没有“${name}”这一栏，请刷新页面后重试。`),
  numberInAddress: () =>
    problem(
      "number-in-address",
      422,
      "证件号码不能用来筛选列表（会留在浏览记录里）。请用页面顶部的查找框找到此人，在“一人一档”的登记信息里查看。",
      { path: ["text"] },
    ),
  mappedTwice: (label: string) =>
    problem("mapped-twice", 422, `“${label}”在同一张表里只能对应一列。请把多余的一列改为“不读取此列”。`),
  rowChanged: () => problem("row-changed", 409, "这条记录在您打开之后已被他人或导入修改，请刷新后核对再办。"),
  nothingChanged: () => problem("nothing-changed", 422, "没有内容发生变化，无需保存。"),
  unfit: (column: string, message: string) => problem("unfit", 422, message, { path: ["values", column] }),
  keyTaken: (labels: string) =>
    problem("key-taken", 409, `已有${labels}相同的记录，请查找后修改那一条，不要重复登记。`),
  breaksRule: (message: string, details: Record<string, unknown>) => problem("breaks-rule", 422, message, { details }),
  referredTo: (title: string) =>
    problem("referred-to", 409, `“${title}”里还有记录指向它，不能删除。请先处理那些记录。`),
  noTable: (title: string, labels: readonly string[]) =>
    problem(
      "no-table",
      422,
      `文件中没有找到“${title}”的表头。表头应有：${labels.join("、")}。可以先下载模板，或把列名改成模板里的写法后重新上传。`,
    ),
  missingColumns: (sheet: string, labels: readonly string[]) =>
    problem(
      "missing-columns",
      422,
      `工作表“${sheet}”缺少${labels.map((label) => `“${label}”`).join("、")}列，认不出是哪一条记录。请补上列名后重新上传。`,
    ),
  emptyTable: () => problem("empty-table", 422, "表头下面没有任何数据行。请检查文件后重新上传。"),
  tooManyFaults: (faults: number) =>
    problem(
      "too-many-faults",
      422,
      `查出的错误超过 ${faults.toLocaleString("zh-CN")} 处，很可能列名与内容对不上，或选错了登记簿。请核对后重新上传。`,
    ),
  notPossible: (state: string, act: string) =>
    problem("not-possible", 409, `这次导入目前是“${state}”，不能${act}。请刷新页面查看最新情况。`),
  nothingToApply: () =>
    problem("nothing-to-apply", 409, "没有可以导入的行：其余都与登记簿一致或有错。请修好有错的行后重新上传。"),
  moved: () =>
    problem("moved", 409, "登记簿在检查之后有变动，已重新检查，什么都没有写入。请再看一遍将要改动的内容，然后导入。"),
  changedSince: (rows: number) =>
    problem(
      "changed-since",
      409,
      `这次导入的记录中有 ${rows.toLocaleString("zh-CN")} 条之后又被修改、删除或再次导入，不能整批撤销。请先撤销后来的导入，或逐条修改。`,
    ),
  importReferredTo: () =>
    problem(
      "import-referred-to",
      409,
      "其他登记簿里已有记录指向这次导入的记录，不能整批撤销。请先撤销或删除那些记录。",
    ),
} as const;
