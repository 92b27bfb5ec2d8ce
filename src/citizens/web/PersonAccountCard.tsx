import { Button } from "antd";
import { useState } from "react";
import { Answer, call, Card, MomentText, StatusTag, useRefresh, useRoute, useToast } from "../../ui/index.ts";
import { endMandate, linkPurposeLabels, personAccount, revokeLink, type PersonAccount } from "../contract.ts";
import { AskOnMandate, IssueLink, RecordMandate } from "./PersonDialogs.tsx";
import css from "./PersonAccountCard.module.css";

type Open = { readonly what: "link" | "mandate" } | { readonly what: "ask"; readonly mandateId: string };

/** On the person's page: his account, who may act for him, and the links he was given. */
export function PersonAccountCard({ personId }: { personId: string }) {
  const query = useRoute(personAccount, { personId });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <Card
      title="本人账号与代办"
      extra={
        <>
          <Button size="small" onClick={() => setOpen({ what: "mandate" })}>
            登记代办
          </Button>{" "}
          <Button size="small" onClick={() => setOpen({ what: "link" })}>
            发链接
          </Button>
        </>
      }
    >
      <Answer query={query} lines={2}>
        {(answer) => (
          <Facts {...answer} personId={personId} onAsk={(mandateId) => setOpen({ what: "ask", mandateId })} />
        )}
      </Answer>
      {open?.what === "link" ? <IssueLink personId={personId} onClose={close} /> : null}
      {open?.what === "mandate" ? <RecordMandate personId={personId} onClose={close} /> : null}
      {open?.what === "ask" ? <AskOnMandate mandateId={open.mandateId} onClose={close} /> : null}
    </Card>
  );
}

function Facts({
  account,
  mandates,
  links,
  onAsk,
}: PersonAccount & { personId: string; onAsk: (mandateId: string) => void }) {
  const toast = useToast();
  const refresh = useRefresh();
  const end = async (act: Promise<unknown>, words: string) => {
    await act.then(() => toast.done(words), toast.refused);
    await refresh([personAccount]);
  };
  return (
    <ul className={css["list"]}>
      <li>
        {account ? (
          <>
            已开通，{account.phoneMask}
            <span className="caption">
              {account.boundBy === "registry" ? "自助实名" : "工作人员核实"}，<MomentText value={account.boundAt} />
            </span>
          </>
        ) : (
          <span className="secondary">没有开通本人账号</span>
        )}
      </li>
      {mandates.map((one) => (
        <li key={one.mandateId}>
          <span>
            {one.officer}代办　{one.authority}
            <span className="caption">
              {one.validFrom} 至 {one.validTo}，已办 {one.acts} 件
            </span>
          </span>
          {one.inForce ? (
            <span className={css["acts"]}>
              {one.own ? (
                <Button size="small" onClick={() => onAsk(one.mandateId)}>
                  代办更正
                </Button>
              ) : null}
              <Button
                size="small"
                onClick={() => void end(call(endMandate, { mandateId: one.mandateId }), "代办授权已终止。")}
              >
                终止
              </Button>
            </span>
          ) : (
            <StatusTag tone="plain">
              {one.revokedBy === "person" ? "本人已撤销" : one.revokedBy === "officer" ? "已终止" : "不在有效期"}
            </StatusTag>
          )}
        </li>
      ))}
      {links
        .filter(({ state }) => state === "open")
        .map((one) => (
          <li key={one.linkId}>
            <span>
              链接：{linkPurposeLabels[one.purpose]}
              <span className="caption">
                {one.issuedBy}，<MomentText value={one.expiresAt} /> 前有效
              </span>
            </span>
            <Button size="small" onClick={() => void end(call(revokeLink, { linkId: one.linkId }), "链接已作废。")}>
              作废
            </Button>
          </li>
        ))}
    </ul>
  );
}
