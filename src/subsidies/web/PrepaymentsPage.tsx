import { Button } from "antd";
import { useState } from "react";
import {
  Card,
  DateText,
  Link,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  claimStateLabels,
  listPrepayments,
  prepaymentStateLabels,
  prepaymentStates,
  recoveryStateLabels,
  subsidiesPermissions,
  type PrepaymentRow,
} from "../contract.ts";
import { Correction, Settlement } from "./PrepaymentSettlement.tsx";
import { PrepayButton } from "./PrepayButton.tsx";
import { claimTones, prepaymentTones } from "./words.ts";
import css from "./subsidies.module.css";

const PAID = new Set(["paid", "closed"]);

/** 定额预付: paid against a plan, and settled against what screening finds. What is overdue stands first. */
export default function PrepaymentsPage() {
  const [settling, setSettling] = useState<PrepaymentRow | null>(null);
  return (
    <>
      <PageHeader
        title="预付和结算"
        crumbs={[{ label: "预付和结算" }]}
        note="按文件先付定额，到期按筛查核实的数结算：多退少补；没结清的不能再预付"
        actions={
          <May permission={subsidiesPermissions.handle}>
            <PrepayButton />
          </May>
        }
      />
      <Card>
        <ServerTable
          name="subsidies.prepayments"
          caption="预付"
          route={listPrepayments}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: [
                { value: "overdue", label: "逾期未结算" },
                ...prepaymentStates.map((value) => ({ value, label: prepaymentStateLabels[value] })),
              ],
            },
          ]}
          rowKey={(row) => row.prepaymentId}
          density="duty"
          tone={(row) => (row.overdue ? "late" : undefined)}
          columns={columnsWith(setSettling)}
          empty={{
            title: "还没有预付",
            hint: "文件允许先付后核的项目，点右上角“申请预付”，经初审、复核、发放后到期结算。",
          }}
        />
      </Card>
      {settling ? (
        settling.state === "open" ? (
          <Settlement key={settling.prepaymentId} row={settling} onClose={() => setSettling(null)} />
        ) : (
          <Correction key={settling.prepaymentId} row={settling} onClose={() => setSettling(null)} />
        )
      ) : null}
    </>
  );
}

const columnsWith = (settle: (row: PrepaymentRow) => void): readonly Column<PrepaymentRow>[] => [
  {
    key: "payee",
    title: "预付对象",
    width: 190,
    fixed: true,
    render: (row) => (
      <>
        {row.payeeName}
        <span className={css["sub"]}>
          <Link to={`/claims/${row.claimId}`}>{row.number}</Link>
        </span>
      </>
    ),
  },
  {
    key: "title",
    title: "项目和计划",
    render: (row) => (
      <>
        {row.title}
        <span className={css["sub"]}>
          {row.plan}（{row.document}）
        </span>
      </>
    ),
  },
  {
    key: "amount",
    title: "预付（元）",
    width: 116,
    align: "right",
    render: (row) => (
      <>
        <MoneyText fen={row.amountFen} unit={false} />
        <span className={css["sub"]}>
          <StatusTag tone={claimTones[row.claimState]}>{claimStateLabels[row.claimState]}</StatusTag>
        </span>
      </>
    ),
  },
  {
    key: "by",
    title: "结算期限",
    width: 130,
    render: (row) => (
      <>
        <DateText value={row.settleBy} />
        {row.overdue ? <StatusTag tone="late">逾期</StatusTag> : null}
      </>
    ),
  },
  {
    key: "state",
    title: "结算",
    width: 230,
    render: (row) => (
      // One block: on a telephone the parts of a cell stand beside each other else.
      <div>
        <StatusTag tone={prepaymentTones[row.state]}>{prepaymentStateLabels[row.state]}</StatusTag>{" "}
        {row.state === "owed" ? <MoneyText fen={row.owedFen} /> : null}
        {row.actualFen === null ? null : (
          <span className={css["sub"]}>
            核实 <MoneyText fen={row.actualFen} />
            {row.balance ? (
              <>
                ，补付 <Link to={`/claims/${row.balance.claimId}`}>{yuan(row.balance.amountFen)} 元</Link>
              </>
            ) : null}
          </span>
        )}
        {row.recovery ? (
          <span className={css["sub"]}>
            追回 <Link to={`/recoveries/${row.recovery.recoveryId}`}>{row.recovery.number}</Link>{" "}
            {recoveryStateLabels[row.recovery.state]}
          </span>
        ) : null}
        {row.correctable ? (
          <May permission={subsidiesPermissions.handle}>
            <Button size="small" onClick={() => settle(row)}>
              更正结算
            </Button>
          </May>
        ) : null}
        {row.state === "open" && PAID.has(row.claimState) ? (
          <May permission={subsidiesPermissions.handle}>
            <Button size="small" onClick={() => settle(row)}>
              结算
            </Button>
          </May>
        ) : row.state === "open" ? (
          <span className={css["sub"]}>付出后才能结算</span>
        ) : null}
      </div>
    ),
  },
];
