import { Button, Input, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import { call, ConfirmAct, Field, May, useRefresh, useRoute, useToast, yuan } from "../../ui/index.ts";
import { adjustFundLine, listFundLines, subsidiesPermissions, transferFunds, type FundLine } from "../contract.ts";
import css from "./subsidies.module.css";

type Act = "adjust" | "transfer";
const DOCUMENT_LEAST = 2;

/** What finance does to a line that stands: raises or cuts it by a document, or moves money to another line of the same fund. */
export function FundActs({ line }: { readonly line: FundLine }) {
  const [act, setAct] = useState<Act | null>(null);
  return (
    <May permission={subsidiesPermissions.funds}>
      <Button onClick={() => setAct("adjust")}>追加、核减</Button>
      <Button disabled={line.leftFen <= 0} onClick={() => setAct("transfer")}>
        调剂
      </Button>
      {act === "adjust" ? <Adjust line={line} onClose={() => setAct(null)} /> : null}
      {act === "transfer" ? <Transfer line={line} onClose={() => setAct(null)} /> : null}
    </May>
  );
}

interface DialogProps {
  readonly line: FundLine;
  readonly onClose: () => void;
}

function Adjust({ line, onClose }: DialogProps) {
  const [direction, setDirection] = useState<1 | -1>(1);
  const [amount, setAmount] = useState<number | null>(null);
  const [document, setDocument] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const fen = direction * Math.round((amount ?? 0) * 100);
  const word = direction > 0 ? "追加" : "核减";
  return (
    <ConfirmAct
      open
      title={`${word}额度：${line.fund}`}
      changes={[
        {
          count: 1,
          unit: "条",
          what: `下达 ${yuan(line.budgetFen)} → ${yuan(line.budgetFen + fen)} 元，可用 ${yuan(line.leftFen)} → ${yuan(line.leftFen + fen)} 元`,
        },
      ]}
      undo="记入流水，不能删除；有误的按文件再追加或核减。"
      confirm={word}
      lacks={[
        fen === 0 && "金额",
        line.leftFen + fen < 0 && `不超过 ${yuan(line.leftFen)} 元的金额`,
        document.trim().length < DOCUMENT_LEAST && "依据的文件",
      ]}
      onClose={onClose}
      onConfirm={async () => {
        const { leftFen } = await call(adjustFundLine, {
          fundLineId: line.fundLineId,
          amountFen: fen,
          document: document.trim(),
        });
        toast.done(`已${word} ${yuan(Math.abs(fen))} 元，现在可用 ${yuan(leftFen)} 元。`);
        await refresh();
      }}
    >
      <div className={css["given"]}>
        <Radio.Group
          aria-label="追加还是核减"
          value={direction}
          onChange={(event) => setDirection(event.target.value as 1 | -1)}
          options={[
            { value: 1, label: "追加" },
            { value: -1, label: "核减" },
          ]}
        />
        <Amount
          amount={amount}
          onChange={setAmount}
          most={direction > 0 ? null : line.leftFen}
          hint={direction > 0 ? "按文件追加的数" : `最多核减可用的 ${yuan(line.leftFen)} 元；已占用、已支出的不能核减`}
        />
        <Paper value={document} onChange={setDocument} />
      </div>
    </ConfirmAct>
  );
}

function Transfer({ line, onClose }: DialogProps) {
  const [to, setTo] = useState<string>();
  const [amount, setAmount] = useState<number | null>(null);
  const [document, setDocument] = useState("");
  const lines = useRoute(listFundLines, { fund: line.fund, region: line.place.code });
  const refresh = useRefresh();
  const toast = useToast();
  const others = (lines.data?.rows ?? []).filter(
    ({ fundLineId, fund, place }) =>
      fundLineId !== line.fundLineId && fund === line.fund && place.code === line.place.code,
  );
  const target = others.find(({ fundLineId }) => fundLineId === to);
  const fen = Math.round((amount ?? 0) * 100);
  return (
    <ConfirmAct
      open
      title={`调剂：${line.fund}`}
      changes={
        target && fen > 0
          ? [
              {
                count: 2,
                unit: "条",
                what: `本条可用 ${yuan(line.leftFen)} → ${yuan(line.leftFen - fen)} 元；“${target.document}”可用 ${yuan(target.leftFen)} → ${yuan(target.leftFen + fen)} 元`,
              },
            ]
          : [{ count: 2, unit: "条", what: "同一地区、同一资金渠道的额度之间调剂，合计不变" }]
      }
      undo="两条的流水各记一笔，不能删除；有误的再调剂回来。"
      confirm="调剂"
      lacks={[
        !target && "调剂到哪一条",
        fen <= 0 && "金额",
        fen > line.leftFen && `不超过 ${yuan(line.leftFen)} 元的金额`,
        document.trim().length < DOCUMENT_LEAST && "依据的文件",
      ]}
      onClose={onClose}
      onConfirm={async () => {
        await call(transferFunds, {
          fundLineId: line.fundLineId,
          toFundLineId: target!.fundLineId,
          amountFen: fen,
          document: document.trim(),
        });
        toast.done(`已调剂 ${yuan(fen)} 元到“${target!.document}”。`);
        await refresh();
      }}
    >
      <div className={css["given"]}>
        <Field
          label="调剂到"
          {...(lines.data && others.length === 0
            ? { hint: "本地没有同一资金渠道的另一条额度，请先在“资金额度”里按文件登记" }
            : {})}
        >
          <Select
            aria-label="调剂到"
            placeholder="选择同一资金渠道的另一条额度"
            loading={lines.isPending}
            disabled={lines.data !== undefined && others.length === 0}
            style={{ width: "100%" }}
            value={to}
            onChange={setTo}
            options={others.map(({ fundLineId, document: paper, level, year, leftFen }) => ({
              value: fundLineId,
              label: `${paper}　${level} ${year} 年（可用 ${yuan(leftFen)} 元）`,
            }))}
          />
        </Field>
        <Amount amount={amount} onChange={setAmount} most={line.leftFen} hint={`本条可用 ${yuan(line.leftFen)} 元`} />
        <Paper value={document} onChange={setDocument} />
      </div>
    </ConfirmAct>
  );
}

function Amount({
  amount,
  onChange,
  most,
  hint,
}: {
  readonly amount: number | null;
  readonly onChange: (yuan: number | null) => void;
  readonly most: number | null;
  readonly hint: string;
}) {
  return (
    <Field label="金额" hint={hint}>
      <InputNumber
        aria-label="金额（元）"
        addonAfter="元"
        min={0.01}
        {...(most === null ? {} : { max: most / 100 })}
        precision={2}
        style={{ width: "100%" }}
        value={amount}
        onChange={onChange}
      />
    </Field>
  );
}

function Paper({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <Field label="依据的文件" hint="名称或文号">
      <Input aria-label="依据的文件" maxLength={120} value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}
