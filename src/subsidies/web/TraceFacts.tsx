import { DataTable, DateText, MoneyText, StatusTag, type Column } from "../../ui/index.ts";
import type { TraceWay } from "../contract.ts";
import css from "./subsidies.module.css";

type Item = TraceWay["items"][number];
const sayFacts = (facts: Item["facts"]) => facts.map(({ label, value }) => `${label}：${value}`).join("；");

/** What all items share is said once; beside each stands only what is its own. */
export function TraceFacts({ items }: { items: readonly Item[] }) {
  const [first, ...others] = items;
  const shared =
    others.length === 0
      ? []
      : (first?.facts ?? []).filter((fact) =>
          others.every(({ facts }) => facts.some(({ label, value }) => label === fact.label && value === fact.value)),
        );
  const common = new Set(shared.map(({ label }) => label));
  return (
    <>
      {shared.length > 0 ? (
        <p className={`caption ${css["shared"]}`}>
          <b>各项相同：</b>
          {sayFacts(shared)}
        </p>
      ) : null}
      <DataTable
        caption="明细和所用的事实"
        rowKey={(row) => row.itemId}
        rows={items.map((item) => ({ ...item, facts: item.facts.filter(({ label }) => !common.has(label)) }))}
        columns={itemColumns}
      />
    </>
  );
}

const itemColumns: readonly Column<Item>[] = [
  {
    key: "person",
    title: "人员",
    width: 150,
    fixed: true,
    render: (row) => (
      <>
        {row.personName ?? "（非个人）"}
        {row.identityMask ? <span className={css["sub"]}>{row.identityMask}</span> : null}
      </>
    ),
  },
  { key: "event", title: "所属日期", width: 100, render: (row) => <DateText value={row.eventDate} /> },
  {
    key: "facts",
    title: "事实",
    render: (row) => <span className="caption">{row.facts.length > 0 ? sayFacts(row.facts) : "与各项相同"}</span>,
  },
  {
    key: "amount",
    title: "金额（元）",
    width: 110,
    align: "right",
    render: (row) =>
      row.live ? <MoneyText fen={row.amountFen} unit={false} /> : <StatusTag tone="late">不发</StatusTag>,
  },
];
