import { Button, Checkbox, Select } from "antd";
import { useState } from "react";
import {
  ActFooter,
  Answer,
  Card,
  count,
  DataTable,
  dayOf,
  ProblemNotice,
  StatusTag,
  useAct,
  useMay,
  useRoute,
} from "../../ui/index.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import {
  batchFlow,
  confirmMapping,
  getBatch,
  getMapping,
  ledgerFieldLabels,
  ledgerPermissions,
  type BatchSummary,
  type LedgerField,
} from "../contract.ts";
import {
  assign,
  confirmedSheets,
  groupSheets,
  initialChoice,
  missingFields,
  type GroupChoice,
  type SheetGroup,
} from "./mapping.ts";
import { columnLetters } from "./words.ts";
import css from "./MappingStep.module.css";

/** 列映射: the file's columns beside our fields, with what stands in them; what is required and missing stands in red. */
export function MappingStep({ batch }: { batch: BatchSummary }) {
  const mapping = useRoute(getMapping, { batchId: batch.batchId });
  return (
    <Answer query={mapping} lines={10}>
      {(found) => <Mapping batch={batch} mapping={found} />}
    </Answer>
  );
}

function Mapping({ batch, mapping }: { batch: BatchSummary; mapping: OutputOf<typeof getMapping> }) {
  const may = useMay(ledgerPermissions.write);
  const editable = may && nextState(batchFlow, batch.state, "map") !== null;
  const groups = groupSheets(mapping.sheets);
  const [choices, setChoices] = useState<ReadonlyMap<string, GroupChoice>>(new Map());
  const required = mapping.fields.filter((field) => field.required).map((field) => field.field);
  const choiceOf = (group: SheetGroup) => choices.get(group.key) ?? initialChoice(group);
  const used = groups.filter((group) => choiceOf(group).used);
  const missing = used.flatMap((group) => missingFields(choiceOf(group), required));
  const columns = used.reduce(
    (sum, group) => sum + Object.values(choiceOf(group).fields).filter((field) => field !== null).length,
    0,
  );
  const sheets = used.reduce((sum, group) => sum + group.sheets.length, 0);
  const confirm = useAct(confirmMapping, { refreshes: [getBatch, getMapping] });
  const change = (group: SheetGroup, choice: GroupChoice) => setChoices(new Map(choices).set(group.key, choice));

  return (
    <>
      <div className={css["groups"]}>
        {mapping.remembered ? (
          <p className={css["remembered"]}>
            列名与 {dayOf(mapping.remembered.usedAt)} 用过的一样，已沿用那次的对应，核对一眼即可。
          </p>
        ) : null}
        {groups.map((group) => (
          <Group
            key={group.key}
            group={group}
            choice={choiceOf(group)}
            fields={mapping.fields}
            required={required}
            editable={editable}
            onChange={(choice) => change(group, choice)}
          />
        ))}
      </div>
      {confirm.error ? <ProblemNotice problem={confirm.error} /> : null}
      {editable ? (
        <ActFooter
          title={`将读取 ${count(sheets)} 张表、${count(columns)} 列`}
          note={
            batch.state === "compared"
              ? "改动列对应后，会重新校验和比对；已做的决定要重做。"
              : "确认后开始逐行校验；登记库不会改动。"
          }
          changes={[]}
          undo="校验后还可以回来改"
        >
          <Button
            type="primary"
            size="large"
            disabled={missing.length > 0 || sheets === 0}
            loading={confirm.isPending}
            onClick={() => confirm.mutate({ batchId: batch.batchId, sheets: confirmedSheets(groups, choices) })}
          >
            {missing.length > 0
              ? `还缺 ${[...new Set(missing)].map((field) => ledgerFieldLabels[field]).join("、")}`
              : `确认 ${count(columns)} 列，开始校验`}
          </Button>
        </ActFooter>
      ) : null}
    </>
  );
}

interface GroupProps {
  group: SheetGroup;
  choice: GroupChoice;
  fields: readonly { field: LedgerField; required: boolean }[];
  required: readonly LedgerField[];
  editable: boolean;
  onChange: (choice: GroupChoice) => void;
}

function Group({ group, choice, fields, required, editable, onChange }: GroupProps) {
  const missing = missingFields(choice, required);
  const rows = group.sheets.reduce<number | null>(
    (sum, sheet) => (sum === null || sheet.rows === null ? null : sum + sheet.rows),
    0,
  );
  const options = fields.map(({ field, required: must }) => ({
    value: field,
    label: must ? `${ledgerFieldLabels[field]} *` : ledgerFieldLabels[field],
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
            caption={`表 ${names[0] ?? ""} 的列与登记项的对应`}
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
                title: "对应登记项",
                width: 220,
                render: (column) => {
                  const field = choice.fields[column.column] ?? null;
                  return (
                    <Select
                      size="small"
                      showSearch={{ optionFilterProp: "label" }}
                      aria-label={`“${column.header}”对应的登记项`}
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
              还缺必需的列：<b>{missing.map((field) => ledgerFieldLabels[field]).join("、")}</b>
              。请在上面为它们选一列；表里确实没有，就不能作为此类台账接收。
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
