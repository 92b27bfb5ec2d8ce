import { Card, count, Link, ProblemNotice, useRoute } from "../../ui/index.ts";
import { listRowsOfPerson, type ColumnSummary, type RegisterRow } from "../contract.ts";
import { wordsOf } from "./Shown.tsx";
import css from "./PersonRows.module.css";

/** Beside the person's page there is room for what tells rows apart, not for all of it. */
const COLUMNS_SHOWN = 4;

/** What the registers hold of a person, register by register; each line opens its row. */
export function PersonRows({ personId }: { personId: string }) {
  const held = useRoute(listRowsOfPerson, { personId });
  if (held.error)
    return (
      <Card title="登记信息">
        <ProblemNotice problem={held.error} retry={() => void held.refetch()} compact />
      </Card>
    );
  if (!held.data || held.data.length === 0) return null;
  const total = held.data.reduce((sum, register) => sum + register.total, 0);
  return (
    <Card title="登记信息" note={`${held.data.length} 本登记簿，${count(total)} 条`}>
      {held.data.map((register) => (
        <section key={register.name} className={css["register"]} aria-label={register.title}>
          <h3>
            {register.title}
            {register.total > register.rows.length ? (
              <Link to={`/registers/${register.name}?person=${personId}`}>全部 {count(register.total)} 条 ›</Link>
            ) : null}
          </h3>
          <ul>
            {register.rows.map((row) => (
              <li key={row.rowId}>
                <Link to={`/registers/${register.name}?row=${row.rowId}`}>{nameOf(register.columns, row)}</Link>
                <span>{wordsOfRow(register.columns, row)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Card>
  );
}

function nameOf(columns: readonly ColumnSummary[], row: RegisterRow): string {
  const words = columns
    .filter(({ key, type }) => key && type !== "person")
    .map((column) => wordsOf(column, row.values[column.column] ?? null))
    .filter(Boolean);
  return words.join(" · ") || row.recordedOn;
}

function wordsOfRow(columns: readonly ColumnSummary[], row: RegisterRow): string {
  return columns
    .filter(({ key, type, aside }) => !key && type !== "person" && !aside)
    .flatMap((column) => {
      const words = wordsOf(column, row.values[column.column] ?? null);
      return words === "" ? [] : [`${column.label} ${words}`];
    })
    .slice(0, COLUMNS_SHOWN)
    .join("　");
}
