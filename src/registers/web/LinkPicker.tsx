import { Select } from "antd";
import { useEffect, useState } from "react";
import { find, listEmployers } from "#registry/contract";
import { call } from "../../ui/index.ts";
import { listRegisterRows, type ColumnSummary } from "../contract.ts";

export interface Chosen {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  /** Written out in full instead of chosen from a list: a number that the officer's own lists do not have. */
  readonly written?: true;
}

const PAUSE_MS = 300;
const TEXT_LEAST = { person: 2, employer: 2, reference: 1 } as const;
const PLACEHOLDERS = {
  person: "输入姓名、身份证号或手机尾号查找",
  employer: "输入单位名称查找",
  reference: "输入编号查找",
} as const;

type LinkType = keyof typeof TEXT_LEAST;

const IDENTITY = /^\d{17}[\dXx]$/;

/**
 * What is not in the lists of this area may still be named by its whole number, as in a table handed over: a row that another area keeps, a
 * person from elsewhere who works here. Whether it is there shows when the row is saved.
 */
function asWritten(type: LinkType, written: string, found: readonly Chosen[]): readonly Chosen[] {
  if (type === "employer" || (type === "person" && !IDENTITY.test(written))) return [];
  if (found.some(({ label }) => label === written) || (type === "person" && found.length > 0)) return [];
  return [{ id: `written:${written}`, label: written, note: "辖区外登记，按号码填写", written: true }];
}

/** Persons are sought in the body of a request, for their numbers must not stand in addresses. */
async function search(column: ColumnSummary, text: string, signal: AbortSignal): Promise<Chosen[]> {
  switch (column.type as LinkType) {
    case "person": {
      const { persons } = await call(find, { text }, { signal });
      return persons.map(({ personId, name, identityMask, home }) => ({
        id: personId,
        label: name,
        note: `${identityMask}　${home.name}`,
      }));
    }
    case "employer": {
      const { rows } = await call(listEmployers, { text, size: 20 }, { signal });
      return rows.map(({ employerId, name, creditCode }) => ({ id: employerId, label: name, note: creditCode ?? "" }));
    }
    case "reference": {
      const { rows } = await call(listRegisterRows, { register: column.register ?? "", text, size: "20" }, { signal });
      return rows.map((row) => {
        const texts = Object.values(row.values).filter((value) => typeof value === "string");
        return { id: row.rowId, label: texts[0] ?? row.rowId, note: texts.slice(1, 3).join("　") };
      });
    }
  }
}

/** Finds whom or what a cell refers to while the officer types. */
export function LinkPicker({
  column,
  value,
  onChange,
}: {
  column: ColumnSummary;
  value: Chosen | null;
  onChange: (chosen: Chosen | null) => void;
}) {
  const type = column.type as LinkType;
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly Chosen[]>([]);
  const [busy, setBusy] = useState(false);
  const written = text.trim();
  const enough = written.length >= TEXT_LEAST[type];
  useEffect(() => {
    if (!enough) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setBusy(true);
      search(column, written, stop.signal).then(
        (hits) => {
          setFound(hits);
          setBusy(false);
        },
        () => {
          if (!stop.signal.aborted) {
            setFound([]);
            setBusy(false);
          }
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [column, written, enough]);
  const options = enough ? [...found, ...(busy ? [] : asWritten(type, written, found))] : [];
  return (
    <Select
      aria-label={column.label}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText, searchValue: text }}
      value={value?.id ?? null}
      placeholder={PLACEHOLDERS[type]}
      loading={busy}
      notFoundContent={enough && !busy ? "没有找到" : busy ? "正在查找…" : PLACEHOLDERS[type]}
      options={[...(value && !options.some(({ id }) => id === value.id) ? [value] : []), ...options].map((one) => ({
        value: one.id,
        label: one.note ? `${one.label}　${one.note}` : one.label,
      }))}
      onChange={(id: string | null | undefined) => {
        setText("");
        onChange([...options, ...(value ? [value] : [])].find((one) => one.id === id) ?? null);
      }}
    />
  );
}
