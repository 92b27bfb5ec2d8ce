import { useState } from "react";
import { Button } from "antd";
import {
  Card,
  DateText,
  DueText,
  FigureStrip,
  May,
  PageHeader,
  ServerTable,
  StatusTag,
  TaskProgress,
  useAct,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import {
  actsOn,
  countFindings,
  decisionLabels,
  exportFindings,
  findingOutcomeLabels,
  findingOutcomes,
  findingStateLabels,
  findingStates,
  getRunState,
  listFindings,
  oversightPermissions,
  runChecksNow,
  severities,
  severityLabels,
  type FindingRow,
} from "../contract.ts";
import { GiveButtons } from "./GiveButtons.tsx";
import { outcomeTones, severityTones, stateTones, subjectOf } from "./words.ts";
import css from "./oversight.module.css";

/** 疑点核查: what the checks found in the officer's area, who looks into it and by when. */
export default function FindingsPage() {
  const [{ region }] = useAddress({ region: "" });
  const counts = useRoute(countFindings, region ? { region } : {}, { keep: true });
  const [selected, setSelected] = useState<ReadonlyMap<string, FindingRow>>(new Map());
  const run = useAct(runChecksNow, { refreshes: [] });
  const refresh = useRefresh();
  const mayAssign = useMay(oversightPermissions.assign);
  const mayExport = useMay(oversightPermissions.export);
  const data = counts.data;
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "check",
      label: "规则",
      width: 210,
      options: (data?.checks ?? []).map(({ rulePath, title, open }) => ({
        value: rulePath,
        label: `${title} ${open}`,
      })),
    },
    {
      kind: "choice",
      name: "severity",
      label: "程度",
      options: severities.map((value) => ({ value, label: severityLabels[value] })),
    },
    {
      kind: "choice",
      name: "outcome",
      label: "性质",
      options: findingOutcomes.map((value) => ({ value, label: findingOutcomeLabels[value] })),
    },
    { kind: "region", name: "region", label: "地区" },
    {
      kind: "choice",
      name: "owner",
      label: "承办",
      options: [
        { value: "mine", label: "我承办的" },
        { value: "nobody", label: "没有承办人" },
      ],
    },
    { kind: "choice", name: "overdue", label: "期限", options: [{ value: "true", label: "只看逾期" }] },
    {
      kind: "choice",
      name: "state",
      label: "状态",
      options: findingStates.map((value) => ({ value, label: findingStateLabels[value] })),
    },
  ];
  return (
    <>
      <PageHeader
        title="疑点核查"
        crumbs={[{ label: "疑点核查" }]}
        note="按文件条文自动核查，每晚一次，台账应用后随即核查涉及的人员；疑似不等于违规，由人听取意见后认定"
        tags={
          data && data.overdue > 0 ? (
            <StatusTag tone="late">逾期 {data.overdue} 件</StatusTag>
          ) : data ? (
            <StatusTag tone="done">没有逾期</StatusTag>
          ) : null
        }
        actions={
          <May permission={oversightPermissions.run}>
            <Button loading={run.isPending} disabled={run.data !== undefined} onClick={() => run.mutate({})}>
              立即核查
            </Button>
          </May>
        }
      />
      <div className={css["stack"]}>
        {run.data ? (
          <Card>
            <TaskProgress
              taskId={run.data.taskId}
              route={getRunState}
              onEnd={() => {
                run.reset();
                void refresh([countFindings, listFindings]);
              }}
            />
          </Card>
        ) : null}
        {data ? (
          <Card>
            <FigureStrip
              label="疑点数量"
              figures={[
                {
                  key: "found",
                  label: "待分派",
                  value: data.byState.found,
                  unit: "件",
                  tone: data.byState.found > 0 ? "soon" : "plain",
                  path: "/findings?state=found",
                },
                { key: "mine", label: "我承办的", value: data.mine, unit: "件", path: "/findings?owner=mine" },
                {
                  key: "severe",
                  label: "严重",
                  value: data.severe,
                  unit: "件",
                  note: "未办结",
                  path: "/findings?severity=H",
                },
                {
                  key: "overdue",
                  label: "逾期",
                  value: data.overdue,
                  unit: "件",
                  tone: data.overdue > 0 ? "late" : "plain",
                  path: "/findings?overdue=true",
                },
                {
                  key: "closed",
                  label: "已办结",
                  value: data.byState.closed,
                  unit: "件",
                  tone: "done",
                  path: "/findings?state=closed",
                },
              ]}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="oversight.findings"
            caption="疑点清单"
            route={listFindings}
            filters={filters}
            rowKey={(row) => row.findingId}
            rowPath={(row) => `/findings/${row.findingId}`}
            density="duty"
            tone={(row) => (row.overdue ? "late" : undefined)}
            {...(mayExport ? { exportRoute: exportFindings, exportWith: { purpose: true } } : {})}
            {...(mayAssign
              ? {
                  selection: {
                    selected,
                    onChange: setSelected,
                    label: (row: FindingRow) => `选择${subjectOf(row)}的${row.title}`,
                    disabled: (row: FindingRow) => !actsOn({ state: row.state, hear: [] }).includes("assign"),
                  },
                  toolbar: <GiveButtons findings={[...selected.values()]} onDone={() => setSelected(new Map())} />,
                }
              : {})}
            columns={columns}
            empty={{
              title: "没有疑点",
              hint: "核查规则每晚对就业、岗位、补贴等记录核查一次，查出的疑点列在这里。",
            }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<FindingRow>[] = [
  { key: "title", title: "疑点", width: 216, fixed: true, render: (row) => row.title },
  {
    key: "severity",
    title: "程度",
    width: 74,
    render: (row) => <StatusTag tone={severityTones[row.severity]}>{severityLabels[row.severity]}</StatusTag>,
  },
  {
    key: "outcome",
    title: "性质",
    width: 66,
    render: (row) => <StatusTag tone={outcomeTones[row.outcome]}>{findingOutcomeLabels[row.outcome]}</StatusTag>,
  },
  {
    key: "subject",
    title: "对象",
    width: 128,
    render: (row) => (
      <>
        {subjectOf(row)}
        {row.personName ? <span className={css["sub"]}>{row.place.name}</span> : null}
      </>
    ),
  },
  { key: "message", title: "情况", render: (row) => <span className={css["message"]}>{row.message}</span> },
  {
    key: "state",
    title: "状态",
    width: 104,
    render: (row) => (
      <StatusTag tone={stateTones[row.state]}>
        {row.state === "closed" && !row.decision ? "自动消除" : findingStateLabels[row.state]}
      </StatusTag>
    ),
  },
  {
    key: "decision",
    title: "认定",
    width: 86,
    hidden: true,
    render: (row) => (row.decision ? decisionLabels[row.decision] : ""),
  },
  {
    key: "owner",
    title: "承办",
    width: 116,
    render: (row) => (
      <>
        {row.officerName ?? <span className="secondary">未分派</span>}
        <span className={css["sub"]}>{row.officeName}</span>
      </>
    ),
  },
  {
    key: "due",
    title: "期限",
    width: 92,
    render: (row) =>
      row.state === "closed" || row.state === "decided" ? <DateText value={row.dueOn} /> : <DueText due={row.dueOn} />,
  },
  { key: "found", title: "查出", width: 96, hidden: true, render: (row) => <DateText value={row.foundOn} /> },
];
