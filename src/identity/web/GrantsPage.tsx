import { Button, Input } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
} from "../../ui/index.ts";
import {
  approveGrant,
  dutyLabels,
  grantKindLabels,
  grantStateLabels,
  grantStates,
  listGrants,
  listOfficers,
  refuseGrant,
  withdrawGrant,
  type GrantRow,
  type GrantState,
} from "../contract.ts";
import { AdministrationTabs } from "./AdministrationTabs.tsx";
import { GRANTS_PATH } from "./paths.ts";

const tones: Record<GrantState, "soon" | "done" | "plain"> = {
  waiting: "soon",
  approved: "done",
  refused: "plain",
  withdrawn: "plain",
};
type Act = "approve" | "refuse" | "withdraw";

const dutiesText = (duties: GrantRow["duties"]) => duties.map((duty) => dutyLabels[duty]).join("、");

/** 授权审批: what one administrator gives, another agrees to. */
export default function GrantsPage() {
  const [chosen, setChosen] = useState<{ grant: GrantRow; act: Act } | null>(null);
  return (
    <>
      <PageHeader
        title="授权审批"
        crumbs={[{ label: "管理" }, { label: "用户与区域" }, { label: "授权审批" }]}
        note="新增用户、扩大职责或区域，由一类管理员提出，另一类管理员批准后生效"
      />
      <AdministrationTabs current={GRANTS_PATH} />
      <Card>
        <ServerTable
          name="identity.grants"
          caption="授权申请"
          route={listGrants}
          rowKey={(row) => row.proposalId}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: grantStates.map((value) => ({ value, label: grantStateLabels[value] })),
            },
          ]}
          columns={[
            {
              key: "who",
              title: "用户",
              fixed: true,
              render: (row) => (
                <>
                  <b>{row.name}</b>　<span className="caption">{row.login}</span>
                </>
              ),
            },
            { key: "kind", title: "事项", render: (row) => grantKindLabels[row.kind] },
            { key: "organisation", title: "所属单位", render: (row) => row.organisation },
            {
              key: "what",
              title: "授予",
              render: (row) => (
                <>
                  {dutiesText(row.duties)}　<span className="caption">{row.regionName}</span>
                  {row.before ? (
                    <div className="caption">
                      现为：{dutiesText(row.before.duties)}　{row.before.regionName}
                    </div>
                  ) : null}
                </>
              ),
            },
            {
              key: "proposed",
              title: "提出",
              render: (row) => (
                <>
                  {row.proposedBy}　<MomentText value={row.proposedAt} />
                </>
              ),
            },
            {
              key: "state",
              title: "状态",
              render: (row) => (
                <>
                  <StatusTag tone={tones[row.state]}>{grantStateLabels[row.state]}</StatusTag>
                  {row.decidedBy ? (
                    <div className="caption">{[row.decidedBy, row.reason].filter(Boolean).join("：")}</div>
                  ) : null}
                </>
              ),
            },
            {
              key: "acts",
              title: "操作",
              width: 150,
              render: (row) => (
                <>
                  {row.mayDecide ? (
                    <>
                      <Button size="small" type="primary" onClick={() => setChosen({ grant: row, act: "approve" })}>
                        批准
                      </Button>{" "}
                      <Button size="small" onClick={() => setChosen({ grant: row, act: "refuse" })}>
                        不批准
                      </Button>
                    </>
                  ) : null}
                  {row.mayWithdraw ? (
                    <Button size="small" onClick={() => setChosen({ grant: row, act: "withdraw" })}>
                      撤回
                    </Button>
                  ) : null}
                  {row.mayDecide || row.mayWithdraw ? null : <span className="caption">—</span>}
                </>
              ),
            },
          ]}
          empty={{ title: "没有授权申请", hint: "系统管理员新增用户或扩大职责、区域后，会在这里等待批准。" }}
        />
      </Card>
      {chosen ? <Decide {...chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

const words: Record<Act, { title: string; what: string; undo: string; confirm: string; done: string }> = {
  approve: {
    title: "批准授权",
    what: "立即生效，其现有登录退出",
    undo: "批准后可由账号的管理员收回。",
    confirm: "批准 1 项授权",
    done: "已批准。",
  },
  refuse: {
    title: "不批准授权",
    what: "不生效，退回提出人",
    undo: "可以重新提出。",
    confirm: "不批准 1 项",
    done: "已退回。",
  },
  withdraw: {
    title: "撤回授权申请",
    what: "不再等待批准",
    undo: "可以重新提出。",
    confirm: "撤回 1 项",
    done: "已撤回。",
  },
};

function Decide({ grant, act, onClose }: { grant: GrantRow; act: Act; onClose: () => void }) {
  const toast = useToast();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const { title, what, undo, confirm, done } = words[act];
  const run = async () => {
    const { proposalId } = grant;
    if (act === "approve") await call(approveGrant, { proposalId });
    else if (act === "refuse") await call(refuseGrant, { proposalId, reason });
    else await call(withdrawGrant, { proposalId });
    toast.done(`${grant.name}：${done}`);
    await refresh([listGrants, listOfficers]);
  };
  return (
    <ConfirmAct
      open
      title={`${title}：${grant.name}（${dutiesText(grant.duties)}，${grant.regionName}）`}
      changes={[{ count: 1, unit: "项", what }]}
      undo={undo}
      confirm={confirm}
      disabled={act === "refuse" && reason.trim().length < 2}
      onConfirm={run}
      onClose={onClose}
    >
      {act === "refuse" ? (
        <Input.TextArea
          aria-label="不批准的理由"
          placeholder="请写明不批准的理由，提出人会看到"
          rows={3}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      ) : null}
    </ConfirmAct>
  );
}
