import { Refusal, type Problem } from "../problem.ts";

/**
 * Everything that can be wrong with a spreadsheet somebody sent. Each sentence says what is wrong and how to mend it,
 * because the officer who reads it has only WPS at hand. Readers return these as values where they can and throw them
 * inside `Refusal` from the middle of a stream.
 */
const problem = (what: string, message: string, details?: Record<string, unknown>): Problem => ({
  code: `sheet.${what}`,
  status: 422,
  message,
  ...(details ? { details } : {}),
});

const resave = "请用 Excel 或 WPS 打开后“另存为”“Excel 工作簿（*.xlsx）”，再重新上传";

export const sheetProblems = {
  empty: () => problem("empty", "文件是空的（0 字节），请检查后重新上传。"),
  notSpreadsheet: (kind: string) =>
    problem("not-spreadsheet", `这不是电子表格，而是${kind}。请上传 Excel（.xlsx、.xls）、ODS 或 CSV 文件。`, { kind }),
  encrypted: () =>
    problem("encrypted", "文件设置了打开密码，系统无法读取。请用 Excel 或 WPS 打开后取消密码并保存，再重新上传。"),
  unreadable: () => problem("unreadable", `无法识别文件内容，不是有效的电子表格。${resave}。`),
  binaryWorkbook: () => problem("binary-workbook", `暂不支持 Excel 二进制工作簿（.xlsb）。${resave}。`),
  truncated: () => problem("truncated", "文件不完整，可能上传或下载时中断。请在电脑上确认文件能正常打开，再重新上传。"),
  damaged: (where: string) => problem("damaged", `文件已损坏（${where}）。${resave}。`, { where }),
  bomb: () =>
    problem(
      "bomb",
      `文件解压后体积异常巨大，为保护系统已停止读取。请删除表格中多余的空行、空列和格式后另存，再重新上传。`,
    ),
  tooLarge: (limit: string) =>
    problem("too-large", `文件超过可处理的大小（${limit}）。${resave}；数据很多时也可以另存为 CSV（UTF-8）。`, {
      limit,
    }),
  tooManyParts: (count: number) =>
    problem("too-many-parts", `文件内部包含 ${count} 个部件，数量异常，已停止读取。${resave}。`, { count }),
  unsafeName: () => problem("unsafe-name", `文件内部含有不安全的路径，已拒绝读取。${resave}。`),
  noWorkbook: () => problem("no-workbook", "压缩包里没有电子表格。请先解压，再单独上传其中的表格文件。"),
  noSheet: () => problem("no-sheet", "文件里没有任何工作表，请检查后重新上传。"),
  unknownSheet: (index: number) => problem("unknown-sheet", `文件里没有第 ${index + 1} 张工作表。`, { index }),
  longText: (where: string) =>
    problem("long-text", `${where}的文字超过 32767 个字，超出 Excel 单元格的上限。请删减后重新上传。`, { where }),
  longRow: (row: number) =>
    problem("long-row", `第 ${row} 行的内容过大，系统无法读取。请检查该行是否有异常内容。`, { row }),
  rowOrder: (row: number) => problem("row-order", `文件已损坏：第 ${row} 行之后行号顺序错乱。${resave}。`, { row }),
  rowBeyondLimit: (row: number) =>
    problem("row-beyond-limit", `第 ${row} 行超出 Excel 的行数上限（1048576 行）却仍有数据。请改用 CSV 格式上传。`, {
      row,
    }),
  unclosedQuote: (line: number) =>
    problem(
      "unclosed-quote",
      `第 ${line} 行有一个英文双引号没有成对，后面的内容无法分清。请补上或删除该引号后重新上传。`,
      {
        line,
      },
    ),
  undecodable: (line: number) =>
    problem(
      "undecodable",
      `第 ${line} 行附近的文字既不是 UTF-8 也不是国标编码（GB18030），无法识别。请用 WPS 打开后另存为“CSV（UTF-8）”或 xlsx，再重新上传。`,
      { line },
    ),
  legacyTooHeavy: () =>
    problem("legacy-too-heavy", `文件内容太多，按旧格式（.xls/.ods）读取所需内存超过上限。${resave}。`),
  legacyTooSlow: (seconds: number) =>
    problem("legacy-too-slow", `旧格式文件读取超过 ${seconds} 秒仍未完成，已停止。${resave}。`, { seconds }),
  cannotAnnotate: () =>
    problem("cannot-annotate", "只有 xlsx 文件能在原表上标注错误；其他格式请下载错误清单，改好后重新上传。"),
  tooLargeToAnnotate: () =>
    problem("too-large-to-annotate", "文件太大，无法在原表上标注错误。请下载错误清单，改好后重新上传。"),
} as const;

export function isProblem(value: object): value is Problem {
  return "code" in value && "status" in value && "message" in value;
}

/** Runs a reader and turns its refusal into a value; any other error is a fault of ours and goes on. */
export async function refusalAsValue<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
}
