import { Tabs } from "antd";
import { useState } from "react";
import {
  Card,
  call,
  DueText,
  Link,
  MomentText,
  OwnerActs,
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
  listColleagues,
  listComparisonVillages,
  ownComparisons,
  entityLabels,
  listComparisons,
  registryPermissions,
  type ComparisonRow,
} from "../contract.ts";
import { DecideButtons } from "./DecideButtons.tsx";
import { OneLine } from "./OneLine.tsx";

const filters: readonly Filter[] = [
  { kind: "region", name: "region", label: "户籍地" },
  {
    kind: "choice",
    name: "owner",
    label: "经办",
    options: [
      { value: "mine", label: "我的任务" },
      { value: "nobody", label: "无人认领" },
    ],
  },
  { kind: "choice", name: "overdue", label: "时限", options: [{ value: "true", label: "只看逾期" }] },
];
/** Beside the states of tasks: the open ones counted by village. */
const VILLAGES = "villages";

/** Two sources disagree and nobody may decide silently: an officer keeps the one or adopts the other, and says why. */
export default function ComparisonsPage() {
  const [{ state, field }, setAddress] = useAddress({ state: "open", field: "" });
  const [selected, setSelected] = useState<ReadonlyMap<string, ComparisonRow>>(new Map());
  const counts = useRoute(countComparisons, {});
  const [entity, name] = field.split(".") as [string, string | undefined];
  const open = state === "open";
  const mayDecide = useMay(registryPermissions.compare);
  const colleagues = useRoute(listColleagues, {}, { enabled: open && mayDecide });
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
        actions={
          counts.data ? (
            <span className="caption">
              我的 {counts.data.mine} 项，无人认领 {counts.data.unowned} 项
            </span>
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
          items={[
            ...comparisonStates.map((key) => ({
              key,
              label:
                key === "open" && counts.data
                  ? `${comparisonStateLabels[key]} ${counts.data.open}`
                  : comparisonStateLabels[key],
            })),
            { key: VILLAGES, label: "按村查看" },
          ]}
        />
        {state === VILLAGES ? <VillageTable /> : null}
        {state === VILLAGES ? null : (
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
            toolbar={
              open && mayDecide ? (
                <>
                  <OwnerActs
                    count={selected.size}
                    colleagues={colleagues.data ?? []}
                    own={(act, officerId) =>
                      call(ownComparisons, {
                        comparisonIds: [...selected.keys()],
                        act,
                        ...(officerId ? { officerId } : {}),
                      })
                    }
                    onDone={() => setSelected(new Map())}
                  />{" "}
                  <DecideButtons tasks={[...selected.values()]} onDone={() => setSelected(new Map())} />
                </>
              ) : null
            }
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
              {
                key: "owner",
                title: "经办",
                width: 110,
                render: (row) =>
                  row.ownerName === null ? (
                    <span className="caption">无人认领</span>
                  ) : (
                    <span title={row.ownerOffice ?? ""}>{row.ownerName}</span>
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
        )}
      </Card>
    </>
  );
}

/** Whose turn it is: open tasks by village, where it is late first. */
function VillageTable() {
  return (
    <ServerTable
      name="registry.comparison-villages"
      caption="各村待核对的比对任务"
      route={listComparisonVillages}
      rowKey={(row) => row.village.code}
      rowPath={(row) => `/comparisons?region=${row.village.code}`}
      columns={[
        { key: "village", title: "户籍村", fixed: true, render: (row) => row.village.name },
        { key: "open", title: "待核对", width: 90, align: "right", render: (row) => row.open },
        {
          key: "overdue",
          title: "逾期",
          width: 90,
          align: "right",
          render: (row) => (row.overdue > 0 ? <b className="tone-late">{row.overdue}</b> : 0),
        },
        { key: "unowned", title: "无人认领", width: 100, align: "right", render: (row) => row.unowned },
        {
          key: "due",
          title: "最近时限",
          width: 130,
          render: (row) => (row.nextDue ? <DueText due={row.nextDue} /> : null),
        },
      ]}
      empty={{ title: "没有待核对的比对任务", hint: "台账与登记库不一致且不能自动取值时，会在这里按村列出。" }}
    />
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
