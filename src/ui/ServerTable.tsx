import { Button, Checkbox, Pagination, Popover, Select } from "antd";
import type { ReactNode } from "react";
import type { ExportFormat, OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { useAddress } from "./address.ts";
import { DataTable, type Column, type DataTableProps, type Selection } from "./DataTable.tsx";
import { ExportButton } from "./ExportButton.tsx";
import { FilterBar, filterDefaults, type Filter } from "./FilterBar.tsx";
import { count } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { useRoute } from "./query.ts";
import { useRemembered } from "./remembered.ts";
import { EmptyState, Loading, ProblemNotice } from "./states.tsx";
import css from "./ServerTable.module.css";

type ListRoute = Route & { kind: "query" };
type RowOf<R extends Route> = OutputOf<R> extends { rows: readonly (infer Row)[] } ? Row : never;

export interface ServerTableProps<R extends ListRoute> {
  /** Remembers the chosen columns under this name, on this machine. */
  name: string;
  caption: string;
  /** A list route: input with `page`, `size` and the filters' names; output `{ rows, total }`. */
  route: R;
  /** What is fixed by the page and not by a filter: `{ batchId }`. */
  input?: Readonly<Record<string, unknown>>;
  columns: readonly Column<RowOf<R>>[];
  rowKey: (row: RowOf<R>) => string;
  rowPath?: (row: RowOf<R>) => string;
  filters?: readonly Filter[];
  /** The order when the address says none: "name" or "-receivedAt". Sent to the route as `sort`. */
  defaultSort?: string;
  /** Spells sort for a route that does not take `sort: "-name"`. */
  sortInput?: (key: string, descending: boolean) => Readonly<Record<string, unknown>>;
  /** Download route with the same filters: exports what the officer sees. */
  exportRoute?: Route & { kind: "download" };
  /**
   * What the export wants besides: the officer's purpose (asked, at least 4 characters), the columns he sees (comma-separated
   * keys), whether numbers stand in it whole (`unmasked`; offered to holders of this permission), a format.
   */
  exportWith?: { purpose?: boolean; columns?: boolean; wholeNumbers?: string; formats?: readonly ExportFormat[] };
  selection?: Selection<RowOf<R>>;
  tone?: DataTableProps<RowOf<R>>["tone"];
  /** Buttons of this list, left of export and columns. */
  toolbar?: ReactNode;
  /** What to say when there is nothing and no filter is set. */
  empty?: { title: string; hint?: ReactNode; action?: ReactNode };
  /** What to say instead of "nothing matches these filters", where a filter asks for what no list can hold. */
  nothingFound?: ReactNode;
  /** Rows per page at first. */
  pageSize?: number;
  density?: DataTableProps<RowOf<R>>["density"];
}

const PAGE_SIZES = [20, 50, 100, 200];
const FEW = 7;
/** From here on the list says that a filter finds faster than paging. */
const MANY = 10_000;

/** A list paged, filtered and sorted by the server. Filters, order and page live in the address. */
export function ServerTable<R extends ListRoute>(props: ServerTableProps<R>) {
  const filters = props.filters ?? [];
  const defaults = {
    ...filterDefaults(filters),
    sort: props.defaultSort ?? "",
    page: "1",
    size: String(props.pageSize ?? 50),
  };
  const [address, setAddress] = useAddress(defaults);
  const { columns, chosen, setChosen } = useChosenColumns(props.name, props.columns);

  const descending = address.sort.startsWith("-");
  const sortKey = address.sort.replace(/^-/, "");
  const page = Math.max(1, Number(address.page) || 1);
  const size = Number(address.size) || 50;
  const filterValues = Object.fromEntries(
    Object.entries(address).filter(([name, value]) => value !== "" && !["sort", "page", "size"].includes(name)),
  );
  const sorting = sortKey === "" ? {} : (props.sortInput?.(sortKey, descending) ?? { sort: address.sort });
  const wanted = { ...props.input, ...filterValues, ...sorting };
  const query = useRoute(props.route, { ...wanted, page, size } as RequestOf<R>, { keep: true });
  const answer = query.data as { rows: readonly RowOf<R>[]; total: number } | undefined;
  const filtered = Object.keys(filterValues).length > 0;
  const clear = () => setAddress({ ...filterDefaults(filters), page: "1" });
  // A few columns that are all shown, and nothing to filter or to press: no line is left empty for choosing columns.
  const plain =
    filters.length === 0 &&
    !props.toolbar &&
    !props.exportRoute &&
    props.columns.length <= FEW &&
    !props.columns.some(({ hidden }) => hidden);

  return (
    <div>
      {plain ? null : (
        <div className={css["bar"]}>
          <FilterBar
            filters={filters}
            values={address}
            onChange={(change) => setAddress({ ...change, page: "1" })}
            {...(filtered ? { onClear: clear } : {})}
          />
          <div className={css["tools"]}>
            {props.toolbar}
            {props.exportRoute ? (
              <ExportButton
                route={props.exportRoute}
                input={
                  props.exportWith?.columns
                    ? { ...wanted, columns: columns.map((column) => column.key).join(",") }
                    : wanted
                }
                total={answer?.total ?? 0}
                asksPurpose={props.exportWith?.purpose ?? false}
                {...(props.exportWith?.formats ? { formats: props.exportWith.formats } : {})}
                {...(props.exportWith?.wholeNumbers ? { wholeNumbers: props.exportWith.wholeNumbers } : {})}
              />
            ) : null}
            <ColumnChooser columns={props.columns} chosen={chosen} onChange={setChosen} />
          </div>
        </div>
      )}
      {query.error && !query.isPlaceholderData ? (
        <ProblemNotice problem={query.error} retry={() => void query.refetch()} />
      ) : answer === undefined ? (
        <Loading lines={8} />
      ) : (
        <DataTable
          caption={props.caption}
          columns={columns}
          rows={answer.rows}
          rowKey={props.rowKey}
          {...(props.rowPath ? { rowPath: props.rowPath } : {})}
          {...(props.selection ? { selection: props.selection } : {})}
          {...(props.tone ? { tone: props.tone } : {})}
          {...(props.density ? { density: props.density } : {})}
          sort={{ key: sortKey, descending }}
          onSort={(key, down) => setAddress({ sort: down ? `-${key}` : key, page: "1" })}
          stickyHead
          stale={query.isPlaceholderData}
          empty={
            filtered ? (
              (props.nothingFound ?? (
                <EmptyState
                  title="没有符合这些条件的记录"
                  hint="放宽或清除条件再看。"
                  action={<Button onClick={clear}>清除条件</Button>}
                />
              ))
            ) : (
              <EmptyState {...(props.empty ?? { title: "还没有记录" })} />
            )
          }
        />
      )}
      {answer && answer.total > 0 ? (
        <div className={css["foot"]}>
          <output className="caption">
            共 {count(answer.total)} 条{answer.total >= MANY ? "，条件越具体，找得越快" : ""}
          </output>
          <span className={css["pages"]}>
            <Select
              size="small"
              aria-label="每页条数"
              value={size}
              options={PAGE_SIZES.map((value) => ({ value, label: `每页 ${value} 条` }))}
              onChange={(value) => setAddress({ size: String(value), page: "1" })}
            />
            <Pagination
              size="small"
              current={page}
              pageSize={size}
              total={answer.total}
              showSizeChanger={false}
              showLessItems
              showQuickJumper={answer.total > size * 10}
              onChange={(next) => setAddress({ page: String(next) })}
            />
          </span>
        </div>
      ) : null}
    </div>
  );
}

function useChosenColumns<Row>(name: string, all: readonly Column<Row>[]) {
  const [chosen, setChosen] = useRemembered<readonly string[]>(
    `columns.${name}`,
    all.filter((column) => !column.hidden).map((column) => column.key),
  );
  const columns = all.filter((column) => column.fixed || chosen.includes(column.key));
  return { columns, chosen, setChosen };
}

function ColumnChooser<Row>({
  columns,
  chosen,
  onChange,
}: {
  columns: readonly Column<Row>[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const list = (
    <div className={css["chooser"]}>
      {columns.map((column) => (
        <Checkbox
          key={column.key}
          disabled={column.fixed ?? false}
          checked={(column.fixed ?? false) || chosen.includes(column.key)}
          onChange={(event) =>
            onChange(event.target.checked ? [...chosen, column.key] : chosen.filter((key) => key !== column.key))
          }
        >
          {column.title}
        </Checkbox>
      ))}
      <Button
        size="small"
        type="link"
        onClick={() => onChange(columns.filter((column) => !column.hidden).map((column) => column.key))}
      >
        恢复默认
      </Button>
    </div>
  );
  return (
    <Popover content={list} title="显示哪些列" trigger="click" placement="bottomRight">
      <Button size="small" icon={<Icon name="columns" />}>
        列
      </Button>
    </Popover>
  );
}
