import { Button } from "antd";
import { useState } from "react";
import {
  Card,
  DueText,
  FigureStrip,
  May,
  MoneyText,
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
  claimStateLabels,
  claimStates,
  claimWayLabels,
  countClaims,
  exportClaims,
  gatherClaims,
  getSubsidyTask,
  listClaims,
  subsidiesPermissions,
  type ClaimRow,
  type ClaimState,
} from "../contract.ts";
import { StepButtons } from "./StepButtons.tsx";
import { claimTones } from "./words.ts";
import css from "./subsidies.module.css";

/** States of the strip above the list, in the order of the work: together they are what the list shows at first. */
const STRIP: readonly ClaimState[] = [
  "proposed",
  "submitted",
  "accepted",
  "correction",
  "checked",
  "escalated",
  "approved",
  "published",
  "cleared",
  "paying",
  "paid",
];
/** Through which few claims go: they stand in the strip while something is there. */
const SELDOM = new Set<ClaimState>(["correction", "escalated", "paying"]);

/** 补贴办理: everything on its way from what screening found to what is paid, by desk and by what is due first. */
export default function ClaimsPage() {
  const [{ region }] = useAddress({ region: "" });
  const counts = useRoute(countClaims, region ? { region } : {}, { keep: true });
  const [selected, setSelected] = useState<ReadonlyMap<string, ClaimRow>>(new Map());
  const gather = useAct(gatherClaims, { refreshes: [] });
  const refresh = useRefresh();
  const mayExport = useMay(subsidiesPermissions.export);
  const byState = new Map(counts.data?.byState.map((one) => [one.state, one]));
  const overdue = counts.data?.byState.reduce((sum, one) => sum + one.overdue, 0) ?? 0;
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "rule",
      label: "项目",
      width: 220,
      options: (counts.data?.rules ?? []).map(({ rule, title, claims }) => ({
        value: rule,
        label: `${title} ${claims}`,
      })),
    },
    {
      kind: "choice",
      name: "fund",
      label: "资金",
      width: 170,
      options: (counts.data?.funds ?? []).map((value) => ({ value, label: value })),
    },
    { kind: "region", name: "region", label: "地区" },
    { kind: "text", name: "search", label: "收款人或编号" },
    { kind: "choice", name: "overdue", label: "期限", options: [{ value: "true", label: "只看逾期" }] },
    {
      kind: "choice",
      name: "state",
      label: "状态",
      options: claimStates.map((value) => ({ value, label: claimStateLabels[value] })),
    },
  ];
  return (
    <>
      <PageHeader
        title="补贴办理"
        crumbs={[{ label: "补贴办理" }]}
        note="筛查符合的每晚自动生成补贴件，同一收款人、同一项目合为一件；部门已核的事实不再要求提供"
        tags={
          counts.data ? (
            overdue > 0 ? (
              <StatusTag tone="late">逾期 {overdue} 件</StatusTag>
            ) : (
              <StatusTag tone="done">没有逾期</StatusTag>
            )
          ) : null
        }
        actions={
          <May permission={subsidiesPermissions.handle}>
            <Button loading={gather.isPending} disabled={gather.data !== undefined} onClick={() => gather.mutate({})}>
              由筛查结果生成
            </Button>
          </May>
        }
      />
      <div className={css["stack"]}>
        {gather.data ? (
          <Card>
            <TaskProgress
              taskId={gather.data.taskId}
              route={getSubsidyTask}
              onEnd={() => {
                gather.reset();
                void refresh([countClaims, listClaims]);
              }}
            />
          </Card>
        ) : null}
        {counts.data ? (
          <Card>
            <FigureStrip
              label="各环节补贴件"
              figures={STRIP.filter((state) => !SELDOM.has(state) || byState.has(state)).map((state) => {
                const own = byState.get(state);
                return {
                  key: state,
                  label: claimStateLabels[state],
                  value: own?.claims ?? 0,
                  unit: "件",
                  note: state === "paid" ? "等办结" : own ? <MoneyText fen={own.amountFen} /> : undefined,
                  tone: own && own.overdue > 0 ? "late" : "plain",
                  path: `/claims?state=${state}`,
                };
              })}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="subsidies.claims"
            caption="补贴件"
            route={listClaims}
            filters={filters}
            rowKey={(row) => row.claimId}
            rowPath={(row) => `/claims/${row.claimId}`}
            density="duty"
            tone={(row) => (row.overdue ? "late" : undefined)}
            {...(mayExport ? { exportRoute: exportClaims, exportWith: { purpose: true } } : {})}
            selection={{
              selected,
              onChange: setSelected,
              label: (row: ClaimRow) => `选择${row.payeeName}的${row.title}`,
            }}
            toolbar={<StepButtons claims={[...selected.values()]} onDone={() => setSelected(new Map())} />}
            columns={columns}
            empty={{
              title: "没有在办的补贴件",
              hint: "筛查符合的每晚生成；要马上生成，请点右上角“由筛查结果生成”。",
            }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<ClaimRow>[] = [
  {
    key: "payee",
    title: "收款人",
    width: 190,
    fixed: true,
    render: (row) => (
      <>
        {row.payeeName}
        <span className={css["sub"]}>{row.number}</span>
      </>
    ),
  },
  { key: "title", title: "补贴项目", render: (row) => row.title },
  {
    key: "amount",
    title: "金额（元）",
    width: 120,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "items",
    title: "项数",
    width: 90,
    render: (row) => (
      <>
        {row.items} 项{row.persons > 1 ? <span className={css["sub"]}>{row.persons} 人</span> : null}
      </>
    ),
  },
  {
    key: "state",
    title: "环节",
    width: 112,
    render: (row) => (
      <>
        <StatusTag tone={claimTones[row.state]}>{claimStateLabels[row.state]}</StatusTag>
        {row.state === "paid" ? <span className={css["sub"]}>等财政办结</span> : null}
      </>
    ),
  },
  { key: "due", title: "应办", width: 100, render: (row) => (row.dueOn ? <DueText due={row.dueOn} /> : "") },
  {
    key: "fund",
    title: "资金渠道",
    width: 150,
    render: (row) => row.fund || <span className="caption">文件没有写明</span>,
  },
  { key: "way", title: "方式", width: 84, hidden: true, render: (row) => claimWayLabels[row.way] },
  { key: "place", title: "地区", width: 96, hidden: true, render: (row) => row.place.name },
];
