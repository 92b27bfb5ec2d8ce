import { DateText, Link, MoneyText, yuan } from "../../ui/index.ts";
import type { ColumnSummary, ShownValue } from "../contract.ts";
import css from "./Shown.module.css";

/** Where a value leads: the person's or employer's page, the row of another register. */
function pathOf(column: ColumnSummary, id: string): string {
  if (column.type === "person") return `/persons/${id}`;
  return column.type === "employer" ? `/employers/${id}` : `/registers/${column.register ?? ""}?row=${id}`;
}

/** A value as its column's type shows it. A person is a name with the masked number below. */
export function Shown({ column, value }: { column: ColumnSummary; value: ShownValue }) {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? "是" : "否";
  if (typeof value === "number") return column.type === "fen" ? <MoneyText fen={value} unit={false} /> : value;
  if (typeof value === "string") return column.type === "date" ? <DateText value={value} /> : value;
  const label = value.open ? <Link to={pathOf(column, value.id)}>{value.label}</Link> : value.label;
  if (column.type !== "person") return <span title={value.note}>{label}</span>;
  return (
    <span className={css["person"]}>
      {label}
      <span className="caption">{value.note}</span>
    </span>
  );
}

/** The same as plain words: titles, names of buttons, before and after. */
export function wordsOf(column: Pick<ColumnSummary, "type">, value: ShownValue): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "是" : "否";
  if (typeof value === "number") return column.type === "fen" ? `${yuan(value)} 元` : String(value);
  return typeof value === "string" ? value : value.label;
}
