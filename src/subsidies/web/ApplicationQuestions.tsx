import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { Card, DateField, Field, ProblemNotice, StatusTag, useAct, useToast } from "../../ui/index.ts";
import {
  checkStatement,
  getApplication,
  stateFacts,
  type ApplicationQuestion,
  type ApplicationView,
} from "../contract.ts";
import css from "./subsidies.module.css";

/** What no register holds: asked while it is a draft, looked at by the office afterwards. */
export function Questions({ view }: { view: ApplicationView }) {
  if (view.questions.length === 0)
    return view.mayWrite ? (
      <Card title="要填的情况" padded>
        <p className="caption">要用的事实都已经登记，没有要填的。</p>
      </Card>
    ) : null;
  return view.mayWrite ? <Asked view={view} /> : <Stated view={view} />;
}

function Asked({ view }: { view: ApplicationView }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(view.questions.map(({ fact, value }) => [fact, value])),
  );
  const toast = useToast();
  const save = useAct(stateFacts, { refreshes: [getApplication], onDone: () => toast.done("已保存，可以以后再填。") });
  const shown = new Set(view.questions.map(({ fact }) => fact));
  return (
    <Card title="要填的情况" note="登记里没有的才问，一样只问一次；不清楚的可以不填" padded>
      <div className={css["form"]}>
        {view.questions.flatMap((one, index) => [
          view.lines.length > 1 && view.questions[index - 1]?.about !== one.about ? (
            <h3 key={`about ${one.about}`} className={css["about"]}>
              {one.about}
            </h3>
          ) : null,
          <Field key={one.fact} label={one.question} hint={one.label}>
            <AnswerField
              question={one}
              value={values[one.fact] ?? ""}
              onChange={(value) => setValues({ ...values, [one.fact]: value })}
            />
          </Field>,
        ])}
      </div>
      {save.error ? <ProblemNotice problem={save.error} compact /> : null}
      <Button
        className={css["field"] ?? ""}
        loading={save.isPending}
        onClick={() =>
          save.mutate({
            applicationId: view.applicationId,
            statements: Object.fromEntries(Object.entries(values).filter(([fact]) => shown.has(fact))),
          })
        }
      >
        保存
      </Button>
    </Card>
  );
}

function AnswerField({
  question: { form, choices, question },
  value,
  onChange,
}: {
  question: ApplicationQuestion;
  value: string;
  onChange: (value: string) => void;
}) {
  switch (form) {
    case "yes-no":
    case "choice":
    case "county":
      return (
        <Select
          aria-label={question}
          value={value || undefined}
          placeholder="请选择"
          allowClear
          showSearch={form === "county"}
          optionFilterProp="label"
          onChange={(chosen?: string) => onChange(chosen ?? "")}
          options={choices}
        />
      );
    case "date":
      return <DateField label={question} value={value} onChange={onChange} />;
    case "number":
    case "money":
      return (
        <InputNumber
          aria-label={question}
          stringMode
          min="0"
          style={{ width: "100%" }}
          {...(form === "money" ? { addonAfter: "元", precision: 2 } : { precision: 0 })}
          value={value || null}
          onChange={(given) => onChange(given === null ? "" : String(given))}
        />
      );
    case "month":
    case "year":
    case "text":
      return (
        <Input
          aria-label={question}
          value={value}
          maxLength={100}
          placeholder={form === "month" ? "如 2025-04" : form === "year" ? "如 2025" : ""}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

const CHECK_WORDS = {
  waiting: ["soon", "承诺，待核实"],
  accepted: ["done", "已核实"],
  rejected: ["late", "不属实"],
} as const;

function Stated({ view }: { view: ApplicationView }) {
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const check = useAct(checkStatement, { refreshes: [getApplication] });
  const decides = view.mayDecide && view.state === "lodged";
  return (
    <Card title="申请人承诺的情况" note="登记里没有的；以后有了登记，以登记为准" padded>
      {check.error ? <ProblemNotice problem={check.error} compact /> : null}
      {view.questions.map((one) => {
        const [tone, words] = CHECK_WORDS[one.checked];
        const reason = reasons[one.fact] ?? "";
        const act = (accepted: boolean) =>
          check.mutate({ applicationId: view.applicationId, fact: one.fact, accepted, reason: reason.trim() });
        return (
          <div key={one.fact} className={css["material"]}>
            <b>{one.label}</b>
            {one.shown} <StatusTag tone={tone}>{words}</StatusTag>
            {one.checkedBy ? (
              <span className={css["sub"]}>
                {one.checkedBy} {one.reason}
              </span>
            ) : null}
            {decides ? (
              <div className={css["checking"]}>
                <Input
                  size="small"
                  aria-label={`${one.label}核实到的情况`}
                  placeholder="核实到的情况（不属实的必填）"
                  maxLength={300}
                  value={reason}
                  onChange={(event) => setReasons({ ...reasons, [one.fact]: event.target.value })}
                />
                <Button size="small" type="primary" disabled={one.checked === "accepted"} onClick={() => act(true)}>
                  属实
                </Button>
                <Button size="small" danger disabled={reason.trim().length < 2} onClick={() => act(false)}>
                  不属实
                </Button>
              </div>
            ) : null}
          </div>
        );
      })}
    </Card>
  );
}
