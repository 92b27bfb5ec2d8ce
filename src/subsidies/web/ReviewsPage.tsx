import { Button, Input } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  DateText,
  DueText,
  Link,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  claimStateLabels,
  decideReview,
  listReviews,
  reviewKindLabels,
  reviewStateLabels,
  reviewStates,
  type QueuedReview,
} from "../contract.ts";
import { reviewTones } from "./words.ts";
import css from "./subsidies.module.css";

/** 复核申请: what payees hold to be wrong, answered by somebody else than who decided it. */
export default function ReviewsPage() {
  const [chosen, setChosen] = useState<{ readonly row: QueuedReview; readonly upheld: boolean } | null>(null);
  const columns: readonly Column<QueuedReview>[] = [
    {
      key: "payee",
      title: "申请人",
      width: 170,
      fixed: true,
      render: (row) => (
        <>
          {row.payeeName}
          <span className={css["sub"]}>{row.number}</span>
        </>
      ),
    },
    {
      key: "claim",
      title: "补贴件",
      width: 240,
      render: (row) => (
        <>
          <Link to={`/claims/${row.claimId}`}>{row.title}</Link>
          <span className={css["sub"]}>
            {row.claimNumber}　{claimStateLabels[row.claimState]}
          </span>
        </>
      ),
    },
    {
      key: "content",
      title: "申请",
      render: (row) => (
        <>
          <b>{reviewKindLabels[row.kind]}</b>
          <span className={css["sub"]}>{row.content}</span>
        </>
      ),
    },
    { key: "asked", title: "提出", width: 110, render: (row) => <DateText value={row.askedOn} /> },
    {
      key: "state",
      title: "答复",
      width: 210,
      render: (row) =>
        row.state === "open" ? (
          <DueText due={row.dueOn} />
        ) : (
          <>
            <StatusTag tone={reviewTones[row.state]}>{reviewStateLabels[row.state]}</StatusTag>
            <span className={css["sub"]}>{[row.decidedByName, row.answer].filter(Boolean).join("：")}</span>
          </>
        ),
    },
    {
      key: "acts",
      title: "操作",
      width: 160,
      render: (row) =>
        row.state !== "open" ? (
          <span className="caption">—</span>
        ) : row.own ? (
          <span className="caption">原决定是您作的，须另一人答复</span>
        ) : (
          <span className={css["acts"]}>
            <Button size="small" type="primary" onClick={() => setChosen({ row, upheld: true })}>
              采纳
            </Button>
            <Button size="small" onClick={() => setChosen({ row, upheld: false })}>
              不采纳
            </Button>
          </span>
        ),
    },
  ];
  return (
    <>
      <PageHeader
        title="复核申请"
        crumbs={[{ label: "复核申请" }]}
        note="本人或单位认为决定、金额、信息有误的，由原决定人以外的人答复；采纳的退回重新审查"
      />
      <Card>
        <ServerTable
          name="subsidies.reviews"
          caption="复核申请"
          route={listReviews}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: reviewStates.map((value) => ({ value, label: reviewStateLabels[value] })),
            },
            { kind: "region", name: "region", label: "地区" },
          ]}
          rowKey={(row) => row.reviewId}
          tone={(row) => (row.late ? "late" : undefined)}
          columns={columns}
          empty={{ title: "没有复核申请", hint: "群众和单位在“我的补贴”里提出的，会在这里等待答复。" }}
        />
      </Card>
      {chosen ? <DecideDialog {...chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

function DecideDialog({
  row,
  upheld,
  onClose,
}: {
  readonly row: QueuedReview;
  readonly upheld: boolean;
  readonly onClose: () => void;
}) {
  const [answer, setAnswer] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <ConfirmAct
      open
      title={`${upheld ? "采纳" : "不采纳"}：${row.payeeName}`}
      changes={[
        {
          count: 1,
          unit: "件",
          what: upheld ? "还没有发放的退回重新审查，占用的资金释放；已发放的由重算处理" : "答复申请人，原决定不变",
        },
      ]}
      undo="答复后不能改，申请人马上看到；他可以再提出。"
      confirm={`${upheld ? "采纳" : "不采纳"} 1 件`}
      lacks={[answer.trim().length < 4 && "答复（至少 4 个字）"]}
      onClose={onClose}
      onConfirm={async () => {
        const { claimState } = await call(decideReview, { reviewId: row.reviewId, upheld, answer: answer.trim() });
        toast.done(`已答复。补贴件现在是“${claimStateLabels[claimState]}”。`);
        await refresh();
      }}
    >
      <p className={css["said"]}>{row.content}</p>
      <Input.TextArea
        className={css["field"] ?? ""}
        aria-label="答复"
        placeholder="答复申请人，至少 4 个字"
        maxLength={500}
        autoSize={{ minRows: 3, maxRows: 8 }}
        value={answer}
        onChange={(event) => setAnswer(event.target.value)}
      />
    </ConfirmAct>
  );
}
