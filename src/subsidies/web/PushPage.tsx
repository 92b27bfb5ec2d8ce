import { Alert, Button, Tabs } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DateText,
  EmptyState,
  FigureStrip,
  Link,
  MoneyText,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  TaskProgress,
  useAct,
  useAddress,
  useRefresh,
  useRoute,
  useSession,
  type Column,
} from "../../ui/index.ts";
import {
  answerWayLabels,
  getSubsidyTask,
  listPushes,
  payeeAnswerLabels,
  pushChannelLabels,
  pushFigures,
  pushStateLabels,
  pushStates,
  sendPushes,
  type PushFigures,
  type PushRow,
} from "../contract.ts";
import { OfficeButton } from "./OfficeButton.tsx";
import { pushTones } from "./words.ts";
import css from "./subsidies.module.css";

const share = (part: number, whole: number): string => (whole > 0 ? `${Math.round((part * 100) / whole)}%` : "—");

/** 消息推送: what was told to whom, and what came of it. */
export default function PushPage() {
  const query = useRoute(pushFigures, {});
  const refresh = useRefresh();
  const send = useAct(sendPushes);
  const [asking, setAsking] = useState(false);
  const [{ view }, setAddress] = useAddress({ view: "figures" });
  const { region } = useSession();
  return (
    <Answer query={query} lines={8}>
      {({ all, rows, proposed, unwanted, stopped }) => (
        <>
          <PageHeader
            title="消息推送"
            crumbs={[{ label: "消息推送" }]}
            note="把可以领取的补贴告诉本人，由本人点链接确认；号码和链接不在这里显示"
            actions={
              <span className={css["acts"]}>
                {region.code.length === 6 ? <OfficeButton /> : null}
                <Button
                  type="primary"
                  loading={send.isPending}
                  disabled={stopped !== null || send.data !== undefined || proposed === 0}
                  onClick={() => setAsking(true)}
                >
                  立即发送
                </Button>
                <ConfirmAct
                  open={asking}
                  title="立即发送"
                  changes={[
                    {
                      count: proposed - unwanted,
                      unit: "件",
                      what: "待本人确认的，该告知而还没有告知的各发一条消息；没有号码的转村（社区）上门",
                    },
                  ]}
                  undo="发出后不能收回；同一件不到间隔天数、到了最多次数的不发。"
                  confirm="立即发送"
                  onClose={() => setAsking(false)}
                  onConfirm={() => send.mutateAsync({})}
                />
              </span>
            }
          />
          <div className={css["stack"]}>
            {stopped ? <Alert type="warning" showIcon title={`现在不发消息：${stopped}`} /> : null}
            {send.data ? (
              <Card>
                <TaskProgress
                  taskId={send.data.taskId}
                  route={getSubsidyTask}
                  onEnd={() => {
                    send.reset();
                    void refresh([pushFigures, listPushes]);
                  }}
                />
              </Card>
            ) : null}
            <Card>
              <FigureStrip label="消息成效" figures={figuresOf(all, proposed, unwanted)} />
            </Card>
            <Card>
              <Tabs
                activeKey={view}
                onChange={(key) => setAddress({ view: key })}
                tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
                items={[
                  { key: "figures", label: "按项目和县" },
                  { key: "outbox", label: "发件箱" },
                ]}
              />
              {view === "outbox" ? (
                <Outbox />
              ) : rows.length === 0 ? (
                <EmptyState
                  title="还没有发过消息"
                  hint="有待本人确认的补贴件时，系统每一刻钟发一次；要马上发，请点“立即发送”。"
                />
              ) : (
                <DataTable
                  caption="按项目和县的成效"
                  rows={rows}
                  rowKey={(row) => `${row.rule} ${row.county}`}
                  columns={byMeasure}
                />
              )}
            </Card>
          </div>
        </>
      )}
    </Answer>
  );
}

const figuresOf = (all: PushFigures, proposed: number, unwanted: number) => [
  {
    key: "proposed",
    label: "待本人确认",
    value: proposed,
    unit: "件",
    note: unwanted > 0 ? `个人的；${unwanted} 件本人不收消息` : "个人的，单位的另行联系",
    path: "/claims?state=proposed",
  },
  {
    key: "sent",
    label: "已发出",
    value: all.sent,
    unit: "条",
    note: all.unknown > 0 ? `另有 ${all.unknown} 条结果不明` : "",
  },
  {
    key: "failed",
    label: "发送失败",
    value: all.failed,
    unit: "条",
    note: "",
    tone: all.failed > 0 ? ("late" as const) : ("plain" as const),
  },
  { key: "visits", label: "没有号码", value: all.visits, unit: "件", note: "转村（社区）上门", path: "/visits" },
  { key: "opened", label: "已打开", value: all.opened, unit: "条", note: share(all.opened, all.sent) },
  {
    key: "confirmed",
    label: "已确认",
    value: all.confirmed,
    unit: "件",
    note: share(all.confirmed, all.written),
    tone: all.confirmed > 0 ? ("done" as const) : ("plain" as const),
  },
  {
    key: "days",
    label: "确认用时",
    value: all.medianDays ?? "—",
    unit: all.medianDays === null ? "" : "天",
    note: "一半不超过",
  },
];

type Row = PushFigures & { readonly title: string; readonly countyName: string };
const number = (key: string, title: string, of: (row: Row) => number | string): Column<Row> => ({
  key,
  title,
  width: 84,
  align: "right",
  render: of,
});
const byMeasure: readonly Column<Row>[] = [
  { key: "title", title: "补贴项目", fixed: true, render: (row) => row.title },
  { key: "county", title: "县（市、区）", width: 120, render: (row) => row.countyName },
  number("written", "告知", (row) => row.written),
  number("sent", "发出", (row) => row.sent),
  number("failed", "失败", (row) => row.failed),
  number("visits", "上门", (row) => row.visits),
  number("opened", "打开", (row) => row.opened),
  number("confirmed", "确认", (row) => row.confirmed),
  number("share", "确认率", (row) => share(row.confirmed, row.written)),
  number("days", "用时（天）", (row) => row.medianDays ?? "—"),
];

function Outbox() {
  return (
    <ServerTable
      name="subsidies.pushes"
      caption="补贴消息发件箱"
      route={listPushes}
      filters={[
        { kind: "choice", name: "pending", label: "答复", options: [{ value: "true", label: "只看待处理" }] },
        {
          kind: "choice",
          name: "state",
          label: "状态",
          options: pushStates.map((value) => ({ value, label: pushStateLabels[value] })),
        },
        { kind: "region", name: "region", label: "地区" },
      ]}
      rowKey={(row) => row.pushId}
      density="duty"
      tone={(row) => (row.pending ? "late" : undefined)}
      columns={outbox}
      empty={{ title: "还没有消息", hint: "有待本人确认的补贴件时才有消息。" }}
    />
  );
}

const outbox: readonly Column<PushRow>[] = [
  {
    key: "payee",
    title: "收款人",
    width: 150,
    fixed: true,
    render: (row) => (
      <>
        {row.payeeName}
        <span className={css["sub"]}>{row.channel === "visit" ? "没有号码" : row.phoneMask}</span>
      </>
    ),
  },
  {
    key: "claim",
    title: "补贴件",
    render: (row) => (
      <>
        <Link to={`/claims/${row.claimId}`}>{row.title}</Link>
        <span className={css["sub"]}>
          {row.claimNumber}　第 {row.round} 次告知
        </span>
      </>
    ),
  },
  {
    key: "amount",
    title: "金额（元）",
    width: 110,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "state",
    title: "消息",
    width: 170,
    render: (row) => (
      <>
        <StatusTag tone={pushTones[row.state]}>{pushStateLabels[row.state]}</StatusTag>
        <span className={css["sub"]}>
          {row.problem ?? (row.sentAt ? <MomentText value={row.sentAt} /> : pushChannelLabels[row.channel])}
        </span>
      </>
    ),
  },
  {
    key: "opened",
    title: "打开",
    width: 130,
    render: (row) => (row.openedAt ? <MomentText value={row.openedAt} /> : <span className="caption">还没有</span>),
  },
  {
    key: "answer",
    title: "本人答复",
    width: 170,
    render: (row) =>
      row.answer ? (
        <>
          <StatusTag tone={row.answer === "confirm" ? "done" : row.pending ? "soon" : "outline"}>
            {payeeAnswerLabels[row.answer]}
          </StatusTag>
          <span className={css["sub"]}>
            {row.answeredBy ? answerWayLabels[row.answeredBy] : ""} <DateText value={row.answeredOn ?? ""} />
          </span>
        </>
      ) : (
        <span className="caption">
          等到 <DateText value={row.expiresOn} />
        </span>
      ),
  },
];
