import { Button, Input, Select } from "antd";
import { useState } from "react";
import { DateField, ProblemNotice, RegionPicker, useAct, useSession, useToast, Field } from "../../ui/index.ts";
import { listParameters, setParameter, type ParameterRow } from "../contract.ts";
import { levelOfCode, sixDigits, valueOf } from "./setting-values.ts";
import { kindLabels } from "./words.ts";
import css from "./layout.module.css";

const hints: Readonly<Record<string, string>> = {
  fen: "元，如 300 或 1,234.50",
  rate: "百分数如 70%，或分数如 2/3",
  integer: "整数",
  text: "照规则的写法",
};

/** Sets a standard for a division of the officer's area, by the document that says it. Refusals are shown in place. */
export function SetParameterForm({ row }: { row: ParameterRow }) {
  const { region: own } = useSession();
  const toast = useToast();
  const [region, setRegion] = useState(row.openTo.includes(levelOfCode(own.code) ?? "") ? own.code : "");
  const [forCase, setForCase] = useState("");
  const [typed, setTyped] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [document, setDocument] = useState("");
  const [documentDate, setDocumentDate] = useState("");
  const act = useAct(setParameter, {
    refreshes: [listParameters],
    onDone: () => {
      toast.done("已设定，涉及的政策正在重新筛查。");
      setTyped("");
    },
  });
  const level = levelOfCode(region);
  const levelOpen = level !== null && row.openTo.includes(level);
  const value = valueOf(row.kind, typed);
  const ready = levelOpen && value !== null && from !== "" && document.trim().length >= 2;
  return (
    <section className={css["stack"]} aria-label="设定当地标准">
      <h3>设定当地标准</h3>
      <div className={css["fields"]}>
        <Field label={<>地区（{row.openTo.join("、")}级）</>}>
          <RegionPicker label="设定的地区" value={region} onChange={setRegion} width={220} />
          {region !== "" && !levelOpen ? (
            <span className="caption tone-late">这一级不能设定，请选{row.openTo.join("、")}级。</span>
          ) : null}
        </Field>
        {row.cases.length > 0 ? (
          <Field label="适用情形">
            <Select
              aria-label="适用情形"
              value={forCase}
              options={[{ value: "", label: "全部情形" }, ...row.cases.map((one) => ({ value: one, label: one }))]}
              onChange={setForCase}
            />
          </Field>
        ) : null}
        <Field label={<>值（{kindLabels[row.kind] ?? row.kind}）</>}>
          {row.kind === "boolean" ? (
            <Select
              aria-label="值"
              value={typed === "" ? null : typed}
              options={["是", "否"].map((one) => ({ value: one, label: one }))}
              onChange={setTyped}
            />
          ) : row.kind === "date" ? (
            <DateField label="值" value={typed} onChange={setTyped} />
          ) : (
            <Input aria-label="值" maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
          <span className={typed !== "" && value === null ? "caption tone-late" : "caption"}>
            {hints[row.kind] ?? ""}
          </span>
        </Field>
        <Field label="施行日期">
          <DateField label="施行日期" value={from} onChange={setFrom} />
        </Field>
        <Field label="截止日期（可不填）">
          <DateField label="截止日期" value={to} min={from} onChange={setTo} />
        </Field>
        <Field label="依据文件">
          <Input
            maxLength={200}
            placeholder="文件名称和文号"
            value={document}
            onChange={(event) => setDocument(event.target.value)}
          />
        </Field>
        <Field label="文件日期（可不填）">
          <DateField label="文件日期" value={documentDate} onChange={setDocumentDate} />
        </Field>
      </div>
      {act.error ? <ProblemNotice problem={act.error} compact title="没有设定" /> : null}
      <p className={css["buttons"]}>
        <Button
          type="primary"
          disabled={!ready}
          loading={act.isPending}
          onClick={() =>
            act.mutate({
              parameter: row.parameter,
              region: sixDigits(region),
              forCase: forCase === "" ? null : forCase,
              value: value!,
              from,
              to: to === "" ? null : to,
              document,
              documentDate: documentDate === "" ? null : documentDate,
            })
          }
        >
          设定 1 项标准
        </Button>
        <span className="caption">设定后，涉及的 {row.measures.length} 项政策随即重新筛查。</span>
      </p>
    </section>
  );
}
