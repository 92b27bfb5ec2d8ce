import { Button } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  download,
  DownloadButton,
  Link,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
} from "../../ui/index.ts";
import { decideRepresentative, downloadLicence, listRepresentatives, memberStateLabels } from "../contract.ts";
import { AnswerDialog } from "./AnswerDialog.tsx";
import { Tabs } from "./Tabs.tsx";

interface Chosen {
  readonly memberId: string;
  readonly name: string;
  readonly employerName: string;
  readonly approve: boolean;
}

/** 企业账号申请: a citizen says that he is the legal representative; an officer compares with the licence. */
export default function RepresentativesPage() {
  const toast = useToast();
  const refresh = useRefresh();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  return (
    <>
      <PageHeader
        title="企业账号申请"
        crumbs={[{ label: "更正申请" }, { label: "企业账号申请" }]}
        note="核对营业执照、信用代码与申请人姓名一致后开通；工作人员由法定代表人邀请"
      />
      <Card>
        <Tabs current="/corrections/enterprises" />
        <ServerTable
          name="citizens.representatives"
          caption="企业账号申请"
          route={listRepresentatives}
          rowKey={(row) => row.memberId}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: (["asked", "active", "refused", "ended"] as const).map((value) => ({
                value,
                label: memberStateLabels[value],
              })),
            },
          ]}
          columns={[
            {
              key: "employer",
              title: "企业",
              fixed: true,
              render: (row) => <Link to={`/employers/${row.employerId}`}>{row.employerName}</Link>,
            },
            { key: "code", title: "信用代码", render: (row) => row.creditCode ?? "" },
            { key: "region", title: "所在地", render: (row) => row.regionName },
            {
              key: "who",
              title: "申请人（实名）",
              render: (row) => (
                <>
                  {row.name}　<span className="caption">{row.phoneMask}</span>
                </>
              ),
            },
            {
              key: "licence",
              title: "营业执照",
              render: (row) =>
                row.evidence ? (
                  <DownloadButton size="small" start={() => download(downloadLicence, { memberId: row.memberId })}>
                    下载
                  </DownloadButton>
                ) : null,
            },
            { key: "asked", title: "提出", render: (row) => <MomentText value={row.askedAt} /> },
            {
              key: "state",
              title: "状态",
              render: (row) => (
                <>
                  <StatusTag tone={row.state === "asked" ? "soon" : row.state === "active" ? "done" : "plain"}>
                    {memberStateLabels[row.state]}
                  </StatusTag>
                  {row.decidedBy ? <div className="caption">{[row.decidedBy, row.answer].join("：")}</div> : null}
                </>
              ),
            },
            {
              key: "acts",
              title: "操作",
              width: 150,
              render: (row) =>
                row.state === "asked" ? (
                  <>
                    <Button size="small" type="primary" onClick={() => setChosen({ ...row, approve: true })}>
                      开通
                    </Button>{" "}
                    <Button size="small" onClick={() => setChosen({ ...row, approve: false })}>
                      不开通
                    </Button>
                  </>
                ) : (
                  <span className="caption">—</span>
                ),
            },
          ]}
          empty={{ title: "没有企业账号申请", hint: "法定代表人在手机“我的 · 企业”里提出后，会在这里等待审核。" }}
        />
      </Card>
      {chosen ? (
        <AnswerDialog
          title={`${chosen.approve ? "开通" : "不开通"}：${chosen.employerName}`}
          changes={[
            {
              count: 1,
              unit: "个",
              what: chosen.approve ? `${chosen.name}以法定代表人身份办理，并可邀请工作人员` : "申请办结，不开通账号",
            },
          ]}
          undo={chosen.approve ? "开通前请核对证照原件。" : "本人可以补充材料后重新申请。"}
          confirm={chosen.approve ? "开通 1 个企业账号" : "不开通"}
          reader="申请人"
          onAnswer={async (answer) => {
            await call(decideRepresentative, { memberId: chosen.memberId, approve: chosen.approve, answer });
            toast.done(chosen.approve ? "已开通。" : "已答复。");
            await refresh([listRepresentatives]);
          }}
          onClose={() => setChosen(null)}
        />
      ) : null}
    </>
  );
}
