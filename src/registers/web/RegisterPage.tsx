import { Button, Tabs } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  count,
  Icon,
  Link,
  May,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useGo,
  useMay,
  usePathPart,
  useRoute,
  useToast,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import {
  exportRegisterRows,
  MOST_EXPORTED,
  getRegister,
  importStateLabels,
  importStates,
  listImports,
  listRegisterRows,
  registersPermissions,
  sortableTypes,
  type ColumnSummary,
  type RegisterRow,
  type RegisterSummary,
} from "../contract.ts";
import { importTones } from "./import-tones.ts";
import { RowDrawer } from "./RowDrawer.tsx";
import { RowForm } from "./RowForm.tsx";
import { Shown, wordsOf } from "./Shown.tsx";
import css from "./RegisterPage.module.css";

/** One register: its rows as the definition describes them, and the tables that were handed over. */
export default function RegisterPage() {
  const register = usePathPart("register");
  return (
    <Answer query={useRoute(getRegister, { register })} lines={8}>
      {(found) => <Loaded key={found.name} register={found} />}
    </Answer>
  );
}

function Loaded({ register }: { register: RegisterSummary }) {
  const [{ tab, row }, setAddress] = useAddress({ tab: "rows", row: "" });
  const [adding, setAdding] = useState(false);
  const go = useGo();
  const toast = useToast();
  return (
    <>
      <PageHeader
        title={register.title}
        crumbs={[{ label: "登记簿", path: "/registers" }, { label: register.group }, { label: register.title }]}
        note={register.about}
        actions={
          <May permission={registersPermissions.write}>
            <Button onClick={() => setAdding(true)}>登记一条</Button>
            <Button
              type="primary"
              icon={<Icon name="upload" />}
              onClick={() => go(`/registers/${register.name}/import`)}
            >
              导入表格
            </Button>
          </May>
        }
      />
      <Card>
        <Tabs
          activeKey={tab}
          onChange={(key) => go(`/registers/${register.name}${key === "rows" ? "" : `?tab=${key}`}`)}
          destroyOnHidden
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={[
            { key: "rows", label: "记录", children: <Rows register={register} /> },
            { key: "imports", label: "导入记录", children: <Imports register={register} /> },
          ]}
        />
      </Card>
      {row === "" ? null : (
        <RowDrawer key={row} register={register} rowId={row} onClose={() => setAddress({ row: "" })} />
      )}
      {adding ? (
        <RowForm
          register={register}
          onClose={() => setAdding(false)}
          onSaved={(rowId) => {
            toast.done("已登记 1 条。");
            setAddress({ row: rowId });
          }}
        />
      ) : null}
    </>
  );
}

/** As many columns as a desk's screen holds beside one another; the rest is chosen. */
const SHOWN_AT_FIRST = 9;
const CODE_FILTERS = 2;
const WIDTHS: Partial<Record<ColumnSummary["type"], number>> = {
  date: 100,
  month: 84,
  boolean: 72,
  integer: 84,
  fen: 110,
  person: 150,
};

function Rows({ register }: { register: RegisterSummary }) {
  const [{ person }, setAddress] = useAddress({ person: "" });
  const may = useMay(registersPermissions.export);
  const columns = columnsOf(register, (rowId) => setAddress({ row: rowId } as never, { replace: false }));
  return (
    <>
      {person ? (
        <p className={css["only"]}>
          只看一个人的记录。
          <Link to={`/registers/${register.name}`}>看全部</Link>
        </p>
      ) : null}
      <ServerTable
        name={`registers.${register.name}`}
        caption={register.title}
        route={listRegisterRows}
        input={{ register: register.name, ...(person ? { person } : {}) }}
        rowKey={(row) => row.rowId}
        density={register.columns.some(({ type }) => type === "person") ? "duty" : "work"}
        filters={filtersOf(register)}
        defaultSort="-recorded"
        {...(may
          ? { exportRoute: exportRegisterRows, exportWith: { purpose: true, columns: true, most: MOST_EXPORTED } }
          : {})}
        columns={columns}
        empty={{
          title: `“${register.title}”还没有记录`,
          hint: "有现成的表就导入，列名不必和系统一样；零星的用“登记一条”。",
          action: (
            <May permission={registersPermissions.write}>
              <Link to={`/registers/${register.name}/import`}>去导入表格</Link>
            </May>
          ),
        }}
      />
    </>
  );
}

/** A person is shown by name, with the masked number below it. */
const titleOf = ({ type, label }: ColumnSummary) => (type === "person" && /证/.test(label) ? "姓名、证件号码" : label);

function columnsOf(register: RegisterSummary, open: (rowId: string) => void): Column<RegisterRow>[] {
  const lead = register.columns.find((column) => column.key) ?? register.columns[0]!;
  const rest = register.columns.filter((column) => column !== lead);
  let shown = 1;
  const one = (column: ColumnSummary): Column<RegisterRow> => ({
    key: column.column,
    title: titleOf(column),
    sort: sortableTypes.has(column.type),
    hidden: column.aside || ++shown > SHOWN_AT_FIRST,
    ...(column.type === "fen" || column.type === "integer" ? { align: "right" as const } : {}),
    ...(WIDTHS[column.type] ? { width: WIDTHS[column.type]! } : {}),
    render: (row) => <Shown column={column} value={row.values[column.column] ?? null} />,
  });
  return [
    {
      ...one(lead),
      fixed: true,
      hidden: false,
      render: (row) => (
        <button type="button" className={css["open"]} onClick={() => open(row.rowId)}>
          {wordsOf(lead, row.values[lead.column] ?? null) || "（未编号）"}
        </button>
      ),
    },
    ...rest.map(one),
    { key: "kept-by", title: "登记单位所在地", sort: true, hidden: true, render: (row) => row.region.name },
    {
      key: "recorded",
      title: "登记日期",
      sort: true,
      hidden: shown >= SHOWN_AT_FIRST,
      width: 100,
      render: (row) => row.recordedOn,
    },
  ];
}

/** Text, place, the first few columns of fixed words, and the first date from and to. */
function filtersOf({ columns }: RegisterSummary): Filter[] {
  const date = columns.find(({ type }) => type === "date");
  return [
    { kind: "text", name: "text", label: "查找", placeholder: "编号、姓名、单位", width: 150 },
    { kind: "region", name: "region", label: "地区" },
    ...columns
      .filter(({ type, codes }) => type === "code" && codes.length > 1)
      .slice(0, CODE_FILTERS)
      .map((column): Filter => ({
        kind: "choice",
        name: `is.${column.column}`,
        label: column.label,
        width: 104,
        options: column.codes.map((code) => ({ value: code, label: code })),
      })),
    ...(date
      ? [
          { kind: "date" as const, name: `from.${date.column}`, label: `${date.label}自` },
          { kind: "date" as const, name: `to.${date.column}`, label: "至" },
        ]
      : []),
  ];
}

function Imports({ register }: { register: RegisterSummary }) {
  return (
    <ServerTable
      name="registers.imports"
      caption={`${register.title}的导入记录`}
      route={listImports}
      input={{ register: register.name }}
      rowKey={(row) => row.importId}
      rowPath={(row) => `/registers/${register.name}/imports/${row.importId}`}
      filters={[
        {
          kind: "choice",
          name: "state",
          label: "状态",
          options: importStates.map((value) => ({ value, label: importStateLabels[value] })),
        },
      ]}
      columns={[
        { key: "file", title: "文件", fixed: true, render: (row) => row.fileName },
        { key: "at", title: "上传", width: 150, render: (row) => <MomentText value={row.receivedAt} /> },
        { key: "by", title: "经办", width: 90, render: (row) => row.receivedBy },
        { key: "new", title: "新增", width: 76, align: "right", render: (row) => count(row.counts.new) },
        { key: "changed", title: "变更", width: 76, align: "right", render: (row) => count(row.counts.changed) },
        { key: "same", title: "无变化", width: 76, align: "right", render: (row) => count(row.counts.same) },
        {
          key: "faulty",
          title: "有错",
          width: 76,
          align: "right",
          render: (row) => (row.counts.faulty > 0 ? <b className="tone-late">{count(row.counts.faulty)}</b> : "0"),
        },
        {
          key: "state",
          title: "状态",
          width: 90,
          render: (row) =>
            row.state === "checked" && row.counts.new + row.counts.changed === 0 ? (
              <StatusTag>无需写入</StatusTag>
            ) : (
              <StatusTag tone={importTones[row.state]}>{importStateLabels[row.state]}</StatusTag>
            ),
        },
      ]}
      empty={{ title: "还没有导入过表格", hint: "用右上角“导入表格”交上第一份。" }}
    />
  );
}
