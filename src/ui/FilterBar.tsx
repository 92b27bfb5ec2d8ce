import { Button, Input, Select } from "antd";
import { useState } from "react";
import { addMonths, monthName } from "./format.ts";
import { RegionPicker } from "./RegionPicker.tsx";
import { useSession } from "./session.tsx";
import css from "./FilterBar.module.css";

/** One condition of a list. `name` is the route's input field and the word in the address. */
export type Filter =
  | { kind: "text"; name: string; label: string; placeholder?: string; width?: number; suffix?: string }
  | {
      kind: "choice";
      name: string;
      label: string;
      options: readonly { value: string; label: string }[];
      width?: number;
      /** Several, comma-separated. */ many?: boolean;
    }
  | { kind: "number"; name: string; label: string; unit?: string }
  | { kind: "month"; name: string; label: string; back?: number }
  | { kind: "region"; name: string; label: string }
  | { kind: "date"; name: string; label: string };

export function filterDefaults(filters: readonly Filter[]): Record<string, string> {
  return Object.fromEntries(filters.map((filter) => [filter.name, ""]));
}

export interface FilterBarProps {
  filters: readonly Filter[];
  values: Readonly<Record<string, string>>;
  onChange: (change: Record<string, string>) => void;
  onClear?: () => void;
}

export function FilterBar({ filters, values, onChange, onClear }: FilterBarProps) {
  if (filters.length === 0) return null;
  return (
    <search className={css["bar"]}>
      {filters.map((filter) => (
        <label key={filter.name} className={css["filter"]}>
          <span className={css["label"]}>{filter.label}</span>
          <FilterControl
            filter={filter}
            value={values[filter.name] ?? ""}
            onChange={(value) => onChange({ [filter.name]: value })}
          />
        </label>
      ))}
      {onClear ? (
        <Button type="link" size="small" onClick={onClear}>
          清除条件
        </Button>
      ) : null}
    </search>
  );
}

function FilterControl({
  filter,
  value,
  onChange,
}: {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
}) {
  switch (filter.kind) {
    case "text":
      return <TextFilter filter={filter} value={value} onChange={onChange} />;
    case "choice":
      return filter.many ? (
        <Choices
          label={filter.label}
          value={value}
          options={filter.options}
          width={filter.width ?? 180}
          onChange={onChange}
        />
      ) : (
        <Choice
          label={filter.label}
          value={value}
          options={filter.options}
          width={filter.width ?? 140}
          onChange={onChange}
        />
      );
    case "number":
      return (
        <TextFilter
          filter={{
            kind: "text",
            name: filter.name,
            label: filter.label,
            width: 72,
            ...(filter.unit ? { suffix: filter.unit } : {}),
          }}
          value={value}
          onChange={(text) => onChange(text.replace(/\D/g, ""))}
        />
      );
    case "month":
      return <MonthFilter label={filter.label} value={value} back={filter.back ?? 24} onChange={onChange} />;
    case "region":
      return <RegionPicker label={filter.label} value={value} onChange={onChange} size="small" />;
    case "date":
      return (
        <Input
          size="small"
          type="date"
          aria-label={filter.label}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          style={{ width: 136 }}
        />
      );
  }
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  width: number;
  onChange: (value: string) => void;
}

function Choice(props: ChoiceProps) {
  return (
    <Select
      size="small"
      aria-label={props.label}
      value={props.value}
      style={{ width: props.width }}
      popupMatchSelectWidth={false}
      options={[{ value: "", label: "全部" }, ...props.options]}
      onChange={props.onChange}
    />
  );
}

function Choices(props: ChoiceProps) {
  return (
    <Select
      size="small"
      mode="multiple"
      maxTagCount="responsive"
      allowClear
      placeholder="全部"
      aria-label={props.label}
      value={props.value === "" ? [] : props.value.split(",")}
      style={{ width: props.width }}
      popupMatchSelectWidth={false}
      options={[...props.options]}
      onChange={(values) => props.onChange(values.join(","))}
    />
  );
}

/** The months up to the one of the business date, newest first. */
function MonthFilter({
  label,
  value,
  back,
  onChange,
}: {
  label: string;
  value: string;
  back: number;
  onChange: (value: string) => void;
}) {
  const now = useSession().businessDate.slice(0, 7);
  const options = Array.from({ length: back }, (_, months) => addMonths(now, -months)).map((month) => ({
    value: month,
    label: monthName(month),
  }));
  return <Choice label={label} value={value} options={options} width={124} onChange={onChange} />;
}

/** Written text is sent when the officer stops or presses Enter, not at each letter of an input method. */
function TextFilter({
  filter,
  value,
  onChange,
}: {
  filter: Filter & { kind: "text" };
  value: string;
  onChange: (value: string) => void;
}) {
  const [draft, setDraft] = useState(value);
  const [known, setKnown] = useState(value);
  // The address changed elsewhere (清除条件, the back button): what it says is shown.
  if (known !== value) {
    setKnown(value);
    setDraft(value);
  }
  return (
    <Input
      size="small"
      allowClear={filter.suffix === undefined}
      suffix={filter.suffix}
      aria-label={filter.label}
      value={draft}
      placeholder={filter.placeholder ?? ""}
      style={{ width: filter.width ?? 150 }}
      onChange={(event) => {
        setDraft(event.target.value);
        if (event.target.value === "") onChange("");
      }}
      onPressEnter={() => onChange(draft.trim())}
      onBlur={() => (draft.trim() === value ? undefined : onChange(draft.trim()))}
    />
  );
}
