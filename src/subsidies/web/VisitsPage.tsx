import { Button, Input, Select } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  DateText,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  listVisits,
  noteVisit,
  payeeAnswerLabels,
  payeeAnswers,
  type PayeeAnswer,
  type VisitRow,
} from "../contract.ts";
import css from "./subsidies.module.css";

/** 上门告知: people whom no message reaches, by village; what they say at the door goes to the office at once. */
export default function VisitsPage() {
  const [chosen, setChosen] = useState<VisitRow | null>(null);
  const columns: readonly Column<VisitRow>[] = [
    {
      key: "person",
      title: "人员",
      width: 190,
      fixed: true,
      render: (row) => (
        <>
          {row.personName}
          <span className={css["sub"]}>{row.identityMask}</span>
        </>
      ),
    },
    { key: "place", title: "村（社区）", width: 180, render: (row) => row.place },
    { key: "title", title: "可以领取", render: (row) => row.title },
    {
      key: "amount",
      title: "金额（元）",
      width: 110,
      align: "right",
      render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
    },
    { key: "since", title: "列入日期", width: 110, render: (row) => <DateText value={row.writtenOn} /> },
    {
      key: "act",
      title: "上门",
      width: 190,
      render: (row) =>
        row.state === "visit" ? (
          <Button size="small" type="primary" onClick={() => setChosen(row)}>
            登记上门
          </Button>
        ) : (
          <>
            <StatusTag tone={row.answer === "confirm" ? "done" : "plain"}>
              {row.answer ? payeeAnswerLabels[row.answer] : "已告知，还没有决定"}
            </StatusTag>
            <span className={css["sub"]}>{row.visitedByName}</span>
          </>
        ),
    },
  ];
  return (
    <>
      <PageHeader
        title="上门告知"
        crumbs={[{ label: "上门告知" }]}
        note="登记簿里没有电话的人，由村（社区）上门告诉他可以领什么，并代为登记本人的意思"
      />
      <Card>
        <ServerTable
          name="subsidies.visits"
          caption="待上门告知"
          route={listVisits}
          filters={[
            { kind: "region", name: "region", label: "户籍地" },
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: [
                { value: "visit", label: "待上门" },
                { value: "visited", label: "已上门" },
              ],
            },
          ]}
          rowKey={(row) => row.pushId}
          density="duty"
          columns={columns}
          empty={{ title: "没有要上门的", hint: "有电话的人由系统发消息，没有电话的才列在这里。" }}
        />
      </Card>
      {chosen ? <VisitDialog row={chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

const UNDECIDED = "undecided";

function VisitDialog({ row, onClose }: { readonly row: VisitRow; readonly onClose: () => void }) {
  const [answer, setAnswer] = useState<PayeeAnswer | typeof UNDECIDED>("confirm");
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <ConfirmAct
      open
      title={`登记上门：${row.personName}`}
      changes={[
        {
          count: 1,
          unit: "件",
          what:
            answer === "confirm" ? `${row.title}，本人确认，转县里受理` : `${row.title}，记下本人的意思，由县里处理`,
        },
      ]}
      undo="登记后不能改；有变化请联系县里经办人员。"
      confirm="登记"
      lacks={[note.trim().length < 2 && "上门情况"]}
      onClose={onClose}
      onConfirm={async () => {
        await call(noteVisit, {
          pushId: row.pushId,
          answer: answer === UNDECIDED ? null : answer,
          note: note.trim(),
        });
        toast.done("已登记上门。");
        await refresh([listVisits]);
      }}
    >
      <Select
        className={css["field"] ?? ""}
        aria-label="本人的意思"
        style={{ width: "100%" }}
        value={answer}
        onChange={setAnswer}
        options={[
          ...payeeAnswers.map((value) => ({ value, label: payeeAnswerLabels[value] })),
          { value: UNDECIDED, label: "已告知，还没有决定" },
        ]}
      />
      <Input.TextArea
        className={css["field"] ?? ""}
        aria-label="上门情况"
        placeholder="上门情况：何时见到本人、怎样核对身份，如：6 月 18 日在家中，核对身份证"
        maxLength={200}
        autoSize={{ minRows: 2, maxRows: 5 }}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </ConfirmAct>
  );
}
