import {
  Card,
  FigureStrip,
  PageHeader,
  ServerTable,
  StatusTag,
  useRoute,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import { listFields, type FieldRow } from "../contract.ts";
import css from "./privacy.module.css";

const columns: readonly Column<FieldRow>[] = [
  {
    key: "label",
    title: "字段",
    fixed: true,
    width: 210,
    render: (row) => (
      <div className={css["lines"]}>
        <b>{row.label}</b>
        <span className="caption">{row.tableTitle}</span>
      </div>
    ),
  },
  { key: "domain", title: "业务", width: 120, render: (row) => row.domain },
  {
    key: "sensitive",
    title: "敏感程度",
    width: 130,
    render: (row) => (
      <div className={css["lines"]}>
        <span>
          {row.sensitive ? <StatusTag tone="soon">敏感</StatusTag> : <StatusTag tone="plain">一般</StatusTag>}
        </span>
        <span className="caption">
          {[
            row.sensitive,
            row.consent ? `单独同意：${row.consent}` : "",
            row.masked ? "脱敏显示" : "",
            row.derived ? "摘要或编号" : "",
          ]
            .filter(Boolean)
            .join("；")}
        </span>
      </div>
    ),
  },
  {
    key: "basis",
    title: "依据和目的",
    render: (row) => (
      <div className={css["lines"]}>
        <span>{row.purpose}</span>
        <span className="caption">{row.basis.map(({ words }) => words).join("；")}</span>
      </div>
    ),
  },
  { key: "seenBy", title: "谁能看", width: 190, render: (row) => row.seenBy },
  {
    key: "kept",
    title: "存多久，到期怎样",
    width: 210,
    render: (row) => (
      <div className={css["lines"]}>
        <span>{row.kept}</span>
        <span className="caption">
          到期{row.end}
          {row.example ? "；期限是样例，可设定" : ""}
        </span>
      </div>
    ),
  },
  {
    key: "column",
    title: "数据表和列",
    hidden: true,
    render: (row) => (
      <code>
        {row.table}.{row.column}
      </code>
    ),
  },
];

/** 字段台账: every fact about people that is held, why, for how long, and who sees it. */
export default function FieldsPage() {
  const known = useRoute(listFields, { size: 1 });
  const counts = known.data?.counts;
  const filters: readonly Filter[] = [
    { kind: "text", name: "text", label: "查找", placeholder: "字段、表或目的", width: 180 },
    {
      kind: "choice",
      name: "domain",
      label: "业务",
      width: 150,
      options: (known.data?.domains ?? []).map((value) => ({ value, label: value })),
    },
    {
      kind: "choice",
      name: "sensitivity",
      label: "敏感程度",
      width: 120,
      options: [
        { value: "ordinary", label: "一般" },
        { value: "sensitive", label: "敏感" },
        { value: "consent", label: "须单独同意" },
      ],
    },
  ];
  return (
    <>
      <PageHeader
        title="字段台账"
        crumbs={[{ label: "管理" }, { label: "字段台账" }]}
        note="系统保存的每一项个人信息。脱敏、导出审批、告知和到期清除都按它执行"
        actions={
          <a href="/privacy" target="_blank" rel="noreferrer">
            个人信息处理告知
          </a>
        }
      />
      <div className={css["page"]}>
        {counts ? (
          <Card>
            <FigureStrip
              label="字段台账概况"
              figures={[
                { key: "tables", label: "数据表", value: counts.tables, unit: "张" },
                { key: "fields", label: "字段", value: counts.fields, unit: "项" },
                { key: "sensitive", label: "敏感个人信息", value: counts.sensitive, unit: "项" },
                { key: "consent", label: "须单独同意", value: counts.consent, unit: "项" },
              ]}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="privacy.fields"
            caption="字段台账"
            route={listFields}
            rowKey={(row) => row.key}
            filters={filters}
            columns={columns}
            empty={{ title: "没有字段" }}
          />
        </Card>
      </div>
    </>
  );
}
