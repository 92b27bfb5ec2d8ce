import { Button, Input, Space, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  call,
  count,
  EmptyState,
  Link,
  ProblemNotice,
  ServerTable,
  StatusTag,
  UploadBox,
  useAct,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  useToast,
  type Filter,
  type Selection,
} from "../../ui/index.ts";
import { nextState, type OutputOf } from "../../platform/contract.ts";
import {
  batchFlow,
  faultCodes,
  faultLabels,
  getBatch,
  ledgerFieldLabels,
  ledgerPermissions,
  listFaultCounts,
  listFaults,
  repairCells,
  uploadMended,
  type BatchSummary,
  type FaultSeverity,
} from "../contract.ts";
import { FaultTiles, type FaultCount } from "./FaultTiles.tsx";
import css from "./CheckStep.module.css";

type Fault = OutputOf<typeof listFaults>["rows"][number];

const severityLabels: Record<FaultSeverity, string> = { waiting: "待修", repaired: "已修", notice: "提示" };
const severityTones = { waiting: "late", repaired: "done", notice: "soon" } as const;
const filters: readonly Filter[] = [
  {
    kind: "choice",
    name: "severity",
    label: "处理",
    width: 100,
    options: (["waiting", "repaired", "notice"] as const).map((value) => ({ value, label: severityLabels[value] })),
  },
  {
    kind: "choice",
    name: "code",
    label: "错误",
    width: 190,
    options: faultCodes.map((value) => ({ value, label: faultLabels[value].label })),
  },
];
/** Repairs sent at once; the rest is accepted by code. */
const CELLS_AT_ONCE = 1000;

const keyOf = (fault: Fault) => `${fault.sheet} ${fault.rowNo} ${fault.field} ${fault.code}`;
const canAccept = (fault: Fault) => fault.severity !== "repaired" && fault.suggestion !== null;

/** 校验: which rows are wrong and why, what was mended by rule, and three ways to mend the rest: here, by suggestion, in the workbook. */
export function CheckStep({ batch }: { batch: BatchSummary }) {
  const counts = useRoute(listFaultCounts, { batchId: batch.batchId });
  return (
    <Answer query={counts} lines={8}>
      {(found) => <Faults batch={batch} counts={found} />}
    </Answer>
  );
}

function Faults({ batch, counts }: { batch: BatchSummary; counts: readonly FaultCount[] }) {
  const [{ code, severity }] = useAddress({ code: "", severity: "" });
  const may = useMay(ledgerPermissions.write);
  const editable = may && nextState(batchFlow, batch.state, "repair") !== null;
  const base = `/ledger/${batch.batchId}?step=check`;
  const toast = useToast();
  const refresh = useRefresh();
  if (counts.length === 0) {
    return (
      <Card>
        <EmptyState
          title="没有查出错误"
          hint={`${count(batch.counts.rows)} 行全部通过校验。`}
          action={<Link to={`/ledger/${batch.batchId}?step=compare`}>去看差异</Link>}
        />
      </Card>
    );
  }
  return (
    <>
      <FaultTiles
        counts={counts}
        waitingRows={batch.counts.waiting}
        shown={{ code, severity }}
        pathOf={(one, how) => `${base}&severity=${how}&code=${one}`}
      />
      {editable && batch.counts.waiting > 0 ? (
        <div className={css["ways"]}>
          <Card title="按建议修" note="建议由规则给出，可逐条改">
            <AcceptByCode batch={batch} counts={counts} />
          </Card>
          <Card title="在表里修" note="下载“标错原表”，改好标红的单元格，再传回来" padded>
            <UploadBox
              route={uploadMended}
              input={{ batchId: batch.batchId }}
              accept=".xlsx,.xls,.csv"
              hint="改好的原表或出错行的表都可以，只更新改过的行"
              onDone={({ mendedRows }) => {
                toast.done(
                  mendedRows === null
                    ? "已收到改好的表，正在重新校验。"
                    : `已收到，更新 ${count(mendedRows)} 行，正在重新校验。`,
                );
                void refresh();
              }}
            />
          </Card>
        </div>
      ) : null}
      <FaultList batch={batch} editable={editable} />
    </>
  );
}

function AcceptByCode({ batch, counts }: { batch: BatchSummary; counts: readonly FaultCount[] }) {
  const open = counts.filter((one) => one.severity === "waiting" && one.suggested > 0);
  const [asking, setAsking] = useState<FaultCount | null>(null);
  const refresh = useRefresh();
  if (open.length === 0)
    return <p className={css["none"]}>待修的行没有可直接采用的建议，请在表里核对后改，或逐条填写。</p>;
  return (
    <>
      <ul className={css["codes"]}>
        {open.map((one) => (
          <li key={one.code}>
            <span>
              {faultLabels[one.code].label} <span className="caption">{faultLabels[one.code].mend}</span>
            </span>
            <Button size="small" onClick={() => setAsking(one)}>
              采用 {count(one.suggested)} 条建议
            </Button>
          </li>
        ))}
      </ul>
      {asking ? (
        <ConfirmAct
          open
          onClose={() => setAsking(null)}
          title={`${faultLabels[asking.code].label}：${faultLabels[asking.code].mend}`}
          changes={[
            { count: asking.suggested, unit: "处", what: "按建议改好，重新校验后进入比对" },
            { count: asking.rows - asking.suggested, unit: "处", what: "没有建议，仍待修", tone: "late" },
          ]}
          undo="只改这一批里的值，不改原文件；重新校验后还可再改。"
          confirm={`采用 ${count(asking.suggested)} 条建议`}
          onConfirm={async () => {
            await call(repairCells, { batchId: batch.batchId, acceptSuggestionsOf: asking.code });
            await refresh();
          }}
        />
      ) : null}
    </>
  );
}

function FaultList({ batch, editable }: { batch: BatchSummary; editable: boolean }) {
  const toast = useToast();
  const [selected, setSelected] = useState<ReadonlyMap<string, Fault>>(new Map());
  const repair = useAct(repairCells, {
    refreshes: [getBatch, listFaults, listFaultCounts],
    onDone: ({ repaired }) => {
      toast.done(`已改 ${count(repaired)} 处，正在重新校验。`);
      setSelected(new Map());
    },
  });
  const cellOf = ({ sheet, rowNo, field }: Fault) => ({ sheet, rowNo, field });
  const type = (fault: Fault, value: string) =>
    repair.mutate({ batchId: batch.batchId, cells: [{ ...cellOf(fault), value }] });
  // The server keeps what it suggested; the screen may know it only masked.
  const accept = (faults: readonly Fault[]) =>
    repair.mutate({
      batchId: batch.batchId,
      suggested: faults.slice(0, CELLS_AT_ONCE).map((fault) => ({ ...cellOf(fault), code: fault.code })),
    });
  const selection: Selection<Fault> = {
    selected,
    onChange: setSelected,
    label: (fault) => `选择第 ${fault.rowNo} 行`,
    disabled: (fault) => !canAccept(fault),
  };
  return (
    <Card title="逐条查看" note="行号与您的文件一致">
      {repair.error ? <ProblemNotice problem={repair.error} /> : null}
      <ServerTable
        name="ledger.faults"
        caption="校验查出的错误"
        route={listFaults}
        input={{ batchId: batch.batchId }}
        filters={filters}
        rowKey={keyOf}
        {...(editable ? { selection } : {})}
        toolbar={
          editable && selected.size > 0 ? (
            <Button
              size="small"
              type="primary"
              loading={repair.isPending}
              onClick={() => accept([...selected.values()])}
            >
              按建议改 {count(selected.size)} 处
            </Button>
          ) : null
        }
        columns={[
          {
            key: "row",
            title: "位置",
            width: 96,
            fixed: true,
            render: (fault) => (fault.sheet > 1 ? `表${fault.sheet} 第 ${fault.rowNo} 行` : `第 ${fault.rowNo} 行`),
          },
          { key: "name", title: "姓名", width: 84, render: (fault) => fault.name ?? "—" },
          { key: "village", title: "村", width: 128, render: (fault) => fault.village ?? "—" },
          { key: "field", title: "栏目", width: 96, render: (fault) => ledgerFieldLabels[fault.field] },
          {
            key: "severity",
            title: "处理",
            width: 60,
            render: (fault) => (
              <StatusTag tone={severityTones[fault.severity]}>{severityLabels[fault.severity]}</StatusTag>
            ),
          },
          { key: "message", title: "问题", render: (fault) => fault.message },
          {
            key: "value",
            title: "表里的值",
            width: 156,
            render: (fault) => <span className={css["value"]}>{fault.value || "（空）"}</span>,
          },
          {
            key: "suggestion",
            title: "建议",
            width: 152,
            render: (fault) =>
              fault.suggestion === null ? <span className="caption">无</span> : <b>{fault.suggestion || "（清空）"}</b>,
          },
          ...(editable
            ? [
                {
                  key: "act",
                  title: "修复",
                  width: 168,
                  fixed: true,
                  render: (fault: Fault) => (
                    <Mend
                      fault={fault}
                      busy={repair.isPending}
                      onAccept={() => accept([fault])}
                      onType={(value) => type(fault, value)}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function Mend({
  fault,
  busy,
  onAccept,
  onType,
}: {
  fault: Fault;
  busy: boolean;
  onAccept: () => void;
  onType: (value: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<InputRef>(null);
  const writing = draft !== null;
  useEffect(() => {
    if (writing) field.current?.focus();
  }, [writing]);
  if (fault.severity === "repaired") return <span className="caption">已按规则修</span>;
  if (draft === null) {
    return (
      <span className={css["acts"]}>
        {canAccept(fault) ? (
          <Button
            type="link"
            size="small"
            disabled={busy}
            onClick={onAccept}
            aria-label={`按建议改第 ${fault.rowNo} 行${ledgerFieldLabels[fault.field]}`}
          >
            按建议
          </Button>
        ) : null}
        <Button type="link" size="small" disabled={busy} onClick={() => setDraft("")}>
          填写
        </Button>
      </span>
    );
  }
  const send = () => {
    setDraft(null);
    onType(draft.trim());
  };
  return (
    <Space.Compact size="small">
      <Input
        ref={field}
        aria-label={`第 ${fault.rowNo} 行${ledgerFieldLabels[fault.field]}的正确值`}
        value={draft}
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        onPressEnter={send}
        onKeyDown={(event) => (event.key === "Escape" ? setDraft(null) : undefined)}
      />
      <Button type="primary" onClick={send}>
        改
      </Button>
    </Space.Compact>
  );
}
