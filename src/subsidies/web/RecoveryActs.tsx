import { Button, Input, InputNumber, Select } from "antd";
import { useState, type ReactNode } from "react";
import {
  call,
  ConfirmAct,
  DateField,
  Field,
  addMonths,
  useRefresh,
  useSession,
  useToast,
  yuan,
} from "../../ui/index.ts";
import {
  agreeWriteOff,
  cancelRecovery,
  decideRecovery,
  declineWriteOff,
  hearRecovery,
  notifyRecovery,
  planRecovery,
  proposeWriteOff,
  receiptMethods,
  receiveRecovery,
  recoveryActLabels,
  refundRecovery,
  type OwnRecoveryAct,
  type ReceiptMethod,
  type RecoveryView,
} from "../contract.ts";
import css from "./subsidies.module.css";

/** What each act does, what it asks for in words, and what can be done about it later. */
const WORDS: Record<
  OwnRecoveryAct,
  { readonly what: string; readonly undo: string; readonly asks?: string; readonly least?: number }
> = {
  notify: {
    what: "告知收款人多发的事实、理由和金额，等他陈述申辩",
    undo: "决定前可以撤销。",
    asks: "事实和理由",
    least: 10,
  },
  hear: {
    what: "记下收款人的意见，转决定",
    undo: "不能更改，照原话记。",
    asks: "陈述申辩的内容，没有意见的写“无异议”",
    least: 2,
  },
  decide: {
    what: "按今天的事实再算一次，一致的作出追回决定",
    undo: "没有缴回前可以撤销。",
    asks: "是否采纳陈述申辩、理由",
    least: 10,
  },
  plan: { what: "分期缴回，各期合计等于应缴回的金额", undo: "可以重新订立，已缴回的仍按先后抵各期。" },
  receive: { what: "登记一笔缴回的款，退回原资金额度", undo: "登记后不能更改。" },
  propose: {
    what: "提请核销未缴回的部分，由领导批准",
    undo: "批准前可以不同意。",
    asks: "为什么追不回，附何证明",
    least: 10,
  },
  agree: { what: "核销未缴回的部分，资金额度不增加", undo: "核销后不能恢复。", asks: "意见（可不填）" },
  decline: { what: "不同意核销，继续缴回", undo: "可以再次提请。", asks: "为什么不同意", least: 2 },
  refund: { what: "把收款人已缴回的款全部退还给他", undo: "登记后不能更改。" },
  cancel: {
    what: "撤销这件追回，所列差异不再处理",
    undo: "不能恢复；事实再变时会重新列出。",
    asks: "撤销的理由",
    least: 2,
  },
};
const FORWARD = new Set<OwnRecoveryAct>(["notify", "hear", "decide", "receive", "agree", "refund"]);

/** The acts that the officer may do now. */
export function RecoveryActs({ one }: { readonly one: RecoveryView }) {
  const [act, setAct] = useState<OwnRecoveryAct | null>(null);
  return (
    <span className={css["acts"]}>
      {one.acts.map((name) => (
        <Button key={name} type={FORWARD.has(name) ? "primary" : "default"} onClick={() => setAct(name)}>
          {name === "plan" && one.instalments.length > 0 ? "重订分期" : recoveryActLabels[name]}
        </Button>
      ))}
      {act ? <ActDialog key={act} act={act} one={one} onClose={() => setAct(null)} /> : null}
    </span>
  );
}

interface Instalment {
  readonly dueOn: string;
  readonly fen: number | null;
}

/** The same day of a later month; every month has a 28th. */
const monthsLater = (day: string, months: number): string =>
  `${addMonths(day.slice(0, 7), months)}-${day.slice(8) > "28" ? "28" : day.slice(8)}`;

/** So many equal parts of a sum, a month apart; the last one takes what does not divide. */
function evenly(owed: number, parts: number, from: string): Instalment[] {
  const each = Math.floor(owed / parts);
  return Array.from({ length: parts }, (_, index) => ({
    dueOn: monthsLater(from, index + 1),
    fen: index === parts - 1 ? owed - each * (parts - 1) : each,
  }));
}

function ActDialog({
  act,
  one,
  onClose,
}: {
  readonly act: OwnRecoveryAct;
  readonly one: RecoveryView;
  readonly onClose: () => void;
}) {
  const { businessDate } = useSession();
  const words = WORDS[act];
  const owed = one.amountFen - one.reducedFen;
  const [text, setText] = useState(act === "notify" ? one.grounds : "");
  const [contact, setContact] = useState(one.contact ?? "");
  const [days, setDays] = useState(act === "notify" ? one.terms.replyDays : one.terms.payDays);
  const [plan, setPlan] = useState<readonly Instalment[]>(() =>
    evenly(owed, Math.min(3, one.terms.instalments), businessDate),
  );
  const [receipt, setReceipt] = useState({
    fen: act === "refund" ? one.receivedFen : nextSum(one),
    receivedOn: businessDate,
    method: receiptMethods[0] as ReceiptMethod,
    reference: "",
  });
  const toast = useToast();
  const refresh = useRefresh();
  const said = text.trim();
  const which = { recoveryId: one.recoveryId, lock: one.lock };
  const planned = plan.reduce((sum, { fen }) => sum + (fen ?? 0), 0);
  const run: Record<OwnRecoveryAct, () => Promise<unknown>> = {
    notify: () => call(notifyRecovery, { ...which, grounds: said, contact: contact.trim(), replyDays: days }),
    hear: () => call(hearRecovery, { ...which, statement: said }),
    decide: () => call(decideRecovery, { ...which, decision: said, payDays: days }),
    plan: () =>
      call(planRecovery, {
        ...which,
        instalments: plan.map(({ dueOn, fen }) => ({ dueOn, amountFen: fen ?? 0 })),
      }),
    receive: () =>
      call(receiveRecovery, {
        ...which,
        amountFen: receipt.fen ?? 0,
        receivedOn: receipt.receivedOn,
        method: receipt.method,
        reference: receipt.reference.trim(),
      }),
    refund: () =>
      call(refundRecovery, {
        ...which,
        refundedOn: receipt.receivedOn,
        method: receipt.method,
        reference: receipt.reference.trim(),
      }),
    propose: () => call(proposeWriteOff, { ...which, reason: said }),
    agree: () => call(agreeWriteOff, { ...which, note: said }),
    decline: () => call(declineWriteOff, { ...which, note: said }),
    cancel: () => call(cancelRecovery, { ...which, reason: said }),
  };
  const lacks = [
    said.length < (words.least ?? 0) && `${words.asks?.split("，")[0]}（至少 ${words.least} 个字）`,
    act === "notify" && contact.trim().length < 4 && "陈述申辩和缴款的单位、地址、电话",
    act === "plan" && planned !== owed && "合计等于应缴回金额的各期",
    act === "receive" && !receipt.fen && "缴回金额",
    (act === "receive" || act === "refund") && receipt.reference.trim().length < 2 && "票据号、银行流水号",
  ];
  return (
    <ConfirmAct
      open
      title={recoveryActLabels[act]}
      changes={[{ count: 1, unit: "件", what: words.what }]}
      undo={words.undo}
      confirm={recoveryActLabels[act]}
      danger={act === "cancel" || act === "agree"}
      lacks={lacks}
      onClose={onClose}
      onConfirm={async () => {
        await run[act]();
        toast.done(`已${recoveryActLabels[act]}。`);
        await refresh();
      }}
    >
      {words.asks === undefined ? null : (
        <Input.TextArea
          className={css["field"] ?? ""}
          aria-label={words.asks}
          placeholder={words.asks}
          maxLength={act === "hear" ? 4000 : act === "agree" || act === "decline" || act === "cancel" ? 500 : 2000}
          autoSize={{ minRows: 3, maxRows: 10 }}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {act === "notify" ? (
        <Input
          className={css["field"] ?? ""}
          aria-label="陈述申辩和缴款的单位、地址、电话"
          placeholder="陈述申辩和缴款的单位、地址、电话"
          maxLength={200}
          value={contact}
          onChange={(event) => setContact(event.target.value)}
        />
      ) : null}
      {act === "notify" || act === "decide" ? (
        <div className={css["field"]}>
          <InputNumber
            aria-label={act === "notify" ? "陈述申辩几个工作日" : "几个工作日内缴回"}
            addonBefore={act === "notify" ? "陈述申辩" : "缴回期限"}
            addonAfter="个工作日"
            min={act === "notify" ? one.terms.replyDays : 1}
            max={act === "notify" ? 60 : 120}
            value={days}
            onChange={(value) => setDays(value ?? (act === "notify" ? one.terms.replyDays : one.terms.payDays))}
          />
        </div>
      ) : null}
      {act === "plan" ? (
        <PlanFields owed={owed} most={one.terms.instalments} plan={plan} onChange={setPlan} from={businessDate} />
      ) : null}
      {act === "receive" || act === "refund" ? (
        <ReceiptFields one={one} refund={act === "refund"} receipt={receipt} onChange={setReceipt} />
      ) : null}
    </ConfirmAct>
  );
}

/** What is awaited next: the rest of an instalment, else all of it. */
function nextSum({ instalments, openFen }: RecoveryView): number | null {
  const next = instalments.find(({ amountFen, receivedFen }) => receivedFen < amountFen);
  return next ? next.amountFen - next.receivedFen : openFen;
}

function YuanField({
  label,
  fen,
  onChange,
}: {
  label: string;
  fen: number | null;
  onChange: (fen: number | null) => void;
}) {
  return (
    <InputNumber
      aria-label={label}
      addonAfter="元"
      min={0.01}
      precision={2}
      style={{ width: "100%" }}
      value={fen === null ? null : fen / 100}
      onChange={(value) => onChange(value === null ? null : Math.round(value * 100))}
    />
  );
}

function PlanFields({
  owed,
  most,
  plan,
  onChange,
  from,
}: {
  readonly owed: number;
  readonly most: number;
  readonly plan: readonly Instalment[];
  readonly onChange: (plan: readonly Instalment[]) => void;
  readonly from: string;
}) {
  const set = (index: number, change: Partial<Instalment>) =>
    onChange(plan.map((one, at) => (at === index ? { ...one, ...change } : one)));
  const rest = owed - plan.reduce((sum, { fen }) => sum + (fen ?? 0), 0);
  return (
    <>
      <div className={css["field"]}>
        <InputNumber
          aria-label="分几期"
          addonBefore="平均分"
          addonAfter="期，每月一期"
          min={2}
          max={most}
          value={plan.length}
          onChange={(value) => onChange(evenly(owed, value ?? 2, from))}
        />
      </div>
      <div className={css["plan"]}>
        {plan.map((one, index) => (
          <div key={index} className={css["instalment"]}>
            <span className="caption">第 {index + 1} 期</span>
            <DateField label={`第 ${index + 1} 期日期`} value={one.dueOn} onChange={(dueOn) => set(index, { dueOn })} />
            <YuanField label={`第 ${index + 1} 期金额（元）`} fen={one.fen} onChange={(fen) => set(index, { fen })} />
          </div>
        ))}
      </div>
      <output className={rest === 0 ? "caption" : "tone-late"}>
        {rest === 0 ? `合计 ${yuan(owed)} 元，一分不差` : `还差 ${yuan(rest)} 元才等于应缴回的 ${yuan(owed)} 元`}
      </output>
    </>
  );
}

interface Receipt {
  readonly fen: number | null;
  readonly receivedOn: string;
  readonly method: ReceiptMethod;
  readonly reference: string;
}

function ReceiptFields({
  one,
  refund,
  receipt,
  onChange,
}: {
  readonly one: RecoveryView;
  /** Given back is all that came in, in one sum. */
  readonly refund: boolean;
  readonly receipt: Receipt;
  readonly onChange: (receipt: Receipt) => void;
}) {
  const fields: readonly (readonly [string, ReactNode])[] = [
    refund
      ? ["退还金额", <b key="fen">{yuan(one.receivedFen)} 元</b>]
      : [
          `金额（还应缴回 ${yuan(one.openFen)} 元）`,
          <YuanField
            key="fen"
            label="缴回金额（元）"
            fen={receipt.fen}
            onChange={(fen) => onChange({ ...receipt, fen })}
          />,
        ],
    [
      "日期",
      <DateField
        key="on"
        label={refund ? "退还日期" : "缴回日期"}
        value={receipt.receivedOn}
        onChange={(receivedOn) => onChange({ ...receipt, receivedOn })}
      />,
    ],
    [
      "方式",
      <Select
        key="method"
        aria-label={refund ? "退还方式" : "缴回方式"}
        style={{ width: 150 }}
        value={receipt.method}
        onChange={(method) => onChange({ ...receipt, method })}
        options={receiptMethods.map((value) => ({ value, label: value }))}
      />,
    ],
    [
      "票据号、银行流水号",
      <Input
        key="reference"
        aria-label="票据号、银行流水号"
        maxLength={60}
        value={receipt.reference}
        onChange={(event) => onChange({ ...receipt, reference: event.target.value })}
      />,
    ],
  ];
  return (
    <div className={css["given"]}>
      {fields.map(([label, field]) => (
        <Field key={label} label={label}>
          {field}
        </Field>
      ))}
    </div>
  );
}
