import type { ReactNode } from "react";
import {
  Card,
  count,
  DataTable,
  download,
  DownloadButton,
  Icon,
  May,
  ServerTable,
  useRoute,
  type Filter,
} from "../../ui/index.ts";
import {
  downloadFaultyRows,
  listImportFaults,
  registersPermissions,
  type ImportDetail,
  type ShownValue,
} from "../contract.ts";
import { CellChange } from "./CellChange.tsx";
import css from "./Import.module.css";

/** "第 12 行", with the sheet where there are several. */
function placeOf(found: ImportDetail, sheet: number, rowNo: number): string {
  const several = found.sheets.filter(({ used }) => used).length > 1;
  return several ? `${found.sheets[sheet]?.name ?? ""} 第 ${rowNo} 行` : `第 ${rowNo} 行`;
}

/** What is wrong, where it stands in the officer's own file, and how to mend it. */
export function Faults({ found }: { found: ImportDetail }) {
  const { importId } = found;
  const labels = useRoute(listImportFaults, { importId, page: 1, size: 1 });
  const filters: Filter[] = [
    {
      kind: "choice",
      name: "label",
      label: "栏目",
      width: 170,
      options: (labels.data?.labels ?? []).map(({ label, faults }) => ({
        value: label,
        label: `${label}（${count(faults)}）`,
      })),
    },
  ];
  return (
    <Card
      title={`${count(found.counts.faulty)} 行有错`}
      note="行号与您的文件一致；这些行不写入"
      extra={
        <May permission={registersPermissions.write}>
          <DownloadButton size="small" start={() => download(downloadFaultyRows, { importId })}>
            下载有错的行
          </DownloadButton>
        </May>
      }
    >
      <ServerTable
        name="registers.faults"
        caption="有错的行"
        route={listImportFaults}
        input={{ importId }}
        filters={filters}
        pageSize={20}
        rowKey={(row) => `${row.sheet} ${row.rowNo} ${row.label} ${row.message}`}
        columns={[
          {
            key: "place",
            title: "位置",
            width: 120,
            fixed: true,
            render: (row) => placeOf(found, row.sheet, row.rowNo),
          },
          { key: "message", title: "问题和改法", fixed: true, render: (row) => row.message },
          {
            key: "value",
            title: "表里的值",
            width: 200,
            render: (row) => (row.value === "" ? <span className="caption">—</span> : row.value),
          },
        ]}
      />
    </Card>
  );
}

const wordsOf = (value: ShownValue): string => {
  if (value === null) return "空";
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "object" ? value.label : String(value);
};

/** The first rows that would change, cell by cell: what an officer looks at before agreeing. */
export function PreviewedChanges({ found }: { found: ImportDetail }) {
  const applied = found.state !== "checked";
  return (
    <Card
      title={applied ? "更新了什么" : "将更新什么"}
      note={
        found.counts.changed > found.changes.length
          ? `前 ${count(found.changes.length)} 条，共 ${count(found.counts.changed)} 条`
          : `${count(found.changes.length)} 条`
      }
    >
      <DataTable
        caption="将更新的记录"
        rows={found.changes}
        rowKey={(row) => `${row.sheet} ${row.rowNo}`}
        columns={[
          { key: "place", title: "位置", width: 120, render: (row) => placeOf(found, row.sheet, row.rowNo) },
          { key: "row", title: "记录", width: 200, render: (row) => <b>{row.row}</b> },
          {
            key: "cells",
            title: applied ? "原来 → 现在" : "登记簿现值 → 表里的值",
            render: (row) => (
              <span className={css["cells"]}>
                {row.cells.map((cell) => (
                  <CellChange key={cell.label} {...cell} words={wordsOf} />
                ))}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}

/** Which column of the file was taken for which of the register; what nobody understood is said too. */
export function ColumnsRead({ found, extra }: { found: ImportDetail; extra?: ReactNode }) {
  const used = found.sheets.filter((sheet) => sheet.used);
  const left = found.sheets.filter((sheet) => !sheet.used);
  const labels = new Map(found.fields.map(({ field, label }) => [field, label]));
  return (
    <Card
      title="列是怎么认的"
      note={
        found.byHand
          ? "按人工设定的列对应"
          : left.length > 0
            ? `没有读：${left.map(({ name }) => name).join("、")}`
            : "列名不对应的不读"
      }
      extra={extra}
    >
      {used.map((sheet) => (
        <div key={sheet.name} className={css["sheet"]}>
          {used.length > 1 ? <h3>{sheet.name}</h3> : null}
          <ul className={css["headers"]}>
            {sheet.columns
              .filter(({ header }) => header !== "")
              .map(({ column, header, field }) => {
                const label = field === null ? null : (labels.get(field) ?? field);
                return (
                  <li key={column} className={label === null ? css["unread"] : ""}>
                    <span>{header}</span>
                    {label === null || label === header ? null : <Icon name="arrow" size={12} />}
                    {label === header ? null : <span className="caption">{label ?? "没有读"}</span>}
                  </li>
                );
              })}
          </ul>
        </div>
      ))}
    </Card>
  );
}
