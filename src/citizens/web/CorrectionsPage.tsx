import { Button } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  download,
  DownloadButton,
  DueText,
  Link,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
} from "../../ui/index.ts";
import {
  acceptCorrection,
  correctionStateLabels,
  correctionStates,
  downloadEvidence,
  listCorrections,
  refuseCorrection,
  type CorrectionState,
  type QueuedCorrection,
} from "../contract.ts";
import { AnswerDialog } from "./AnswerDialog.tsx";
import { Tabs } from "./Tabs.tsx";

const tones: Record<CorrectionState, "soon" | "done" | "plain"> = {
  waiting: "soon",
  accepted: "done",
  refused: "plain",
  withdrawn: "plain",
};

/** 更正申请: what people say is wrong about them; an officer looks, and answers. */
export default function CorrectionsPage() {
  const [chosen, setChosen] = useState<{ row: QueuedCorrection; accept: boolean } | null>(null);
  return (
    <>
      <PageHeader
        title="更正申请"
        crumbs={[{ label: "更正申请" }]}
        note="采纳的按“经办录入”写入登记库并留痕；另一来源更权威的，转为比对任务"
      />
      <Card>
        <Tabs current="/corrections" />
        <ServerTable
          name="citizens.corrections"
          caption="更正申请"
          route={listCorrections}
          rowKey={(row) => row.correctionId}
          tone={(row) => (row.late ? "late" : undefined)}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: correctionStates.map((value) => ({ value, label: correctionStateLabels[value] })),
            },
            { kind: "region", name: "region", label: "户籍地" },
            { kind: "choice", name: "late", label: "时限", options: [{ value: "true", label: "只看逾期" }] },
          ]}
          columns={[
            {
              key: "person",
              title: "人员",
              fixed: true,
              width: 180,
              render: (row) => (
                <>
                  <Link to={`/persons/${row.personId}`}>{row.personName}</Link>　
                  <span className="caption">{row.identityMask}</span>
                </>
              ),
            },
            {
              key: "field",
              title: "更正",
              render: (row) => (
                <>
                  <b>{row.label}</b>
                  <div>
                    {row.held ?? "（空）"} → <b>{row.proposed}</b>
                  </div>
                </>
              ),
            },
            { key: "reason", title: "理由", render: (row) => row.reason },
            {
              key: "evidence",
              title: "证明材料",
              width: 100,
              render: (row) =>
                row.evidence ? (
                  <DownloadButton
                    size="small"
                    start={() => download(downloadEvidence, { correctionId: row.correctionId })}
                  >
                    下载
                  </DownloadButton>
                ) : (
                  <span className="caption">未附</span>
                ),
            },
            {
              key: "asked",
              title: "提出",
              width: 150,
              render: (row) => (
                <>
                  <MomentText value={row.askedAt} />
                  <div className="caption">{row.askedBy}</div>
                </>
              ),
            },
            {
              key: "state",
              title: "状态",
              width: 130,
              render: (row) =>
                row.state === "waiting" ? (
                  <DueText due={row.dueOn} />
                ) : (
                  <>
                    <StatusTag tone={tones[row.state]}>{correctionStateLabels[row.state]}</StatusTag>
                    <div className="caption">{[row.decidedBy, row.answer].filter(Boolean).join("：")}</div>
                  </>
                ),
            },
            {
              key: "acts",
              title: "操作",
              width: 140,
              render: (row) =>
                row.state === "waiting" ? (
                  <>
                    <Button size="small" type="primary" onClick={() => setChosen({ row, accept: true })}>
                      采纳
                    </Button>{" "}
                    <Button size="small" onClick={() => setChosen({ row, accept: false })}>
                      不采纳
                    </Button>
                  </>
                ) : (
                  <span className="caption">—</span>
                ),
            },
          ]}
          empty={{ title: "没有更正申请", hint: "群众在手机“我的”里提出的更正，会在这里等待答复。" }}
        />
      </Card>
      {chosen ? <Decide {...chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

function Decide({ row, accept, onClose }: { row: QueuedCorrection; accept: boolean; onClose: () => void }) {
  const toast = useToast();
  const refresh = useRefresh();
  const byHand = row.field === "other";
  const answer = async (words: string) => {
    const { raised } = await call(accept ? acceptCorrection : refuseCorrection, {
      correctionId: row.correctionId,
      answer: words,
    });
    toast.done(
      raised.length > 0
        ? `已采纳；${raised.join("、")}另有更权威的来源，已转为比对任务。`
        : accept
          ? "已采纳并答复。"
          : "已答复不采纳。",
    );
    await refresh([listCorrections]);
  };
  return (
    <AnswerDialog
      title={`${accept ? "采纳" : "不采纳"}：${row.personName} ${row.label}`}
      changes={
        accept && !byHand
          ? [{ count: 1, unit: "项", what: `${row.label}改为“${row.proposed}”，来源记为经办录入` }]
          : [{ count: 1, unit: "件", what: accept ? "申请办结；登记库须另行手工修改" : "申请办结，登记库不变" }]
      }
      undo={accept ? "改错了可在一人一档中再改，历史都保留。" : "本人可以补充材料后重新申请。"}
      confirm={accept ? "采纳 1 件" : "不采纳 1 件"}
      reader="申请人"
      onAnswer={answer}
      onClose={onClose}
    />
  );
}
