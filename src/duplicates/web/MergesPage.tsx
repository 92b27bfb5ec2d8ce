import { Button, Input } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  Link,
  May,
  MomentText,
  PageHeader,
  ServerTable,
  useRefresh,
  useToast,
  type Filter,
} from "../../ui/index.ts";
import {
  decideMerge,
  duplicatesPermissions,
  listMerges,
  mergeStateLabels,
  mergeStates,
  undoMerge,
  whySecondLabels,
  type MergeRow,
} from "../contract.ts";
import { MergeTag } from "./words.tsx";
import css from "./duplicates.module.css";

const filters: readonly Filter[] = [
  {
    kind: "choice",
    name: "state",
    label: "状态",
    options: mergeStates.map((value) => ({ value, label: mergeStateLabels[value] })),
  },
];
const NOTE_LEAST = 2;

export default function MergesPage() {
  return (
    <>
      <PageHeader
        title="档案合并记录"
        crumbs={[{ label: "重复档案", path: "/duplicates" }, { label: "档案合并记录" }]}
        note="跨县的、涉及已发放资金的合并由另一名经办人员复核"
      />
      <Card>
        <ServerTable
          name="duplicates.merges"
          caption="档案合并记录"
          route={listMerges}
          rowKey={(row) => row.mergeId}
          filters={filters}
          density="duty"
          columns={[
            {
              key: "persons",
              title: "保留的档案",
              width: 200,
              fixed: true,
              render: (row) => (
                <>
                  {row.survivorId ? <Link to={`/persons/${row.survivorId}`}>{row.survivorName}</Link> : "外县档案"}
                  <div className="caption">{row.survivorHome?.name}</div>
                </>
              ),
            },
            {
              key: "loser",
              title: "并入的档案",
              width: 230,
              render: (row) => (
                <>
                  {row.loserName}　<span className="caption">{row.loserMask}</span>
                  <div className="caption">{row.loserHome.name}</div>
                </>
              ),
            },
            {
              key: "state",
              title: "状态",
              width: 130,
              render: (row) => (
                <>
                  <MergeTag state={row.state} />
                  {row.whySecond ? <div className="caption">{whySecondLabels[row.whySecond]}</div> : null}
                </>
              ),
            },
            { key: "rows", title: "归并的记录", render: (row) => <Counted row={row} /> },
            {
              key: "who",
              title: "经办",
              width: 200,
              render: (row) => (
                <>
                  {row.proposedByName} <MomentText value={row.proposedAt} />
                  <span className={css["line"]}>
                    {row.decidedByName ? <span className="caption">复核：{row.decidedByName}</span> : null}
                    {row.undoneByName ? <span className="caption">　撤销：{row.undoneByName}</span> : null}
                  </span>
                </>
              ),
            },
            { key: "note", title: "依据", render: (row) => row.undoNote ?? row.decisionNote ?? row.note },
            { key: "acts", title: "办理", width: 150, render: (row) => <MergeActs row={row} /> },
          ]}
          empty={{ title: "还没有合并过档案", hint: "在“重复档案”中打开一对疑似重复，核对后合并。" }}
        />
      </Card>
    </>
  );
}

function Counted({ row }: { row: MergeRow }) {
  const words = (counts: MergeRow["moved"]) => counts.map(({ title, count }) => `${title} ${count}`).join("、");
  return (
    <>
      {words(row.moved)}
      {row.aside.length > 0 ? <div className="caption">两份都有、留待核对：{words(row.aside)}</div> : null}
    </>
  );
}

type Act = "confirm" | "reject" | "undo";

function MergeActs({ row }: { row: MergeRow }) {
  const [act, setAct] = useState<Act | null>(null);
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const moved = row.moved.reduce((sum, { count }) => sum + count, 0);
  const words = {
    confirm: {
      title: "同意合并",
      changes: [{ count: 1, unit: "份", what: `档案不再单列：${row.loserName}` }],
      undo: "合并后仍可撤销。",
      confirm: "同意合并",
    },
    reject: {
      title: "不同意合并",
      changes: [{ count: 1, unit: "对", what: "退回待判断" }],
      undo: "",
      confirm: "不同意",
    },
    undo: {
      title: "撤销合并",
      changes: [
        { count: 1, unit: "份", what: `档案恢复单列：${row.loserName}` },
        { count: moved, unit: "条", what: "记录回到原档案；合并后新增的留在保留的档案，按原证件号码报来的除外" },
      ],
      undo: "这一对今后按“不是同一人”对待。",
      confirm: "撤销合并",
    },
  } as const;
  return (
    <May permission={duplicatesPermissions.merge}>
      {row.state === "proposed" ? (
        row.mine ? (
          <span className="caption">由您提出，待他人复核</span>
        ) : (
          <>
            <Button size="small" onClick={() => setAct("confirm")}>
              同意
            </Button>{" "}
            <Button size="small" onClick={() => setAct("reject")}>
              不同意
            </Button>
          </>
        )
      ) : null}
      {row.state === "done" ? (
        <Button size="small" onClick={() => setAct("undo")}>
          撤销合并
        </Button>
      ) : null}
      {act === null ? null : (
        <ConfirmAct
          open
          {...words[act]}
          danger={act === "undo"}
          disabled={note.trim().length < NOTE_LEAST}
          onClose={() => setAct(null)}
          onConfirm={async () => {
            const text = { mergeId: row.mergeId, note: note.trim() };
            if (act === "undo") await call(undoMerge, text);
            else await call(decideMerge, { ...text, act });
            toast.done(act === "undo" ? "已开始撤销。" : "已办结。");
            await refresh();
          }}
        >
          <Input
            aria-label="办理依据"
            placeholder="依据，如：与两村核实为两人"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </ConfirmAct>
      )}
    </May>
  );
}
