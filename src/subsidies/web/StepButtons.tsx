import { Button, Input, Select } from "antd";
import { useState } from "react";
import {
  call,
  ConfirmAct,
  MoneyText,
  ProblemNotice,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  yuan,
} from "../../ui/index.ts";
import {
  acceptClaims,
  actsOn,
  approveClaims,
  checkClaims,
  claimActLabels,
  closeClaims,
  confirmClaims,
  endorseClaims,
  listFundLines,
  refuseClaims,
  reopenClaims,
  returnClaims,
  sendBackClaims,
  supplyClaims,
  withdrawClaims,
  type ClaimRow,
  type OwnAct,
} from "../contract.ts";
import css from "./subsidies.module.css";

const ROUTES = {
  accept: acceptClaims,
  return: returnClaims,
  supply: supplyClaims,
  check: checkClaims,
  withdraw: withdrawClaims,
  sendBack: sendBackClaims,
  refuse: refuseClaims,
  reopen: reopenClaims,
  close: closeClaims,
  endorse: endorseClaims,
} as const;

/** What each act asks for in words, and what can be done about it later. */
const WORDS: Record<OwnAct, { readonly asks?: string; readonly what: string; readonly undo: string }> = {
  confirm: { asks: "由谁、凭什么代办，如：柜台本人确认", what: "代本人确认申领，转受理", undo: "办结前可以撤销。" },
  accept: { what: "受理，转初审；自动签发受理通知书", undo: "初审前可以退回补正或撤销。" },
  return: {
    asks: "要补正什么，如：补 3 月考勤表",
    what: "退回补正，办理期限暂停；自动签发补正通知书",
    undo: "补正后恢复办理。",
  },
  supply: { asks: "补正了什么", what: "登记补正，转初审", undo: "可以再次退回补正。" },
  check: { what: "按今天的事实和规则重新计算，通过的转复核", undo: "复核时可以退回重审。" },
  withdraw: { asks: "撤销的理由", what: "撤销，不再办理", undo: "撤销后不能恢复；事实有变时会重新生成。" },
  sendBack: { asks: "退回的理由", what: "退回初审，占用的资金释放", undo: "初审后可以再复核。" },
  refuse: {
    asks: "不予发放的理由和条款",
    what: "不予发放；自动签发决定书，写明理由、条款和救济途径",
    undo: "可以重新受理。",
  },
  reopen: { asks: "重新受理的理由", what: "重新受理，转初审", undo: "可以再次不予发放。" },
  approve: {
    what: "按今天的事实再算一次，一致的通过，占用资金，自动签发发放决定书",
    undo: "公示前可以退回重审，资金随之释放。",
  },
  endorse: { what: "同意大额补贴，占用资金，自动签发发放决定书", undo: "公示前可以退回重审，资金随之释放。" },
  close: { what: "办结归档", undo: "银行退款时会自动回到待发放。" },
};
/** The way forward stands out; ways back do not. */
const FORWARD = new Set<OwnAct>(["confirm", "accept", "check", "approve", "endorse", "close"]);
const NOTE_LEAST = 2;

/** The acts that all of the claims allow and the officer may do. */
export function StepButtons({
  claims,
  onDone,
  size = "small",
}: {
  readonly claims: readonly ClaimRow[];
  readonly onDone?: () => void;
  readonly size?: "small" | "middle";
}) {
  const [act, setAct] = useState<OwnAct | null>(null);
  const permissions = new Set(useSession().permissions);
  const offered = claims
    .map(({ state }) => actsOn(state, permissions))
    .reduce<readonly OwnAct[] | null>(
      (shared, own) => (shared ? shared.filter((one) => own.includes(one)) : own),
      null,
    );
  if (!offered || offered.length === 0)
    return claims.length > 0 && size === "small" ? <span className="caption">所选的没有共同的下一步</span> : null;
  return (
    <span className={css["acts"]}>
      {offered.map((one) => (
        <Button key={one} size={size} type={FORWARD.has(one) ? "primary" : "default"} onClick={() => setAct(one)}>
          {claimActLabels[one]}
          {size === "small" ? ` ${claims.length} 件` : ""}
        </Button>
      ))}
      {act ? (
        <StepDialog key={act} act={act} claims={claims} onClose={() => setAct(null)} onDone={() => onDone?.()} />
      ) : null}
    </span>
  );
}

function StepDialog({
  act,
  claims,
  onClose,
  onDone,
}: {
  readonly act: OwnAct;
  readonly claims: readonly ClaimRow[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [text, setText] = useState("");
  const [fundLineId, setFundLineId] = useState<string>();
  const toast = useToast();
  const refresh = useRefresh();
  const words = WORDS[act];
  const [first] = claims;
  const sameFund = claims.every(({ fund }) => fund === first?.fund);
  const lines = useRoute(listFundLines, sameFund && first ? { fund: first.fund } : {}, {
    enabled: act === "approve" && sameFund,
  });
  const claimIds = claims.map(({ claimId }) => claimId);
  const run = async () => {
    const said = text.trim();
    const answer =
      act === "confirm"
        ? await call(confirmClaims, { claimIds, agent: said })
        : act === "approve"
          ? await call(approveClaims, { claimIds, note: said, ...(fundLineId ? { fundLineId } : {}) })
          : await call(ROUTES[act], { claimIds, note: said });
    const [left] = answer.left;
    const rest = left
      ? `${answer.left.length} 件没有办：${left.number} ${left.why}${answer.left.length > 1 ? "等" : ""}。`
      : "";
    toast.done(`${claimActLabels[act]} ${answer.done} 件。${rest}`);
    onDone();
    await refresh();
  };
  const total = claims.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return (
    <ConfirmAct
      open
      title={claimActLabels[act]}
      changes={[{ count: claims.length, unit: "件", what: words.what }]}
      undo={words.undo}
      confirm={`${claimActLabels[act]} ${claims.length} 件`}
      danger={act === "refuse" || act === "withdraw"}
      lacks={[words.asks !== undefined && text.trim().length < NOTE_LEAST && words.asks.split("，如")[0]!]}
      onClose={onClose}
      onConfirm={run}
    >
      <p className="caption">
        合计 <MoneyText fen={total} unit={false} /> 元
      </p>
      {lines.error ? <ProblemNotice problem={lines.error} compact /> : null}
      {act === "approve" && sameFund ? (
        <Select
          className={css["field"] ?? ""}
          aria-label="资金额度"
          placeholder="资金额度：不选则用最先到期且够用的一条"
          allowClear
          loading={lines.isPending}
          style={{ width: "100%" }}
          value={fundLineId}
          onChange={setFundLineId}
          options={(lines.data?.rows ?? []).map((line) => ({
            value: line.fundLineId,
            label: `${line.document}（可用 ${yuan(line.leftFen)} 元）`,
          }))}
        />
      ) : null}
      <Input.TextArea
        className={css["field"] ?? ""}
        aria-label={words.asks ?? "意见"}
        placeholder={words.asks ?? "意见（可不填）"}
        maxLength={act === "confirm" ? 200 : 500}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </ConfirmAct>
  );
}
