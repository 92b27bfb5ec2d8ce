import { Button } from "antd";
import { useEffect, useRef } from "react";
import {
  Answer,
  Card,
  CountText,
  DataTable,
  DateText,
  EmptyState,
  Link,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  TaskProgress,
  useAct,
  useAddress,
  useMayOpen,
  useRefresh,
  useRoute,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import { exportFormats, type OutputOf } from "../../platform/contract.ts";
import {
  exportResults,
  getRuleTask,
  listResults,
  outcomeLabels,
  outcomes,
  policyPermissions,
  ruleClassLabels,
  screenNow,
  summariseResults,
  type OutcomeName,
  type ResultRow,
} from "../contract.ts";
import { moneyWords, outcomeTones } from "./words.ts";
import css from "./layout.module.css";

type Summary = OutputOf<typeof summariseResults>["rows"][number];

const WHILE_SCREENING_MS = 3_000;

/** 筛查结果: how every rule came out in the officer's area, and the rows that somebody has to act on. */
export default function ResultsPage() {
  const [{ region, versionId }] = useAddress({ region: "", versionId: "" });
  const summary = useRoute(summariseResults, region ? { region } : {}, {
    keep: true,
    every: (answer) => (answer?.screening ? WHILE_SCREENING_MS : false),
  });
  const refresh = useRefresh();
  const isScreening = summary.data?.screening ?? false;
  const wasScreening = useRef(false);
  useEffect(() => {
    if (wasScreening.current && !isScreening) void refresh([listResults]);
    wasScreening.current = isScreening;
  }, [isScreening, refresh]);
  const screen = useAct(screenNow, { refreshes: [] });
  const rows = summary.data?.rows ?? [];
  const chosen = rows.find((row) => row.versionId === versionId);
  const list = useRef<HTMLDivElement>(null);
  // The list stands below some forty policies: who chooses one of them is led to it.
  const found = chosen !== undefined;
  useEffect(() => {
    if (found && versionId !== "") list.current?.scrollIntoView({ block: "start" });
  }, [found, versionId]);
  const filters: readonly Filter[] = [
    { kind: "region", name: "region", label: "地区" },
    {
      kind: "choice",
      name: "versionId",
      label: "政策",
      width: 240,
      options: rows.map((row) => ({ value: row.versionId, label: `${row.title}（${row.regionName}）` })),
    },
    {
      kind: "choice",
      name: "outcome",
      label: "结论",
      width: 130,
      // Refusals are counted and explained on the person's page; they are not kept row by row.
      options: outcomes
        .filter((outcome) => outcome !== "NOT_ELIGIBLE")
        .map((value) => ({ value, label: outcomeLabels[value] })),
    },
  ];
  return (
    <>
      <PageHeader
        title="筛查结果"
        crumbs={[{ label: "规则与调度" }, { label: "筛查结果" }]}
        note={isScreening ? "正在筛查，完成后自动更新" : "每晚全部筛查，台账应用后随即筛查涉及的人员"}
        actions={
          <May permission={policyPermissions.simulate}>
            <Button
              loading={screen.isPending}
              disabled={screen.data !== undefined}
              onClick={() => screen.mutate(chosen ? { versionId: chosen.versionId } : {})}
            >
              {chosen ? "重新筛查这一项" : "重新筛查"}
            </Button>
          </May>
        }
      />
      <div className={css["stack"]}>
        {screen.data ? (
          <Card>
            <TaskProgress
              taskId={screen.data.taskId}
              route={getRuleTask}
              onEnd={() => {
                screen.reset();
                void refresh([summariseResults, listResults]);
              }}
            />
          </Card>
        ) : null}
        <Card title="各项政策" note="记录数；一人可有几条记录">
          <Answer query={summary} lines={6}>
            {(answer) => (
              <DataTable
                caption="各项政策的筛查结果"
                density="short"
                columns={summaryColumns}
                rows={answer.rows}
                rowKey={(row) => row.versionId}
                rowPath={(row) => `/results?versionId=${row.versionId}${region ? `&region=${region}` : ""}`}
                tone={(row) => (row.versionId === versionId ? "chosen" : undefined)}
                stale={summary.isPlaceholderData}
                empty={
                  isScreening ? (
                    <EmptyState title="正在筛查" hint="首次筛查一般不到一分钟，完成后自动显示。" />
                  ) : (
                    <EmptyState
                      title="辖区内还没有筛查结果"
                      hint="各类记录（就业、培训、岗位、创业……）登记后，每晚自动筛查。"
                    />
                  )
                }
              />
            )}
          </Answer>
        </Card>
        <div ref={list} className={css["led"]}>
          <Card title="待办名单" note="符合、待核实等需要有人办理的记录；不符合的只计数，在个人页面可看原因">
            <ServerTable
              name="policy.results"
              caption="筛查结果名单"
              route={listResults}
              exportRoute={exportResults}
              exportWith={{ purpose: true, columns: true, formats: exportFormats }}
              filters={filters}
              rowKey={(row) => `${row.versionId} ${row.rowKey}`}
              columns={columns}
              empty={{ title: isScreening ? "正在筛查" : "没有需要办理的记录" }}
              {...(chosen && !chosen.listed ? { nothingFound: <OnlyCounted row={chosen} /> } : {})}
            />
          </Card>
        </div>
      </div>
    </>
  );
}

/** Of what pays nothing there is no list: an empty one would contradict the counts above it. */
function OnlyCounted({ row }: { row: Summary }) {
  return (
    <EmptyState
      title={`“${row.title}”不发放资金，只计数，不列名单`}
      hint="每个人的结论和理由在一人一档的“政策待遇”里；各县的记录数在规则页。"
      action={<Link to={`/rules/${row.versionId}`}>看规则和各县结果</Link>}
    />
  );
}

const counted = (key: string, title: string, of: readonly OutcomeName[]): Column<Summary> => ({
  key,
  title,
  align: "right",
  width: 82,
  render: ({ counts }) => (
    <CountText value={counts.filter(({ outcome }) => of.includes(outcome)).reduce((sum, { rows }) => sum + rows, 0)} />
  ),
});

const summaryColumns: readonly Column<Summary>[] = [
  { key: "title", title: "政策", fixed: true, render: (row) => row.title },
  { key: "region", title: "地区", width: 90, render: (row) => row.regionName },
  { key: "class", title: "类别", width: 120, render: (row) => ruleClassLabels[row.class] },
  counted("eligible", "符合", ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARTLY_ELIGIBLE"]),
  {
    key: "amount",
    title: "金额",
    align: "right",
    width: 116,
    render: ({ counts }) => {
      const fen = counts.reduce((sum, { amountFen }) => sum + amountFen, 0);
      return fen === 0 ? "—" : moneyWords(fen);
    },
  },
  counted("notYet", "未到期", ["NOT_YET"]),
  counted("parameter", "标准未定", ["PARAM_MISSING"]),
  counted("unknown", "待核实", ["UNKNOWN", "REVIEW"]),
  counted("refused", "不符合", ["NOT_ELIGIBLE"]),
  { key: "asOf", title: "筛查日", width: 96, render: (row) => <DateText value={row.asOf} /> },
];

const columns: readonly Column<ResultRow>[] = [
  { key: "name", title: "对象", width: 110, fixed: true, render: (row) => <Subject row={row} /> },
  { key: "identity", title: "证件号码", width: 164, render: (row) => row.identityMask ?? "" },
  { key: "region", title: "地区", width: 120, render: (row) => row.regionName },
  { key: "title", title: "政策", render: (row) => <RuleLink row={row} /> },
  {
    key: "outcome",
    title: "结论",
    width: 100,
    render: (row) => <StatusTag tone={outcomeTones[row.outcome]}>{outcomeLabels[row.outcome]}</StatusTag>,
  },
  {
    key: "amount",
    title: "金额",
    width: 96,
    align: "right",
    render: (row) => (row.outcome.startsWith("ELIGIBLE") ? <MoneyText fen={row.amountFen} unit={false} /> : "—"),
  },
  { key: "fund", title: "资金", width: 130, hidden: true, render: (row) => row.fund ?? "" },
  { key: "eventDate", title: "所属日期", width: 96, render: (row) => <DateText value={row.eventDate} /> },
  { key: "why", title: "还差", width: 210, render: (row) => <Wanting row={row} /> },
];

function Subject({ row }: { row: ResultRow }) {
  const mayOpen = useMayOpen();
  if (row.personId === null) return <span className="secondary">（非个人）</span>;
  // A person of another place is no page of this officer's.
  const own = row.identityMask !== null && mayOpen(`/persons/${row.personId}`);
  return own ? <Link to={`/persons/${row.personId}`}>{row.name}</Link> : row.name;
}

const RuleLink = ({ row }: { row: ResultRow }) => <Link to={`/rules/${row.versionId}`}>{row.title}</Link>;

function Wanting({ row }: { row: ResultRow }) {
  if (row.notYet)
    return (
      <span className="tone-soon">
        <DateText value={row.notYet} /> 起
      </span>
    );
  const words = row.missing.length > 0 ? `缺 ${row.missing.join("、")}` : row.unknown.join("、");
  return <span className="caption">{words}</span>;
}
