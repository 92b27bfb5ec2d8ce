import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateField,
  DateText,
  Field,
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
  findPrepayees,
  listPrepayments,
  prepay,
  prepayable,
  prepaymentStateLabels,
  prepaymentStates,
  recoveryStateLabels,
  previewSettlement,
  settlePrepayment,
  subsidiesPermissions,
  type PrepaymentRow,
} from "../contract.ts";
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

const EMPTY = { rule: "", payeeId: "", fund: "", amount: "", document: "", plan: "", settleBy: "" };

function PrepayButton() {
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState(EMPTY);
  const [search, setSearch] = useState("");
  const offered = useRoute(prepayable, {}, { enabled: open });
  const payees = useRoute(
    findPrepayees,
    { rule: given.rule || "-", search: search || "--" },
    { enabled: open && given.rule !== "" && search.trim().length >= 2, keep: true },
  );
  const toast = useToast();
  const refresh = useRefresh();
  const rule = offered.data?.rules.find((one) => one.rule === given.rule);
  const fen = Math.round(Number(given.amount) * 100);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        申请预付
      </Button>
      <ConfirmAct
        open={open}
        title="申请定额预付"
        changes={[{ count: 1, unit: "件", what: "预付的补贴件，照常受理、初审、复核、发放" }]}
        undo="付出以前可以撤销。"
        confirm="提交预付申请"
        lacks={[
          !rule && "项目",
          given.payeeId === "" && "预付给谁",
          !(fen > 0) && "预付金额",
          given.document.trim().length < 4 && "允许预付的文件",
          given.plan.trim().length < 4 && "计划（至少 4 个字）",
          given.settleBy === "" && "结算期限",
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(prepay, {
            rule: given.rule,
            payeeId: given.payeeId,
            fund: given.fund,
            amountFen: fen,
            document: given.document.trim(),
            plan: given.plan.trim(),
            settleBy: given.settleBy,
          });
          toast.done("已提交预付申请，在“补贴办理”里受理。");
          setGiven(EMPTY);
          setSearch("");
          await refresh();
        }}
      >
        {offered.error ? <ProblemNotice problem={offered.error} compact /> : null}
        <div className={css["given"]}>
          <Field label="项目">
            <Select
              aria-label="项目"
              placeholder="请选择"
              loading={offered.isPending}
              showSearch
              optionFilterProp="label"
              style={{ width: "100%" }}
              value={given.rule || undefined}
              onChange={(value) => {
                const one = offered.data?.rules.find((each) => each.rule === value);
                setGiven({ ...EMPTY, rule: value, fund: one?.funds[0] ?? "" });
                setSearch("");
              }}
              options={(offered.data?.rules ?? []).map((one) => ({ value: one.rule, label: one.title }))}
            />
          </Field>
          <Field label="预付给谁" hint="单位、车间、培训机构或个人的名称，至少 2 个字">
            <Select
              aria-label="预付给谁"
              placeholder={rule ? "输入名称查找" : "先选项目"}
              disabled={!rule}
              showSearch
              filterOption={false}
              style={{ width: "100%" }}
              loading={payees.isFetching}
              notFoundContent={search.trim().length < 2 ? "输入至少 2 个字" : "没有找到"}
              value={given.payeeId || undefined}
              onSearch={setSearch}
              onChange={(value) => setGiven({ ...given, payeeId: value })}
              options={(payees.data?.rows ?? []).map((one) => ({ value: one.payeeId, label: one.name }))}
            />
          </Field>
          {rule && rule.funds.length > 1 ? (
            <Field label="资金渠道">
              <Select
                aria-label="资金渠道"
                value={given.fund}
                onChange={(fund) => setGiven({ ...given, fund })}
                options={rule.funds.map((value) => ({ value, label: value }))}
              />
            </Field>
          ) : null}
          <Field label="预付金额">
            <InputNumber
              aria-label="预付金额"
              stringMode
              min="0.01"
              precision={2}
              addonAfter="元"
              style={{ width: "100%" }}
              value={given.amount || null}
              onChange={(value) => setGiven({ ...given, amount: value === null ? "" : String(value) })}
            />
          </Field>
          <Field label="允许预付的文件" hint={rule?.document ? `本项目的文件写有：${rule.document}` : "名称和文号"}>
            <Input
              maxLength={200}
              value={given.document}
              onChange={(event) => setGiven({ ...given, document: event.target.value })}
            />
          </Field>
          <Field label="计划">
            <Input.TextArea
              maxLength={500}
              autoSize={{ minRows: 2, maxRows: 5 }}
              placeholder="如：全年培训 3 期 120 人"
              value={given.plan}
              onChange={(event) => setGiven({ ...given, plan: event.target.value })}
            />
          </Field>
          <Field label="结算期限">
            <DateField
              label="结算期限"
              value={given.settleBy}
              onChange={(settleBy) => setGiven({ ...given, settleBy })}
            />
          </Field>
        </div>
      </ConfirmAct>
    </>
  );
}
