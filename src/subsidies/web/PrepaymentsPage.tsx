import { Button, Input } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateText,
  Link,
  Loading,
  May,
  MoneyText,
  PageHeader,
  ProblemNotice,
  ServerTable,
  StatusTag,
  call,
  useRefresh,
  useRoute,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  claimStateLabels,
  correctPrepayment,
  listPrepayments,
  prepaymentStateLabels,
  prepaymentStates,
  recoveryStateLabels,
  previewSettlement,
  settlePrepayment,
  subsidiesPermissions,
  type PrepaymentRow,
} from "../contract.ts";
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

function Settlement({ row, onClose }: { row: PrepaymentRow; onClose: () => void }) {
  const preview = useRoute(previewSettlement, { prepaymentId: row.prepaymentId });
  const [note, setNote] = useState("");
  const toast = useToast();
  const refresh = useRefresh();
  const shown = preview.data;
  return (
    <ConfirmAct
      open
      title="结算预付"
      changes={[{ count: shown?.items ?? 0, unit: "项", what: "筛查核实的事项并入这笔预付，不再另行立件" }]}
      undo="结算后不能撤回；补付的按补贴件办理，应退的转追回。"
      confirm="结算"
      disabled={!shown}
      onClose={onClose}
      onConfirm={async () => {
        const done = await call(settlePrepayment, {
          prepaymentId: row.prepaymentId,
          actualFen: shown!.actualFen,
          note: note.trim(),
        });
        toast.done(
          done.owedFen > 0
            ? `已结算，应退 ${yuan(done.owedFen)} 元。`
            : done.balanceFen > 0
              ? `已结算，补付 ${yuan(done.balanceFen)} 元的补贴件已生成。`
              : "已结算，不补不退。",
        );
        await refresh();
      }}
    >
      {preview.error ? <ProblemNotice problem={preview.error} compact /> : null}
      {shown ? (
        <dl className={css["facts"]}>
          <dt>预付</dt>
          <dd>
            <MoneyText fen={row.amountFen} />
          </dd>
          <dt>核实</dt>
          <dd>
            {shown.items} 项，
            <MoneyText fen={shown.actualFen} />
          </dd>
          <dt>{shown.owedFen > 0 ? "应退" : "补付"}</dt>
          <dd>
            <b>
              <MoneyText fen={shown.owedFen || shown.balanceFen} />
            </b>
          </dd>
        </dl>
      ) : preview.error ? null : (
        <Loading lines={3} />
      )}
      <Input
        className={css["field"] ?? ""}
        aria-label="说明"
        placeholder="说明（可不填）"
        maxLength={300}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}

/** What screening found since a settlement takes off what is owed back. */
function Correction({ row, onClose }: { row: PrepaymentRow; onClose: () => void }) {
  const preview = useRoute(previewSettlement, { prepaymentId: row.prepaymentId });
  const [note, setNote] = useState("");
  const toast = useToast();
  const refresh = useRefresh();
  const shown = preview.data;
  return (
    <ConfirmAct
      open
      title="更正结算"
      changes={[{ count: shown?.items ?? 0, unit: "项", what: "结算后又核实的事项并入这笔预付，先抵应退的" }]}
      undo="更正后不能撤回；应退已缴回、不用再退的，补付给收款人。"
      confirm="更正结算"
      disabled={!shown || shown.items === 0 || note.trim().length < 2}
      onClose={onClose}
      onConfirm={async () => {
        const done = await call(correctPrepayment, {
          prepaymentId: row.prepaymentId,
          actualFen: shown!.actualFen,
          note: note.trim(),
        });
        toast.done(
          done.balanceFen > 0
            ? `已更正，补付 ${yuan(done.balanceFen)} 元的补贴件已生成。`
            : `已更正，应退改为 ${yuan(done.owedFen)} 元。`,
        );
        await refresh();
      }}
    >
      {preview.error ? <ProblemNotice problem={preview.error} compact /> : null}
      {shown ? (
        shown.items === 0 ? (
          <p>结算（{row.settledOn}）后没有再核实到这个对象的事项，不用更正。</p>
        ) : (
          <dl className={css["facts"]}>
            <dt>预付</dt>
            <dd>
              <MoneyText fen={row.amountFen} />
            </dd>
            <dt>核实</dt>
            <dd>
              <MoneyText fen={row.actualFen ?? 0} /> → <MoneyText fen={shown.actualFen} />
            </dd>
            <dt>应退</dt>
            <dd>
              <MoneyText fen={row.owedFen} /> → <MoneyText fen={shown.owedFen} />
            </dd>
            {shown.balanceFen > 0 ? (
              <>
                <dt>补付</dt>
                <dd>
                  <b>
                    <MoneyText fen={shown.balanceFen} />
                  </b>
                </dd>
              </>
            ) : null}
          </dl>
        )
      ) : preview.error ? null : (
        <Loading lines={3} />
      )}
      <Input
        className={css["field"] ?? ""}
        aria-label="为什么更正"
        placeholder="为什么更正，如：补录了结算前的务工记录"
        maxLength={300}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}
