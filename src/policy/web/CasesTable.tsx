import { Button } from "antd";
import { useState } from "react";
import { DataTable, EmptyState, MoneyText, StatusTag, type Column } from "../../ui/index.ts";
import { outcomeLabels, type OutcomeName, type RuleView } from "../contract.ts";
import { outcomeTones } from "./words.ts";

type Case = RuleView["caseResults"][number];

const label = (outcome: string) => outcomeLabels[outcome as OutcomeName] ?? outcome;

const columns: readonly Column<Case>[] = [
  {
    key: "expected",
    title: "应得结论",
    width: 104,
    fixed: true,
    render: (row) => (
      <StatusTag tone={outcomeTones[row.expected as OutcomeName] ?? "plain"}>{label(row.expected)}</StatusTag>
    ),
  },
  { key: "name", title: "情形", render: (row) => row.name },
  {
    key: "agrees",
    title: "算出",
    width: 128,
    align: "right",
    render: (row) => {
      if (!row.agrees) return <StatusTag tone="late">不一致：{label(row.outcome)}</StatusTag>;
      if (row.amount !== null) return <MoneyText fen={row.amount} unit={false} />;
      return <span className="caption">一致</span>;
    },
  },
];

/** Examples of a rule, what must follow from each, and whether the rule says the same. Those that disagree stand first. */
export function CasesTable({ cases }: { cases: readonly Case[] }) {
  const [all, setAll] = useState(false);
  const rows = cases.toSorted((a, b) => Number(a.agrees) - Number(b.agrees));
  return (
    <>
      <DataTable
        caption="示例"
        density="short"
        columns={columns}
        rows={all ? rows : rows.slice(0, FIRST)}
        rowKey={(row) => row.name}
        empty={<EmptyState title="没有示例" hint="每项条件至少要有一个只因它不符合的示例，才能放心发布。" />}
      />
      {rows.length > FIRST ? (
        <Button type="link" size="small" block aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "收起" : `全部 ${rows.length} 例`}
        </Button>
      ) : null}
    </>
  );
}

const FIRST = 12;

export function casesWords(cases: readonly Case[]): string {
  const wrong = cases.filter(({ agrees }) => !agrees).length;
  if (cases.length === 0) return "没有示例";
  return wrong === 0 ? `${cases.length} 例全部一致` : `${cases.length} 例中 ${wrong} 例不一致`;
}
