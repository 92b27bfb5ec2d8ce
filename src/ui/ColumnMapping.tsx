import { Checkbox, Select } from "antd";
import { Card } from "./Card.tsx";
import { assign, missingFields, type GroupChoice, type SheetGroup } from "./column-mapping.ts";
import { DataTable } from "./DataTable.tsx";
import { columnLetters, count } from "./format.ts";
import { StatusTag } from "./StatusTag.tsx";
import css from "./ColumnMapping.module.css";

export interface MappedField<F extends string> {
  readonly field: F;
  readonly label: string;
  readonly required: boolean;
}

interface ColumnMappingProps<F extends string> {
  group: SheetGroup<F>;
  choice: GroupChoice<F>;
  fields: readonly MappedField<F>[];
  editable: boolean;
  onChange: (choice: GroupChoice<F>) => void;
  /** What the fields are called here: 登记项, 栏目. */
  noun: string;
}

/** 列映射 of sheets with one header: the file's columns beside our fields, with what stands in them; what is required and missing stands in red. */
export function ColumnMapping<F extends string>({
  group,
  choice,
  fields,
  editable,
  onChange,
  noun,
}: ColumnMappingProps<F>) {
  const required = fields.filter((one) => one.required).map(({ field }) => field);
  const missing = missingFields(choice, required);
  const labelOf = new Map(fields.map(({ field, label }) => [field, label]));
  const rows = group.sheets.reduce<number | null>(
    (sum, sheet) => (sum === null || sheet.rows == null ? null : sum + sheet.rows),
    0,
  );
  const options = fields.map(({ field, label, required: must }) => ({
    value: field,
    label: must ? `${label} *` : label,
  }));
  const names = group.sheets.map((sheet) => sheet.name);
  return (
    <Card
      title={names.length > 1 ? `${names.length} 张表头相同的表` : `表“${names[0] ?? ""}”`}
      note={`${names.length > 1 ? `${names.slice(0, 6).join("、")}${names.length > 6 ? " 等" : ""} · ` : ""}${rows === null ? "" : `${count(rows)} 行 · `}${group.sheets[0]?.headerRows.length ? `表头在第 ${group.sheets[0].headerRows.join("、")} 行` : "没有找到表头"}`}
      extra={
        <Checkbox
          checked={choice.used}
          disabled={!editable}
          onChange={(event) => onChange({ ...choice, used: event.target.checked })}
        >
          读取
        </Checkbox>
      }
    >
      {choice.used ? (
        <div className={css["group"]}>
          <DataTable
            caption={`表 ${names[0] ?? ""} 的列与${noun}的对应`}
            rows={group.columns}
            rowKey={(column) => String(column.column)}
            columns={[
              {
                key: "column",
                title: "列",
                width: 44,
                render: (column) => <span className="mono">{columnLetters(column.column)}</span>,
              },
              {
                key: "header",
                title: "表里的列名",
                width: 180,
                render: (column) => <b>{column.header || "（无列名）"}</b>,
              },
              { key: "samples", title: "前几行的值", render: (column) => <Samples values={column.samples} /> },
              {
                key: "field",
                title: `对应${noun}`,
                width: 220,
                render: (column) => {
                  const field = choice.fields[column.column] ?? null;
                  return (
                    <Select
                      size="small"
                      showSearch={{ optionFilterProp: "label" }}
                      aria-label={`“${column.header}”对应的${noun}`}
                      disabled={!editable}
                      value={field ?? ""}
                      style={{ width: 200 }}
                      options={[{ value: "", label: "不读取此列" }, ...options]}
                      onChange={(value) =>
                        onChange(
                          assign(choice, column.column, fields.find((one) => one.field === value)?.field ?? null),
                        )
                      }
                    />
                  );
                },
              },
              {
                key: "state",
                title: "结果",
                width: 116,
                render: (column) => {
                  const field = choice.fields[column.column];
                  if (!field)
                    return column.samples.some((value) => value !== "") ? (
                      <StatusTag tone="soon">有值，不读取</StatusTag>
                    ) : (
                      <span className="caption">不读取</span>
                    );
                  return required.includes(field) ? (
                    <StatusTag tone="blue">必需，已认</StatusTag>
                  ) : (
                    <StatusTag>已认</StatusTag>
                  );
                },
              },
            ]}
          />
          {missing.length > 0 ? (
            <p className={css["missing"]} role="alert">
              还缺必需的列：<b>{missing.map((field) => labelOf.get(field)).join("、")}</b>
              。请在上面为它们选一列；表里确实没有，就不能接收这张表。
            </p>
          ) : null}
        </div>
      ) : (
        <p className={css["unused"]}>不读取：看来不是数据（说明、汇总或空表）。如有数据，请勾选“读取”。</p>
      )}
    </Card>
  );
}

function Samples({ values }: { values: readonly string[] }) {
  const shown = values.filter((value) => value !== "").slice(0, 3);
  return shown.length === 0 ? (
    <span className="caption">前几行都是空的</span>
  ) : (
    <span className={css["samples"]}>{shown.join("　")}</span>
  );
}
