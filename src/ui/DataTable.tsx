import { Checkbox } from "antd";
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "./Link.tsx";
import css from "./DataTable.module.css";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  readonly width?: number | string;
  readonly align?: "right" | "center";
  /** The server can sort by it, under the name `key`. */
  readonly sort?: boolean;
  /** Not shown until the officer chooses it. */
  readonly hidden?: boolean;
  /** Always shown; leads the row on a phone. */
  readonly fixed?: boolean;
}

/** Rows the officer has chosen, by key; they stay chosen while he pages. */
export interface Selection<Row> {
  readonly selected: ReadonlyMap<string, Row>;
  readonly onChange: (selected: ReadonlyMap<string, Row>) => void;
  /** What a row's check box is called: "选择麻成林". */
  readonly label: (row: Row) => string;
  /** Rows that cannot be chosen. */
  readonly disabled?: (row: Row) => boolean;
}

export interface DataTableProps<Row> {
  /** What the table is, for those who hear it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Opens when the row's first column is followed. */
  rowPath?: (row: Row) => string;
  selection?: Selection<Row>;
  sort?: { key: string; descending: boolean };
  onSort?: (key: string, descending: boolean) => void;
  /** "duty": rows with two lines (44), "short": tables of few rows (27), default work rows (34). */
  density?: "work" | "duty" | "short";
  /** Two or three short columns: stays a table on a phone, where other rows become cards. */
  narrow?: boolean;
  /** Rows that stand out: late or wrong. */
  tone?: (row: Row) => "late" | "chosen" | undefined;
  /** Keeps the head in sight below the top bar. */
  stickyHead?: boolean;
  /** Former rows are shown while new ones come. */
  stale?: boolean;
  empty?: ReactNode;
}

/**
 * A real table: caption, column heads, row heads. On a narrow screen each row becomes a small card with its labels.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, selection, density = "work", stale = false, stickyHead = false } = props;
  const { frame, wide } = useWideness();
  return (
    <div ref={frame} className={`${css["frame"]} ${wide ? css["wide"] : ""}`}>
      <table
        className={`${css["table"]} ${css[density]} ${props.narrow ? "" : css["cards"]} ${stickyHead && !wide ? css["sticky"] : ""} ${stale ? css["stale"] : ""}`}
        aria-busy={stale}
      >
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr>
            {selection ? (
              <th scope="col" className={css["choose"]}>
                <ChooseAll rows={rows} rowKey={rowKey} selection={selection} />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell
                key={column.key}
                column={column}
                {...(props.sort ? { sort: props.sort } : {})}
                {...(props.onSort ? { onSort: props.onSort } : {})}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            const tone = props.tone?.(row);
            return (
              <tr key={key} className={tone ? css[tone] : ""}>
                {selection ? (
                  <td className={css["choose"]}>
                    <Checkbox
                      checked={selection.selected.has(key)}
                      disabled={selection.disabled?.(row) ?? false}
                      aria-label={selection.label(row)}
                      onChange={(event) =>
                        selection.onChange(chosenRows(selection.selected, [row], rowKey, event.target.checked))
                      }
                    />
                  </td>
                ) : null}
                {columns.map((column, position) => (
                  <td key={column.key} className={column.align ? css[column.align] : ""} data-label={column.title}>
                    <div className={css["cell"]}>
                      {position === 0 && props.rowPath ? (
                        <Link to={props.rowPath(row)}>{column.render(row)}</Link>
                      ) : (
                        column.render(row)
                      )}
                    </div>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 ? props.empty : null}
    </div>
  );
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort?: { key: string; descending: boolean };
  onSort?: (key: string, descending: boolean) => void;
}) {
  const active = sort?.key === column.key;
  const order = active ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <th
      scope="col"
      className={column.align ? css[column.align] : ""}
      style={{ width: column.width }}
      {...(column.sort && onSort ? { "aria-sort": order } : {})}
    >
      {column.sort && onSort ? (
        <button type="button" className={css["sorter"]} onClick={() => onSort(column.key, active && !sort.descending)}>
          {column.title}
          <span aria-hidden="true" className={active ? css["sorted"] : css["unsorted"]}>
            {active ? (sort.descending ? "↓" : "↑") : "↕"}
          </span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

function ChooseAll<Row>({
  rows,
  rowKey,
  selection,
}: {
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  selection: Selection<Row>;
}) {
  const open = rows.filter((row) => !selection.disabled?.(row));
  const chosen = open.filter((row) => selection.selected.has(rowKey(row))).length;
  return (
    <Checkbox
      aria-label="选择本页全部"
      disabled={open.length === 0}
      checked={open.length > 0 && chosen === open.length}
      indeterminate={chosen > 0 && chosen < open.length}
      onChange={(event) => selection.onChange(chosenRows(selection.selected, open, rowKey, event.target.checked))}
    />
  );
}

function chosenRows<Row>(
  selected: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  chosen: boolean,
): ReadonlyMap<string, Row> {
  const next = new Map(selected);
  for (const row of rows) {
    if (chosen) next.set(rowKey(row), row);
    else next.delete(rowKey(row));
  }
  return next;
}

/** A table wider than its place scrolls by itself (and gives up its sticky head); the page never scrolls sideways. */
function useWideness() {
  const frame = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setWide((element.querySelector("table")?.scrollWidth ?? 0) > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const table = element.querySelector("table");
    if (table) observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return { frame, wide };
}
