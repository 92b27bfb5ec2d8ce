import { Button } from "antd";
import {
  Card,
  CountText,
  DateText,
  Link,
  May,
  PageHeader,
  ServerTable,
  StatusTag,
  addMonths,
  moment,
  monthName,
  useGo,
  useSession,
  type Filter,
} from "../../ui/index.ts";
import {
  batchStateLabels,
  batchStates,
  ledgerKindLabels,
  ledgerKinds,
  ledgerPermissions,
  listBatches,
  type BatchSummary,
} from "../contract.ts";
import { MonthGrid } from "./MonthGrid.tsx";
import { Punctual } from "./Punctual.tsx";
import { batchTitle, nextSteps, stateTones, sumOf } from "./words.ts";

const filters: readonly Filter[] = [
  { kind: "month", name: "month", label: "所属月份" },
  {
    kind: "choice",
    name: "kind",
    label: "台账",
    width: 190,
    options: ledgerKinds.map((kind) => ({ value: kind, label: ledgerKindLabels[kind] })),
  },
  {
    kind: "choice",
    name: "state",
    label: "状态",
    width: 110,
    options: batchStates.map((state) => ({ value: state, label: batchStateLabels[state] })),
  },
];

/** 本月台账: what has come in for which month, how far it is, what to do next. */
export default function BatchesPage() {
  const { businessDate } = useSession();
  const go = useGo();
  const month = addMonths(businessDate.slice(0, 7), -1);
  return (
    <>
      <PageHeader
        title="本月台账"
        crumbs={[{ label: "本月台账" }]}
        note={`正在办理 ${monthName(month)}台账`}
        actions={
          <May permission={ledgerPermissions.write}>
            <Button type="primary" onClick={() => go(`/ledger/receive?month=${month}`)}>
              接收台账
            </Button>
          </May>
        }
      />
      <div style={{ display: "flex", flexDirection: "column", gap: 12 }}>
        <MonthGrid latest={month} />
        <Card title="全部批次" note="一份文件一个批次，应用前可作废，应用后可整批撤销">
          <ServerTable
            name="ledger.batches"
            caption="台账批次"
            route={listBatches}
            filters={filters}
            rowKey={(batch) => batch.batchId}
            rowPath={(batch) => `/ledger/${batch.batchId}`}
            columns={[
              { key: "title", title: "台账", fixed: true, render: batchTitle },
              { key: "sender", title: "移交单位", render: (batch) => batch.sender },
              { key: "coverage", title: "申报范围", render: coverageOf },
              { key: "file", title: "文件", hidden: true, render: (batch) => batch.fileName },
              { key: "received", title: "接收", width: 180, render: (batch) => <ReceivedBy batch={batch} /> },
              {
                key: "rows",
                title: "行数",
                align: "right",
                width: 80,
                render: (batch) => <CountText value={batch.counts.rows} />,
              },
              {
                key: "waiting",
                title: "待修",
                align: "right",
                width: 64,
                render: (batch) => <Waiting batch={batch} />,
              },
              {
                key: "differences",
                title: "差异",
                align: "right",
                width: 72,
                render: (batch) => <CountText value={sumOf(batch.counts.differences)} />,
              },
              {
                key: "state",
                title: "状态",
                width: 96,
                render: (batch) => (
                  <StatusTag tone={stateTones[batch.state]}>{batchStateLabels[batch.state]}</StatusTag>
                ),
              },
              {
                key: "next",
                title: "下一步",
                align: "right",
                width: 84,
                render: (batch) => <NextStep batch={batch} />,
              },
            ]}
            empty={{
              title: "还没有收到台账",
              hint: "农业农村等部门移交的表格，原样上传即可，不用改列名、不用拆分。",
              action: (
                <May permission={ledgerPermissions.write}>
                  <Link to={`/ledger/receive?month=${month}`}>接收第一份台账</Link>
                </May>
              ),
            }}
          />
        </Card>
      </div>
    </>
  );
}

function coverageOf(batch: BatchSummary): string {
  const names = batch.coverage.map((region) => region.name);
  return names.length > 3 ? `${names.slice(0, 3).join("、")} 等 ${names.length} 地` : names.join("、");
}

function ReceivedBy({ batch }: { batch: BatchSummary }) {
  return (
    <span title={`系统记录 ${moment(batch.receivedAt)}`}>
      <DateText value={batch.receivedOn} /> <Punctual batch={batch} />{" "}
      <span className="caption">{batch.receivedBy}</span>
    </span>
  );
}

function Waiting({ batch }: { batch: BatchSummary }) {
  // Once a batch is closed, what was not repaired is history, not work.
  if (batch.counts.waiting === 0 || batch.state !== "compared") return <CountText value={batch.counts.waiting} />;
  return (
    <b className="tone-late">
      <CountText value={batch.counts.waiting} />
    </b>
  );
}

function NextStep({ batch }: { batch: BatchSummary }) {
  const words = nextSteps[batch.state];
  return words ? <Link to={`/ledger/${batch.batchId}`}>{words}</Link> : <span className="caption">—</span>;
}
