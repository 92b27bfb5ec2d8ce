import { Button, Input, InputNumber, Radio } from "antd";
import { useState } from "react";
import {
  Card,
  ConfirmAct,
  DateText,
  EmptyState,
  Link,
  May,
  MoneyText,
  StatusTag,
  call,
  useRefresh,
  useRoute,
  useToast,
  yuan,
} from "../../ui/index.ts";
import {
  decideSettlement,
  listSettlements,
  proposeSettlement,
  settlementKindLabels,
  settlementKinds,
  settlementStateLabels,
  subsidiesPermissions,
  type FundLine,
  type Settlement,
} from "../contract.ts";
import css from "./subsidies.module.css";

const TONES = { proposed: "soon", done: "done", refused: "plain" } as const;

/** 结转、收回 of what a line has left: one proposes, another agrees, and only then the money moves. */
export function Settlements({ line }: { line: FundLine }) {
  const { data } = useRoute(listSettlements, { fundLineId: line.fundLineId });
  const rows = data?.rows ?? [];
  const waits = rows.some(({ state }) => state === "proposed");
  return (
    <Card
      title="结转、收回"
      note="可用的余额结转下年或按文件收回：一人提出，另一人确认后才动账"
      padded
      extra={
        line.leftFen > 0 && !waits ? (
          <May permission={subsidiesPermissions.funds}>
            <ProposeButton line={line} />
          </May>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="没有结转或收回" hint="年底或文件到期时，由财政在这里提出。" />
      ) : (
        <ul className={css["panel"]}>
          {rows.map((row) => (
            <li key={row.settlementId}>
              <StatusTag tone={TONES[row.state]}>{settlementStateLabels[row.state]}</StatusTag>
              <b>{settlementKindLabels[row.kind]}</b>
              <MoneyText fen={row.amountFen} />
              <span>{row.document}</span>
              {row.toFundLineId ? <Link to={`/funds/${row.toFundLineId}`}>结转到的额度</Link> : null}
              <span className={css["sub"]}>
                {row.proposedByName} <DateText value={row.proposedOn} /> 提出
                {row.decidedByName
                  ? `；${row.decidedByName} ${row.decidedOn} ${row.state === "done" ? "确认" : "退回"}`
                  : ""}
              </span>
              {row.mayDecide ? <DecideButtons row={row} /> : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function ProposeButton({ line }: { line: FundLine }) {
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<(typeof settlementKinds)[number]>("carry");
  const [amount, setAmount] = useState<number | null>(line.leftFen / 100);
  const [document, setDocument] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        提出结转、收回
      </Button>
      <ConfirmAct
        open={open}
        title="提出结转或收回"
        changes={[{ count: 1, unit: "笔", what: `${settlementKindLabels[kind]}，由另一人确认后动账` }]}
        undo="确认前可以退回。"
        confirm="提出"
        lacks={[!amount && "金额", document.trim().length < 2 && "依据的文件"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          const amountFen = Math.round(amount! * 100);
          await call(proposeSettlement, { fundLineId: line.fundLineId, kind, amountFen, document: document.trim() });
          toast.done("已提出，待另一人确认。");
          await refresh();
        }}
      >
        <p className="caption">这条额度可用 {yuan(line.leftFen)} 元；已占用的不能结转、收回。</p>
        <Radio.Group
          className={css["field"] ?? ""}
          aria-label="办法"
          value={kind}
          onChange={(event) => setKind(event.target.value as typeof kind)}
          options={settlementKinds.map((value) => ({ value, label: settlementKindLabels[value] }))}
        />
        <div className={css["field"]}>
          <InputNumber
            aria-label="金额（元）"
            addonAfter="元"
            min={0.01}
            max={line.leftFen / 100}
            precision={2}
            style={{ width: "100%" }}
            value={amount}
            onChange={setAmount}
          />
        </div>
        <Input
          className={css["field"] ?? ""}
          aria-label="依据的文件"
          placeholder="依据的文件名称或文号"
          maxLength={120}
          value={document}
          onChange={(event) => setDocument(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}

function DecideButtons({ row }: { row: Settlement }) {
  const [agree, setAgree] = useState<boolean | null>(null);
  const refresh = useRefresh();
  const toast = useToast();
  const label = settlementKindLabels[row.kind];
  return (
    <span className={css["acts"]}>
      <Button size="small" type="primary" onClick={() => setAgree(true)}>
        确认{label}
      </Button>
      <Button size="small" onClick={() => setAgree(false)}>
        退回
      </Button>
      <ConfirmAct
        open={agree !== null}
        title={agree ? `确认${label}` : `退回${label}`}
        changes={[{ count: 1, unit: "笔", what: `${label} ${yuan(row.amountFen)} 元：${row.document}` }]}
        undo={agree ? "确认后即动账，不能撤销；有误的按文件另行调整。" : "退回后可以重新提出。"}
        confirm={agree ? "确认" : "退回"}
        onClose={() => setAgree(null)}
        onConfirm={async () => {
          await call(decideSettlement, { settlementId: row.settlementId, agree: agree === true });
          toast.done(agree ? "已确认，资金流水已记。" : "已退回。");
          await refresh();
        }}
      />
    </span>
  );
}
