import type { ColumnSummary } from "./rows-contract.ts";

/** How a cell of the type is written, with an example: for templates, guides and forms. `title` is the referred register's. */
export function writingOf(type: ColumnSummary["type"], title: string | null = null): string {
  switch (type) {
    case "text":
      return "文字";
    case "integer":
      return "整数，如 12";
    case "fen":
      return "金额，单位元，最多两位小数，如 1234.50";
    case "date":
      return "日期，如 2024-03-01";
    case "month":
      return "月份，如 2024-03";
    case "boolean":
      return "填“是”或“否”";
    case "code":
      return "从可填内容中选一项";
    case "region":
      return "行政区划名称，如 花垣县双龙镇";
    case "person":
      return "居民身份证号码，18 位，单元格设为文本";
    case "employer":
      return "单位全称，或统一社会信用代码";
    case "reference":
      return title === null ? "所指记录的编号" : `“${title}”里的编号`;
  }
}
