import { Button, Input, Modal } from "antd";
import { useId, useState } from "react";
import {
  Card,
  CountText,
  download,
  Icon,
  PageHeader,
  ProblemNotice,
  ServerTable,
  StatusTag,
  useAddress,
  useSession,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import {
  AUDIT_EXPORT_LIMIT,
  auditKindLabels,
  auditKinds,
  auditOutcomeLabels,
  auditOutcomes,
  exportAuditEntries,
  listAuditEntries,
  type AuditKind,
  type AuditOutcome,
  type AuditRow,
} from "../contract.ts";
import { momentInChina } from "../moments.ts";
import css from "./AuditPage.module.css";
import { detailLines, subjectOptions, subjectWords } from "./words.ts";

const filters: Filter[] = [
  { kind: "date", name: "from", label: "自" },
  { kind: "date", name: "to", label: "至" },
  {
    kind: "choice",
    name: "kind",
    label: "类别",
    width: 100,
    options: auditKinds.map((value) => ({ value, label: auditKindLabels[value] })),
  },
  {
    kind: "choice",
    name: "outcome",
    label: "结果",
    width: 90,
    options: auditOutcomes.map((value) => ({ value, label: auditOutcomeLabels[value] })),
  },
  { kind: "text", name: "officer", label: "人员", placeholder: "姓名或单位", width: 120 },
  { kind: "text", name: "act", label: "事项", width: 110 },
  { kind: "choice", name: "subject", label: "对象", width: 110, options: subjectOptions },
  { kind: "region", name: "region", label: "区域" },
];
const unfiltered = Object.fromEntries(filters.map((filter) => [filter.name, ""]));

/** 审计日志: who did, asked, exported or unmasked what, when and from where. Reading it is in it. */
export default function AuditPage() {
  const [shown, setShown] = useState<AuditRow | null>(null);
  const columns: Column<AuditRow>[] = [
    {
      key: "at",
      title: "时间",
      fixed: true,
      width: 152,
      render: (row) => <time dateTime={row.at}>{momentInChina(row.at)}</time>,
    },
    { key: "kind", title: "类别", width: 60, render: (row) => auditKindLabels[row.kind] },
    { key: "act", title: "事项", fixed: true, render: (row) => row.act },
    { key: "outcome", title: "结果", width: 68, render: (row) => <Outcome value={row.outcome} /> },
    { key: "officer", title: "人员", width: 76, render: (row) => row.officerName || "未登录" },
    { key: "organisation", title: "单位", width: 204, render: (row) => row.organisation || "—" },
    { key: "region", title: "区域", hidden: true, render: (row) => row.regionName || "—" },
    { key: "subject", title: "对象", render: (row) => subjectWords(row) },
    {
      key: "count",
      title: "数量",
      align: "right",
      width: 64,
      render: (row) => (row.count === null ? "—" : <CountText value={row.count} />),
    },
    { key: "ip", title: "来源地址", width: 112, render: (row) => row.ip || "—" },
    { key: "requestId", title: "请求编号", hidden: true, render: (row) => row.requestId || "—" },
    {
      key: "detail",
      title: "详情",
      fixed: true,
      width: 56,
      render: (row) => (
        <Button
          type="link"
          size="small"
          aria-label={`详情：${row.act}，${momentInChina(row.at)}`}
          onClick={() => setShown(row)}
        >
          看
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHeader
        title="审计日志"
        crumbs={[{ label: "管理" }, { label: "审计日志" }]}
        note="只增不改，任何人不能删除；查询和导出本日志也会记录"
      />
      <Card>
        <ServerTable
          name="audit.entries"
          caption="审计日志"
          route={listAuditEntries}
          columns={columns}
          rowKey={(row) => row.entryId}
          filters={filters}
          toolbar={<ExportLog />}
          empty={{ title: "辖区内还没有记录", hint: "有人登录、查询或办理之后，记录会出现在这里。" }}
        />
      </Card>
      {shown ? <EntryDetail row={shown} onClose={() => setShown(null)} /> : null}
    </>
  );
}

function Outcome({ value }: { value: AuditOutcome }) {
  return <StatusTag tone={value === "done" ? "plain" : "soon"}>{auditOutcomeLabels[value]}</StatusTag>;
}

function EntryDetail({ row, onClose }: { row: AuditRow; onClose: () => void }) {
  const lines = [
    { name: "时间", text: momentInChina(row.at) },
    { name: "类别", text: auditKindLabels[row.kind] },
    { name: "结果", text: auditOutcomeLabels[row.outcome] },
    ...(row.problem === null ? [] : [{ name: "问题代码", text: row.problem }]),
    { name: "人员", text: [row.officerName || "未登录", row.organisation].filter(Boolean).join(" · ") },
    { name: "区域", text: row.regionName || "—" },
    { name: "对象", text: subjectWords(row) },
    ...(row.count === null ? [] : [{ name: "数量", text: String(row.count) }]),
    ...detailLines(row.detail),
    { name: "来源地址", text: row.ip || "—" },
    { name: "请求编号", text: row.requestId || "—" },
    { name: "日志序号", text: row.entryId },
  ];
  return (
    <Modal open title={row.act} width={640} onCancel={onClose} footer={<Button onClick={onClose}>关闭</Button>}>
      <dl className={css["detail"]}>
        {lines.map((line, index) => (
          <div key={`${index} ${line.name}`}>
            <dt>{line.name}</dt>
            <dd>{line.text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

/** Exports what the filters show; the purpose goes into the file and into the log. */
function ExportLog() {
  const { name } = useSession();
  const [address] = useAddress(unfiltered);
  const [asking, setAsking] = useState(false);
  const [purpose, setPurpose] = useState("");
  const field = useId();
  const [state, setState] = useState<{ busy: boolean; problem: unknown }>({ busy: false, problem: null });
  const close = () => {
    setAsking(false);
    setState({ busy: false, problem: null });
  };
  const start = async () => {
    setState({ busy: true, problem: null });
    try {
      const chosen = Object.fromEntries(Object.entries(address).filter(([, value]) => value !== ""));
      await download(exportAuditEntries, {
        ...(chosen as { kind?: AuditKind; outcome?: AuditOutcome }),
        purpose: purpose.trim(),
      });
      close();
    } catch (problem) {
      setState({ busy: false, problem });
    }
  };
  return (
    <>
      <Button size="small" icon={<Icon name="download" />} onClick={() => setAsking(true)}>
        导出
      </Button>
      <Modal
        open={asking}
        title="导出审计日志"
        okText="记录并导出"
        cancelText="不导了"
        okButtonProps={{ disabled: purpose.trim().length < 4, loading: state.busy }}
        onOk={() => void start()}
        onCancel={close}
        width={460}
      >
        <p>
          按当前条件导出，一次最多 {AUDIT_EXPORT_LIMIT.toLocaleString("zh-CN")} 条。压缩包中有表格和存证，表格注明导出人{" "}
          {name}
          、时间、用途和编号，存证供他人离线核验。
        </p>
        <div className={css["purpose"]}>
          <label htmlFor={field}>导出用途</label>
          <Input
            id={field}
            value={purpose}
            maxLength={100}
            placeholder="至少 4 个字，如：季度审计抽查"
            onChange={(event) => setPurpose(event.target.value)}
          />
        </div>
        {state.problem ? <ProblemNotice problem={state.problem} compact /> : null}
      </Modal>
    </>
  );
}
