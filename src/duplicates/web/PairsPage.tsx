import { listColleagues, registryPermissions } from "#registry/contract";
import { Button, Input, Tabs } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  DueText,
  FigureStrip,
  Link,
  MomentText,
  OwnerActs,
  PageHeader,
  ServerTable,
  useAct,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  useToast,
  type Filter,
} from "../../ui/index.ts";
import {
  bandLabels,
  bands,
  countPairs,
  differPairs,
  duplicatesPermissions,
  listPairs,
  matchNow,
  ownPairs,
  pairKindLabels,
  pairKinds,
  pairStateLabels,
  pairStates,
  type PairRow,
} from "../contract.ts";
import { ContactWords, ScoreTag } from "./words.tsx";
import css from "./duplicates.module.css";

const filters: readonly Filter[] = [
  { kind: "region", name: "region", label: "户籍地" },
  { kind: "choice", name: "band", label: "判断", options: bands.map((value) => ({ value, label: bandLabels[value] })) },
  {
    kind: "choice",
    name: "kind",
    label: "类型",
    options: pairKinds.map((value) => ({ value, label: pairKindLabels[value] })),
  },
  {
    kind: "choice",
    name: "across",
    label: "范围",
    options: [
      { value: "false", label: "本县之内" },
      { value: "true", label: "跨县" },
    ],
  },
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
const NOTE_LEAST = 2;

/** Records that may be of one person: each pair is opened and judged; those that are clearly two may be settled in the list. */
export default function PairsPage() {
  const [{ state }, setAddress] = useAddress({ state: "open" });
  const [selected, setSelected] = useState<ReadonlyMap<string, PairRow>>(new Map());
  const counts = useRoute(countPairs, {});
  const mayJudge = useMay(duplicatesPermissions.merge);
  const mayOwn = useMay(registryPermissions.compare);
  const open = state === "open";
  const colleagues = useRoute(listColleagues, {}, { enabled: open && mayOwn });
  const clear = () => setSelected(new Map());
  return (
    <>
      <PageHeader
        title="重复档案"
        crumbs={[{ label: "重复档案" }]}
        note="同一人建了两份档案，或证件号码填串的，由人判断后合并"
        actions={
          <>
            <Link to="/duplicates/merges">档案合并记录</Link>　<MatchButton />
          </>
        }
      />
      {counts.data ? (
        <Card>
          <FigureStrip
            label="疑似重复"
            figures={[
              {
                key: "likely",
                label: "建议合并",
                value: counts.data.likely,
                unit: "对",
                path: "/duplicates?band=likely",
              },
              {
                key: "possible",
                label: "待人工判断",
                value: counts.data.possible,
                unit: "对",
                path: "/duplicates?band=possible",
              },
              { key: "across", label: "跨县", value: counts.data.across, unit: "对", path: "/duplicates?across=true" },
              { key: "mine", label: "我的任务", value: counts.data.mine, unit: "对", path: "/duplicates?owner=mine" },
              {
                key: "overdue",
                label: "逾期",
                value: counts.data.overdue,
                unit: "对",
                tone: counts.data.overdue > 0 ? "late" : "plain",
                path: "/duplicates?overdue=true",
              },
            ]}
          />
        </Card>
      ) : null}
      <Card>
        <Tabs
          activeKey={state}
          onChange={(key) => {
            clear();
            setAddress({ state: key });
          }}
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={pairStates.map((key) => ({ key, label: pairStateLabels[key] }))}
        />
        <ServerTable
          key={state}
          name="duplicates.pairs"
          caption={`疑似重复档案：${pairStateLabels[state as PairRow["state"]]}`}
          route={listPairs}
          input={{ state }}
          rowKey={(row) => row.pairId}
          filters={filters}
          density="duty"
          tone={(row) => (row.overdue ? "late" : undefined)}
          {...(open && mayOwn
            ? {
                selection: {
                  selected,
                  onChange: setSelected,
                  label: (row: PairRow) => `选择${row.sides.map(({ name }) => name).join("与")}`,
                },
              }
            : {})}
          toolbar={
            open && mayOwn ? (
              <>
                <OwnerActs
                  count={selected.size}
                  colleagues={colleagues.data ?? []}
                  own={(act, officerId) =>
                    call(ownPairs, { pairIds: [...selected.keys()], act, ...(officerId ? { officerId } : {}) })
                  }
                  onDone={clear}
                />{" "}
                {mayJudge ? <DifferButton pairIds={[...selected.keys()]} onDone={clear} /> : null}
              </>
            ) : null
          }
          columns={[
            {
              key: "persons",
              title: "人员",
              width: 250,
              fixed: true,
              render: (row) => (
                <Link to={`/duplicates/${row.pairId}`}>
                  {row.sides.map((side) => (
                    <span key={side.personId} className={css["line"]}>
                      {side.name}　<span className="caption">{side.identityMask}</span>
                    </span>
                  ))}
                </Link>
              ),
            },
            {
              key: "home",
              title: "户籍地",
              width: 170,
              render: (row) => (
                <>
                  {row.sides.map((side) => (
                    <span key={side.personId} className={css["line"]} title={side.home.fullName}>
                      {side.home.name}
                    </span>
                  ))}
                  {row.other ? <ContactWords contact={row.other} /> : null}
                </>
              ),
            },
            {
              key: "score",
              title: "分数",
              width: 150,
              render: (row) => <ScoreTag score={row.score} band={row.band} />,
            },
            {
              key: "reasons",
              title: "依据",
              render: (row) => row.reasons.map(({ label }) => label).join("；"),
            },
            {
              key: "owner",
              title: "经办",
              width: 100,
              render: (row) =>
                row.ownerName === null ? (
                  <span className="caption">无人认领</span>
                ) : (
                  <span title={row.ownerOffice ?? ""}>{row.ownerName}</span>
                ),
            },
            open
              ? { key: "due", title: "时限", width: 100, render: (row) => <DueText due={row.dueOn} /> }
              : { key: "decided", title: "办结", width: 150, render: (row) => <MomentText value={row.decidedAt} /> },
          ]}
          empty={
            open
              ? { title: "没有待判断的疑似重复档案", hint: "每批台账应用之后和每天夜里自动查重，疑似的会在这里列出。" }
              : { title: "还没有这样的档案" }
          }
        />
      </Card>
    </>
  );
}

function MatchButton() {
  const toast = useToast();
  const may = useMay(duplicatesPermissions.transfer);
  const act = useAct(matchNow, { onDone: () => toast.done("已开始全库查重，完成后列表自动更新。") });
  return may ? (
    <Button size="small" loading={act.isPending} onClick={() => act.mutate({})}>
      立即查重
    </Button>
  ) : null;
}

/** 不是同一人 for one or many. */
export function DifferButton({
  pairIds,
  onDone,
  size = "small",
}: {
  pairIds: readonly string[];
  onDone: () => void;
  /** In the bar of a list small, beside other acts of a page as they are. */
  size?: "small" | "middle";
}) {
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size={size} disabled={pairIds.length === 0} onClick={() => setAsking(true)}>
        不是同一人
      </Button>
      <ConfirmAct
        open={asking}
        title="认定不是同一人"
        changes={[{ count: pairIds.length, unit: "对", what: "办结，两份档案都不改动" }]}
        undo="档案内容不变时不再提示；任一份的姓名、证件、户籍、电话、账号变化后会重新比对。"
        confirm={`不是同一人 ${pairIds.length} 对`}
        disabled={note.trim().length < NOTE_LEAST}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { decided } = await call(differPairs, { pairIds: [...pairIds], note: note.trim() });
          toast.done(`已办结 ${decided} 对。`);
          onDone();
          await refresh();
        }}
      >
        <Input
          aria-label="判断依据"
          placeholder="判断依据，如：同名同村的两人，身份证均已核对"
          maxLength={200}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}
