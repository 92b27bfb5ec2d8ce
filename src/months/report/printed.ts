/** A cell as paper shows it. */
export function printed(cell: string | number | null): string {
  if (cell === null) return "—";
  return typeof cell === "number" ? cell.toLocaleString("zh-CN") : cell;
}
