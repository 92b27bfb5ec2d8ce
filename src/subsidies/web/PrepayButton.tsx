import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { ConfirmAct, DateField, Field, ProblemNotice, call, useRefresh, useRoute, useToast } from "../../ui/index.ts";
import { findPrepayees, prepay, prepayable } from "../contract.ts";
import css from "./subsidies.module.css";

const EMPTY = { rule: "", payeeId: "", fund: "", amount: "", document: "", plan: "", settleBy: "" };

/** Asks for money ahead: of which measure, for whom, by which document and plan, to be settled when. */
export function PrepayButton() {
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
