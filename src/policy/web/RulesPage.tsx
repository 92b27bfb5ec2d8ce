import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  CountText,
  DataTable,
  EmptyState,
  FilterBar,
  May,
  PageHeader,
  StatusTag,
  count,
  useAddress,
  useGo,
  useMay,
  useRoute,
  type Column,
  type Filter,
} from "../../ui/index.ts";
import { listRules, policyPermissions, ruleClassLabels, ruleKindLabels, ruleKinds, type RuleRow } from "../contract.ts";
import { ImportRule } from "./ImportRule.tsx";
import { TextsCard } from "./TextsCard.tsx";
import { WaitingCard } from "./WaitingCard.tsx";
import { moneyWords, placeOf, statusLabels, statusTones, windowWords } from "./words.ts";
import css from "./layout.module.css";

const NO_FILTER = { words: "", text: "", kind: "", region: "", date: "" };

/** 规则库: what is in force on a day, by document, place and words; drafts that wait; the documents themselves. */
export default function RulesPage() {
  const [address, setAddress] = useAddress(NO_FILTER);
  const [importing, setImporting] = useState(false);
  const go = useGo();
  const { words, text, kind, region, date } = address;
  const query = useRoute(
    listRules,
    {
      ...(words ? { words } : {}),
      ...(text ? { text } : {}),
      ...(kind ? { kind: kind as RuleRow["kind"] } : {}),
      ...(region ? { region } : {}),
      ...(date ? { date } : {}),
    },
    { keep: true },
  );
  const filtered = Object.values(address).some((value) => value !== "");
  const filters: readonly Filter[] = [
    { kind: "text", name: "words", label: "查找", width: 150, placeholder: "名称、条文、编号" },
    {
      kind: "choice",
      name: "text",
      label: "文件",
      width: 190,
      options: (query.data?.texts ?? []).map(({ id, number, title }) => ({ value: id, label: number || title })),
    },
    {
      kind: "choice",
      name: "kind",
      label: "种类",
      width: 110,
      options: ruleKinds.map((value) => ({ value, label: ruleKindLabels[value] })),
    },
    { kind: "region", name: "region", label: "适用地区" },
    { kind: "date", name: "date", label: "日期" },
  ];
  return (
    <>
      <PageHeader
        title="规则库"
        crumbs={[{ label: "规则与调度" }, { label: "规则库" }]}
        {...(query.data ? { note: `按 ${query.data.date} 判断是否施行` } : {})}
        actions={
          <May permission={policyPermissions.draft}>
            <Button onClick={() => setImporting(true)}>导入规则文件</Button>
            <Button type="primary" onClick={() => go("/rules/new")}>
              起草新规则
            </Button>
          </May>
        }
      />
      <div className={css["columns"]}>
        <Card>
          <div className={css["filters"]}>
            <FilterBar
              filters={filters}
              values={address}
              onChange={setAddress}
              {...(filtered ? { onClear: () => setAddress(NO_FILTER) } : {})}
            />
          </div>
          <Answer query={query} lines={12}>
            {({ rows }) => (
              <DataTable
                caption="规则"
                density="duty"
                columns={columns}
                rows={rows}
                rowKey={(row) => row.versionId}
                rowPath={(row) => `/rules/${row.versionId}`}
                stale={query.isPlaceholderData}
                empty={
                  <EmptyState
                    title="没有符合这些条件的规则"
                    action={<Button onClick={() => setAddress(NO_FILTER)}>清除条件</Button>}
                  />
                }
              />
            )}
          </Answer>
          {query.data && query.data.rows.length > 0 ? (
            <p className={`caption ${css["filters"]}`}>
              <Standing rows={query.data.rows} />
            </p>
          ) : null}
        </Card>
        <div className={css["stack"]}>
          {query.data ? (
            <>
              <WaitingCard versions={query.data.waiting} />
              <TextsCard texts={query.data.texts} chosen={text} onChoose={(id) => setAddress({ text: id })} />
            </>
          ) : null}
        </div>
      </div>
      {importing ? <ImportRule onClose={() => setImporting(false)} /> : null}
    </>
  );
}

/** What the list amounts to, and of which day the counts are. */
function Standing({ rows }: { rows: readonly RuleRow[] }) {
  const mayResults = useMay(policyPermissions.results);
  const days = [...new Set(rows.flatMap(({ tally }) => tally?.asOf ?? []))].toSorted();
  const measures = rows.filter(({ kind }) => kind === "measure").length;
  return (
    <>
      共 {count(rows.length)} 项，其中补贴与政策 {count(measures)} 项。
      {mayResults
        ? days.length === 0
          ? "还没有筛查过，符合人数在每晚筛查后出现。"
          : `符合、待办为辖区内最近一次筛查（${days.join("、")}）的记录数。`
        : null}
    </>
  );
}

const columns: readonly Column<RuleRow>[] = [
  { key: "title", title: "名称", fixed: true, render: (row) => row.title },
  {
    key: "basis",
    title: "依据",
    width: 158,
    render: (row) => (
      <>
        <span className={css["clamp"]}>{row.basis[0] ? placeOf(row.basis[0]) : "—"}</span>
        {row.basis.length > 1 ? <span className={css["two"]}>等 {row.basis.length} 处</span> : null}
      </>
    ),
  },
  { key: "region", title: "地区", width: 76, render: (row) => row.regionName },
  {
    key: "class",
    title: "种类",
    width: 118,
    render: (row) => (
      <>
        {ruleKindLabels[row.kind]}
        {row.class ? <span className={css["two"]}>{ruleClassLabels[row.class]}</span> : null}
      </>
    ),
  },
  {
    key: "status",
    title: "状态",
    width: 108,
    render: (row) => (
      <>
        <StatusTag tone={statusTones[row.status]}>{statusLabels[row.status]}</StatusTag>
        {row.problems > 0 ? (
          <>
            {" "}
            <StatusTag tone="late">{row.problems} 处错误</StatusTag>
          </>
        ) : null}
        <span className={css["two"]}>
          {row.kind === "parameter" ? "" : windowWords(null, row.inForceTo).replace("长期", "没有写明期限")}
        </span>
      </>
    ),
  },
  {
    key: "eligible",
    title: "符合",
    width: 96,
    align: "right",
    render: ({ tally }) =>
      tally ? (
        <>
          <b>
            <CountText value={tally.eligible} />
          </b>
          <span className={css["two"]}>{tally.amountFen > 0 ? moneyWords(tally.amountFen) : "\u00a0"}</span>
        </>
      ) : (
        <span className="caption">—</span>
      ),
  },
  {
    key: "waiting",
    title: "待办",
    width: 60,
    align: "right",
    render: ({ tally }) => (tally ? <CountText value={tally.waiting} /> : <span className="caption">—</span>),
  },
];
