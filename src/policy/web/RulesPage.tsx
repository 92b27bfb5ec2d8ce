import { Button, Pagination, Tag } from "antd";
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
import {
  listRules,
  policyPermissions,
  ruleClassLabels,
  ruleKindLabels,
  ruleKinds,
  ruleStatuses,
  type RuleRow,
} from "../contract.ts";
import { ImportRule } from "./ImportRule.tsx";
import { TextsCard } from "./TextsCard.tsx";
import { WaitingCard } from "./WaitingCard.tsx";
import type { OutputOf } from "../../platform/contract.ts";
import { Source } from "./Source.tsx";
import { moneyWords, statusLabels, statusTones, textAddress } from "./words.ts";
import css from "./layout.module.css";

const NO_FILTER = { words: "", text: "", article: "", kind: "", status: "", region: "", date: "", page: "1" };
const SIZE = 100;

/** 规则库: what is in force on a day, by document, place and words; drafts that wait; the documents themselves. */
export default function RulesPage() {
  const [address, setAddress] = useAddress(NO_FILTER);
  const [importing, setImporting] = useState(false);
  const go = useGo();
  const { words, text, article, kind, status, region, date } = address;
  const page = Math.max(1, Number(address.page) || 1);
  // Another choice begins at the first page; an article is one of its document.
  const choose = (change: Partial<typeof NO_FILTER>) =>
    setAddress({ page: "1", ...("text" in change ? { article: "" } : {}), ...change });
  const query = useRoute(
    listRules,
    {
      ...(words ? { words } : {}),
      ...(text ? { text } : {}),
      ...(text && article ? { article } : {}),
      ...(status ? { status: status as RuleRow["status"] } : {}),
      ...(kind ? { kind: kind as RuleRow["kind"] } : {}),
      ...(region ? { region } : {}),
      ...(date ? { date } : {}),
      page,
      size: SIZE,
    },
    { keep: true },
  );
  const filtered = Object.entries(address).some(([name, value]) => name !== "page" && value !== "");
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
    {
      kind: "choice",
      name: "status",
      label: "状态",
      width: 140,
      options: ruleStatuses.map((value) => ({
        value,
        label: `${statusLabels[value]}${query.data ? `（${query.data.standing[value]}）` : ""}`,
      })),
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
              onChange={choose}
              {...(filtered ? { onClear: () => setAddress(NO_FILTER) } : {})}
            />
            {text && article ? (
              <p>
                只看条文{" "}
                <Tag
                  closable
                  closeIcon={<span aria-label="不限这一条">×</span>}
                  onClose={() => choose({ article: "" })}
                >
                  {article}
                </Tag>
                <a href={textAddress({ text, article })} target="_blank" rel="noopener">
                  看原文
                </a>
              </p>
            ) : null}
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
          {query.data && query.data.total > 0 ? (
            <div className={`${css["filters"]} ${css["buttons"]}`}>
              <p className="caption">
                <Standing found={query.data} />
              </p>
              {query.data.total > SIZE ? (
                <Pagination
                  size="small"
                  className={css["end"] ?? ""}
                  current={page}
                  pageSize={SIZE}
                  total={query.data.total}
                  showSizeChanger={false}
                  onChange={(next) => setAddress({ page: String(next) })}
                />
              ) : null}
            </div>
          ) : null}
        </Card>
        <div className={css["stack"]}>
          {query.data ? (
            <>
              <WaitingCard versions={query.data.waiting} />
              <TextsCard texts={query.data.texts} chosen={text} onChoose={(id) => choose({ text: id })} />
            </>
          ) : null}
        </div>
      </div>
      {importing ? <ImportRule onClose={() => setImporting(false)} /> : null}
    </>
  );
}

/** What the list amounts to, and of which day the counts are. */
function Standing({ found }: { found: OutputOf<typeof listRules> }) {
  const { rows, total, measures, standing } = found;
  const mayResults = useMay(policyPermissions.results);
  const days = [...new Set(rows.flatMap(({ tally }) => tally?.asOf ?? []))].toSorted();
  const others = ruleStatuses.filter((one) => one !== "in-force" && standing[one] > 0);
  return (
    <>
      共 {count(total)} 项，其中补贴与政策 {count(measures)} 项。
      {others.length > 0
        ? `${found.date} ${others.map((one) => `${statusLabels[one]} ${count(standing[one])} 项`).join("，")}，不参加筛查。`
        : null}
      {mayResults
        ? days.length === 0
          ? "还没有筛查过，符合人数在每晚筛查后出现。"
          : `符合、待办为辖区内最近一次筛查（${days.join("、")}）的记录数。`
        : null}
    </>
  );
}

/** Until when, since when it no longer, or from when it will. */
const windowNote = ({ status, inForceFrom, inForceTo }: RuleRow): string =>
  status === "not-yet"
    ? `${inForceFrom ?? ""} 起施行`
    : status === "ended"
      ? `${inForceTo ?? ""} 期满`
      : inForceTo === null
        ? "没有写明期限"
        : `至 ${inForceTo}`;

const columns: readonly Column<RuleRow>[] = [
  { key: "title", title: "名称", fixed: true, render: (row) => row.title },
  {
    key: "basis",
    title: "依据",
    width: 158,
    render: (row) => (
      <>
        <span className={css["clamp"]}>{row.basis[0] ? <Source basis={row.basis[0]} /> : "—"}</span>
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
        <span className={css["two"]}>{row.kind === "parameter" ? "" : windowNote(row)}</span>
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
