import { formatYuan } from "../money.ts";
import type { PrintedColumn } from "./document.ts";

/** A cell as paper shows it. */
export function printed(cell: string | number | null, kind: PrintedColumn["kind"]): string {
  if (cell === null) return "—";
  if (typeof cell !== "number") return cell;
  return kind === "money" ? formatYuan(cell) : cell.toLocaleString("zh-CN");
}
