import { Tabs } from "antd";
import { useState } from "react";
import {
  Card,
  DueText,
  Link,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useMay,
  useRoute,
  type Filter,
} from "../../ui/index.ts";
import {
  comparisonStateLabels,
  comparisonStates,
  countComparisons,
  entityLabels,
  listComparisons,
  registryPermissions,
  type ComparisonRow,
} from "../contract.ts";
import { DecideButtons } from "./DecideButtons.tsx";
import { OneLine } from "./OneLine.tsx";

const filters: readonly Filter[] = [
  { kind: "region", name: "region", label: "户籍地" },
  { kind: "choice", name: "overdue", label: "时限", options: [{ value: "true", label: "只看逾期" }] },
];

/** Two sources disagree and nobody may decide silently: an officer keeps the one or adopts the other, and says why. */
export default function ComparisonsPage() {
  const [{ state, field }, setAddress] = useAddress({ state: "open", field: "" });
  const [selected, setSelected] = useState<ReadonlyMap<string, ComparisonRow>>(new Map());
  const counts = useRoute(countComparisons, {});
  const [entity, name] = field.split(".") as [string, string | undefined];
  const open = state === "open";
  const mayDecide = useMay(registryPermissions.compare);
  return (
    <>
      <PageHeader
        title="比对任务"
        crumbs={[{ label: "比对任务" }]}
        note="两个来源说法不同、按权威顺序不能自动取值的，由人核对"
        tags={
          counts.data && counts.data.overdue > 0 ? (
            <StatusTag tone="late">逾期 {counts.data.overdue} 项</StatusTag>
          ) : counts.data ? (
            <StatusTag tone="done">没有逾期</StatusTag>
          ) : null
        }
      />
      <Card>
        <Tabs
          activeKey={state}
          onChange={(key) => {
            setSelected(new Map());
            setAddress({ state: key, field: "" });
          }}
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={comparisonStates.map((key) => ({
            key,
            label:
              key === "open" && counts.data
                ? `${comparisonStateLabels[key]} ${counts.data.open}`
                : comparisonStateLabels[key],
          }))}
        />
        <ServerTable
          key={state}
          name="registry.comparisons"
          caption={`比对任务：${comparisonStateLabels[state as ComparisonRow["state"]]}`}
          route={listComparisons}
          input={{ state, ...(name ? { entity, field: name } : {}) }}
          rowKey={(row) => row.comparisonId}
          filters={open ? filters : filters.slice(0, 1)}
          density="duty"
          tone={(row) => (row.overdue ? "late" : undefined)}
          {...(open && mayDecide
            ? {
                selection: {
                  selected,
                  onChange: setSelected,
                  label: (row: ComparisonRow) => `选择${row.personName}的${row.fieldLabel}`,
                },
              }
            : {})}
          toolbar={open ? <DecideButtons tasks={[...selected.values()]} onDone={() => setSelected(new Map())} /> : null}
          columns={[
            {
              key: "person",
              title: "人员",
              width: 190,
              fixed: true,
              render: (row) => (
                <>
                  <Link to={`/persons/${row.personId}`}>{row.personName}</Link>
                  {"　"}
                  <span className="caption">{row.identityMask}</span>
                </>
              ),
            },
            {
              key: "home",
              title: "户籍村",
              width: 130,
              render: (row) => <span title={row.home.fullName}>{row.home.name}</span>,
            },
            { key: "field", title: "字段", width: 210, render: (row) => <FieldWords row={row} /> },
            {
              key: "held",
              title: "登记库现值",
              render: (row) => <ValueWords value={row.held} source={row.heldSourceLabel} />,
            },
            {
              key: "claimed",
              title: "另一来源说",
              render: (row) => (
                <ValueWords value={row.claimed} source={row.claimedSourceLabel} batchId={row.batchId} strong />
              ),
            },
            open
              ? {
                  key: "due",
                  title: "时限",
                  width: 100,
                  render: (row) => (row.dueOn ? <DueText due={row.dueOn} /> : <span className="caption">未定</span>),
                }
              : { key: "decided", title: "办结", width: 150, render: (row) => <MomentText value={row.decidedAt} /> },
            ...(open ? [] : [{ key: "note", title: "依据", render: (row: ComparisonRow) => row.decisionNote ?? "" }]),
          ]}
          empty={
            open
              ? { title: "没有待核对的比对任务", hint: "台账与登记库不一致且不能自动取值时，会在这里列出。" }
              : { title: "还没有这样的任务" }
          }
        />
      </Card>
    </>
  );
}

function FieldWords({ row }: { row: ComparisonRow }) {
  return (
    <span title={entityLabels[row.entity]}>
      <b>{row.fieldLabel}</b>
      {row.about ? <OneLine text={row.about} /> : null}
    </span>
  );
}

function ValueWords({
  value,
  source,
  batchId,
  strong = false,
}: {
  value: string | null;
  source: string | null;
  batchId?: string | null;
  strong?: boolean;
}) {
  const words = value ?? "（空）";
  return (
    <>
      {strong ? <b>{words}</b> : words}
      {"　"}
      <span className="caption">{batchId ? <Link to={`/ledger/${batchId}`}>{source}</Link> : source}</span>
    </>
  );
}
