import { Answer, Card, DataTable, MoneyText, StatusTag, useRoute, type Column } from "../../ui/index.ts";
import { reconcileMoney, sumKindLabels, type Reconciliation } from "../contract.ts";
import css from "./subsidies.module.css";

/** Every list beside the next, before anything is asked for. */
export function TraceBooks() {
  const query = useRoute(reconcileMoney, {});
  return (
    <Answer query={query} lines={6}>
      {({ sums, faults }) => (
        <Card
          title="总账核对"
          note="本地区资金额度、流水、补贴件、发放、批次、银行回盘、追回、预付，此刻逐项相加；同一类的各账应相等"
          extra={
            faults.length === 0 ? (
              <StatusTag tone="done">分毫不差</StatusTag>
            ) : (
              <StatusTag tone="late">{faults.length} 处不符</StatusTag>
            )
          }
        >
          <DataTable
            caption="各账之和"
            rowKey={(row) => row.says}
            density="duty"
            rows={sums.map((row, at) => ({ ...row, first: row.of !== sums[at - 1]?.of }))}
            columns={sumColumns}
          />
          {faults.length > 0 ? (
            <DataTable
              caption="不符之处"
              rowKey={(row) => `${row.says} ${row.subject}`}
              rows={faults}
              columns={faultColumns}
            />
          ) : null}
        </Card>
      )}
    </Answer>
  );
}

const sumColumns: readonly Column<Reconciliation["sums"][number] & { readonly first: boolean }>[] = [
  {
    key: "of",
    title: "账类",
    width: 80,
    fixed: true,
    render: (row) => (row.first ? <b>{sumKindLabels[row.of]}</b> : null),
  },
  { key: "says", title: "账", render: (row) => row.says },
  {
    key: "fen",
    title: "合计（元）",
    width: 200,
    align: "right",
    render: (row) => <MoneyText fen={row.fen} unit={false} />,
  },
];
const faultColumns: readonly Column<Reconciliation["faults"][number]>[] = [
  {
    key: "subject",
    title: "不符之处",
    fixed: true,
    render: (row) => (
      <>
        {row.subject}
        <span className={css["sub"]}>{row.says}</span>
      </>
    ),
  },
  {
    key: "left",
    title: "前者",
    width: 140,
    align: "right",
    render: (row) => <MoneyText fen={row.leftFen} unit={false} />,
  },
  {
    key: "right",
    title: "后者",
    width: 140,
    align: "right",
    render: (row) => <MoneyText fen={row.rightFen} unit={false} />,
  },
];
