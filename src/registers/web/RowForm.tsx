import { Button, Drawer, Input, Select } from "antd";
import { useState, type ReactNode } from "react";
import { DateField, ProblemError, ProblemNotice, RegionPicker, useAct, useSession, yuan } from "../../ui/index.ts";
import {
  createRegisterRow,
  editRegisterRow,
  type ColumnSummary,
  type RegisterRow,
  type RegisterSummary,
  type ShownValue,
} from "../contract.ts";
import { LinkPicker, type Chosen } from "./LinkPicker.tsx";
import css from "./RowForm.module.css";

const REASON_LEAST = 2;

export interface RowFormProps {
  register: RegisterSummary;
  /** The row to change; without it a new one is written. */
  row?: RegisterRow;
  onClose: () => void;
  onSaved: (rowId: string) => void;
}

/** A value while it is being written: as the route takes it, and what a chosen link is called. */
interface Draft {
  readonly text: string;
  readonly chosen?: Chosen;
}

/** The form that the definition describes. Only what was changed is sent. */
export function RowForm({ register, row, onClose, onSaved }: RowFormProps) {
  const { region } = useSession();
  // A new row is the office's own until somebody says otherwise.
  const [changed, setChanged] = useState<Readonly<Record<string, Draft>>>(() =>
    Object.fromEntries(
      row ? [] : register.columns.filter(isOwnRegion).map(({ column }) => [column, { text: region.code }]),
    ),
  );
  const [reason, setReason] = useState("");
  const draftOf = (column: ColumnSummary) =>
    changed[column.column] ?? heldDraft(column, row?.values[column.column] ?? null);
  const cells = register.columns.filter(
    (column) =>
      column.column in changed && draftOf(column).text !== heldDraft(column, row?.values[column.column] ?? null).text,
  );
  const missing = register.columns.filter((column) => column.required && draftOf(column).text.trim() === "");
  const done = (rowId: string) => {
    onClose();
    onSaved(rowId);
  };
  const create = useAct(createRegisterRow, { onDone: ({ rowId }) => done(rowId) });
  const edit = useAct(editRegisterRow, { onDone: () => done(row?.rowId ?? "") });
  const error = row ? edit.error : create.error;
  const faulty = error instanceof ProblemError && error.problem.path?.[0] === "values" ? error.problem.path[1] : null;
  const values = () => Object.fromEntries(cells.map((column) => [column.column, draftOf(column).text.trim() || null]));
  const save = () =>
    row
      ? edit.mutate({
          register: register.name,
          rowId: row.rowId,
          version: row.version,
          values: values(),
          reason: reason.trim(),
        })
      : create.mutate({ register: register.name, values: values(), reason: reason.trim() });
  const ready = row ? cells.length > 0 && reason.trim().length >= REASON_LEAST : missing.length === 0;
  return (
    <Drawer
      open
      title={row ? `修改${register.title}` : `登记${register.title}`}
      size={560}
      onClose={onClose}
      footer={
        <div className={css["foot"]}>
          <Input
            aria-label="依据"
            placeholder={row ? "修改依据，如：核对原件" : "依据，可不填"}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="primary" loading={create.isPending || edit.isPending} disabled={!ready} onClick={save}>
            {row ? (cells.length === 0 ? "未作修改" : `保存 ${cells.length} 处修改`) : "登记 1 条"}
          </Button>
        </div>
      }
    >
      {error ? <ProblemNotice problem={error} compact /> : null}
      <div className={css["fields"]}>
        {register.columns.map((column) => (
          <label key={column.column} className={`${css["field"]} ${isWide(column) ? css["wide"] : ""}`}>
            <span className={faulty === column.column ? "tone-late" : ""}>
              {column.label}
              {column.required ? <i className={css["required"]}>必填</i> : null}
              {row && cells.includes(column) ? "（已改）" : ""}
            </span>
            <Control
              column={column}
              draft={draftOf(column)}
              onChange={(draft) => setChanged({ ...changed, [column.column]: draft })}
            />
            {column.hint ? <span className="caption">{column.hint}</span> : null}
          </label>
        ))}
      </div>
      {!row && missing.length > 0 ? (
        <p className={`caption ${css["missing"]}`}>还差：{missing.map(({ label }) => label).join("、")}</p>
      ) : null}
    </Drawer>
  );
}

/** The column that says which office keeps the row. */
const isOwnRegion = ({ type, column }: ColumnSummary) =>
  type === "region" && (column === "region" || column === "county");

const isWide = ({ type }: ColumnSummary) => type === "person" || type === "employer" || type === "reference";

function Control({
  column,
  draft,
  onChange,
}: {
  column: ColumnSummary;
  draft: Draft;
  onChange: (draft: Draft) => void;
}): ReactNode {
  const { type, label } = column;
  const { text } = draft;
  const say = (next: string) => onChange({ text: next });
  const choice = (words: readonly { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      allowClear
      placeholder="未填"
      value={text === "" ? null : text}
      options={[...words]}
      onChange={(next: string | undefined) => say(next ?? "")}
    />
  );
  switch (type) {
    case "code":
      return choice(column.codes.map((code) => ({ value: code, label: code })));
    case "boolean":
      return choice([
        { value: "是", label: "是" },
        { value: "否", label: "否" },
      ]);
    case "date":
      return <DateField label={label} value={text} onChange={say} />;
    case "month":
      return (
        <Input
          type="month"
          aria-label={label}
          value={text}
          style={{ width: 150 }}
          onChange={(event) => say(event.target.value)}
        />
      );
    case "region":
      return isOwnRegion(column) ? (
        <RegionPicker label={label} width={240} value={text} onChange={say} />
      ) : (
        <RegionPicker label={label} root="" width={240} value={text} onChange={say} />
      );
    case "person":
    case "employer":
    case "reference":
      return (
        <LinkPicker
          column={column}
          value={draft.chosen ?? null}
          onChange={(chosen) =>
            onChange(chosen ? { text: chosen.written ? chosen.label : `id:${chosen.id}`, chosen } : { text: "" })
          }
        />
      );
    case "text":
    case "integer":
    case "fen":
      return (
        <Input
          aria-label={label}
          maxLength={type === "text" ? 500 : 20}
          placeholder="未填"
          inputMode={type === "text" ? "text" : "decimal"}
          suffix={type === "fen" ? "元" : undefined}
          value={text}
          onChange={(event) => say(event.target.value)}
        />
      );
  }
}

/** What the row holds, as the form writes it. */
function heldDraft(column: ColumnSummary, value: ShownValue): Draft {
  if (value === null) return { text: "" };
  if (typeof value === "boolean") return { text: value ? "是" : "否" };
  if (typeof value === "number")
    return { text: column.type === "fen" ? yuan(value).replaceAll(",", "") : String(value) };
  if (typeof value === "string") return { text: value };
  return column.type === "region"
    ? { text: value.id }
    : { text: value.id === "" ? "" : `id:${value.id}`, chosen: { id: value.id, label: value.label, note: value.note } };
}
