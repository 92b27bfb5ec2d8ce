import {
  Card,
  CountText,
  DateText,
  PageHeader,
  ServerTable,
  useRoute,
  usePathPart,
  type Column,
} from "../../ui/index.ts";
import { exportCertificate, listCertificate, runKindLabels, type CertificateLine } from "../contract.ts";

const columns: readonly Column<CertificateLine>[] = [
  { key: "title", title: "清除的内容", fixed: true, width: 240, render: (row) => row.title },
  { key: "county", title: "县市区", width: 230, render: (row) => row.countyName },
  { key: "rows", title: "条数", width: 100, align: "right", render: (row) => <CountText value={row.rows} /> },
  {
    key: "lastDay",
    title: "到期截止日",
    width: 120,
    render: (row) => (row.lastDay ? <DateText value={row.lastDay} /> : "—"),
  },
  { key: "table", title: "数据表", render: (row) => <code>{row.table}</code> },
];

/** 清除证明: what went in one run, by rule, table and county. */
export default function CertificatePage() {
  const runId = usePathPart("runId");
  const { data } = useRoute(listCertificate, { runId, size: 1 });
  const run = data?.run;
  return (
    <>
      <PageHeader
        title={`清除证明 第 ${runId} 号`}
        crumbs={[
          { label: "管理" },
          { label: "保存期限与清除", path: "/retention?view=runs" },
          { label: `第 ${runId} 号` },
        ]}
        note={
          run
            ? `${runKindLabels[run.kind]}，业务日期 ${run.businessDate}${run.digest ? `；摘要 ${run.digest}，已写入审计日志` : "；进行中"}`
            : ""
        }
      />
      <Card>
        <ServerTable
          name="privacy.certificate"
          caption="清除证明"
          route={listCertificate}
          input={{ runId }}
          rowKey={(row) => row.key}
          columns={columns}
          exportRoute={exportCertificate}
          exportWith={{ purpose: true }}
          empty={{ title: "这次没有到期的数据", hint: "没有清除任何内容。" }}
        />
      </Card>
    </>
  );
}
