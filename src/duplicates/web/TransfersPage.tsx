import { Button, Input, Tabs } from "antd";
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
  useAddress,
  useRefresh,
  useRoute,
  useToast,
  type Filter,
} from "../../ui/index.ts";
import {
  answerTransfer,
  countTransfers,
  listTransfers,
  transferKindLabels,
  transferStateLabels,
  transferStates,
  type TransferRow,
} from "../contract.ts";
import { ContactButton, MoveButton } from "./TransferForms.tsx";
import { ContactWords, TransferTag } from "./words.tsx";
import css from "./duplicates.module.css";

const filters: readonly Filter[] = [
  {
    kind: "choice",
    name: "state",
    label: "状态",
    options: transferStates.map((value) => ({ value, label: transferStateLabels[value] })),
  },
];
const NOTE_LEAST = 2;

/** Requests between counties: what others ask of us, what we ask of others. */
export default function TransfersPage() {
  const [{ box }, setAddress] = useAddress({ box: "received" });
  const counts = useRoute(countTransfers, {});
  const received = box !== "sent";
  return (
    <>
      <PageHeader
        title="跨县转移"
        crumbs={[{ label: "跨县转移" }]}
        note="户籍迁移和重复登记，两县同意后办理；对方逾期不答复的报上级"
        actions={
          <>
            <ContactButton /> <MoveButton />
          </>
        }
      />
      <Card>
        <Tabs
          activeKey={received ? "received" : "sent"}
          onChange={(key) => setAddress({ box: key })}
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={[
            { key: "received", label: `待我方答复 ${counts.data?.received ?? ""}`.trim() },
            { key: "sent", label: `我方申请 ${counts.data?.sent ?? ""}`.trim() },
          ]}
        />
        <ServerTable
          key={box}
          name="duplicates.transfers"
          caption={received ? "外县向本县提出的转移" : "本县向外县提出的转移"}
          route={listTransfers}
          input={{ box: received ? "received" : "sent" }}
          rowKey={(row) => row.transferId}
          filters={filters}
          density="duty"
          tone={(row) => (row.overdue ? "late" : undefined)}
          columns={[
            {
              key: "person",
              title: "本县人员",
              width: 210,
              fixed: true,
              render: (row) =>
                row.person ? (
                  <>
                    <Link to={row.pairId ? `/duplicates/${row.pairId}` : `/persons/${row.person.personId}`}>
                      {row.person.name}
                    </Link>
                    <div className="caption">{row.person.identityMask}</div>
                  </>
                ) : (
                  <span className="caption">档案在{row.other.county.name}</span>
                ),
            },
            { key: "other", title: "对方县", width: 200, render: (row) => <ContactWords contact={row.other} /> },
            {
              key: "what",
              title: "事项",
              width: 200,
              render: (row) => (
                <>
                  {transferKindLabels[row.kind]}
                  <div className="caption">{wishOf(row)}</div>
                </>
              ),
            },
            {
              key: "state",
              title: "状态",
              width: 150,
              render: (row) => (
                <>
                  <TransferTag state={row.state} />
                  <div className="caption">
                    {row.answeredOn ? (
                      <>
                        答复于 <DateText value={row.answeredOn} />
                      </>
                    ) : (
                      <DueText due={row.dueOn} />
                    )}
                  </div>
                </>
              ),
            },
            {
              key: "reason",
              title: "理由与答复",
              render: (row) => (
                <>
                  {row.reason}
                  {row.answer ? <span className={css["line"]}>答复：{row.answer}</span> : null}
                  {row.effect ? <b className={css["line"]}>{row.effect}</b> : null}
                </>
              ),
            },
            { key: "acts", title: "办理", width: 150, render: (row) => <TransferActs row={row} /> },
          ]}
          empty={
            received
              ? { title: "没有外县向本县提出的转移" }
              : { title: "本县没有提出过转移", hint: "在“重复档案”中打开跨县的一对，或点“申请迁入”。" }
          }
        />
      </Card>
    </>
  );
}

function wishOf(row: TransferRow): string {
  if (row.kind === "moved") return `迁入${row.toRegion?.name ?? row.asking.name}`;
  return `两份并为一份，户籍地在${row.keeps === "asking" ? row.asking.name : row.asked.name}`;
}

const actWords = {
  consent: { label: "同意", title: "同意转移", confirm: "同意转移" },
  refuse: { label: "不同意", title: "不同意转移", confirm: "不同意" },
  withdraw: { label: "撤回", title: "撤回申请", confirm: "撤回申请" },
} as const;

function TransferActs({ row }: { row: TransferRow }) {
  const [act, setAct] = useState<TransferRow["may"][number] | null>(null);
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      {row.may.map((one) => (
        <span key={one}>
          <Button size="small" onClick={() => setAct(one)}>
            {actWords[one].label}
          </Button>{" "}
        </span>
      ))}
      {act === null ? null : (
        <ConfirmAct
          open
          title={actWords[act].title}
          changes={[
            act === "consent"
              ? { count: 1, unit: "份", what: `${wishOf(row)}，记录一并转移` }
              : { count: 1, unit: "件", what: "申请办结，两县档案都不改动" },
          ]}
          undo={act === "consent" ? "转移后如有错误，由保留档案的县撤销合并或再办转移。" : "可重新提出。"}
          confirm={actWords[act].confirm}
          disabled={note.trim().length < NOTE_LEAST}
          onClose={() => setAct(null)}
          onConfirm={async () => {
            await call(answerTransfer, { transferId: row.transferId, act, note: note.trim() });
            toast.done(act === "consent" ? "已同意，正在办理。" : "已办结。");
            await refresh();
          }}
        >
          <Input
            aria-label="答复"
            placeholder={act === "refuse" ? "不同意的理由，对方可以看到" : "依据，对方可以看到"}
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </ConfirmAct>
      )}
    </>
  );
}
