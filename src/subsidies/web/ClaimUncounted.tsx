import { Pagination } from "antd";
import { useState } from "react";
import { outcomeLabels, type OutcomeName } from "#policy/contract";
import type { OutputOf } from "../../platform/contract.ts";
import { Card, DataTable, DateText, Link, StatusTag, useRoute, type Column } from "../../ui/index.ts";
import { listUncounted } from "../contract.ts";
import { outcomeTones } from "./words.ts";
import css from "./subsidies.module.css";

type Row = OutputOf<typeof listUncounted>["rows"][number];
const SIZE = 10;

/** Who of the payee's people the claim does not pay, and by which sentence: nothing where everybody is paid. */
export function ClaimUncounted({ claimId }: { readonly claimId: string }) {
  const [page, setPage] = useState(1);
  const query = useRoute(listUncounted, { claimId, page, size: SIZE }, { keep: true });
  const answer = query.data;
  if (!answer || answer.total === 0) return null;
  return (
    <Card
      title="没有列入的"
      note={`按 ${answer.asOf} 的事实：${answer.byOutcome.map(({ outcome, rows }) => `${wordsOf(outcome)} ${rows}`).join("，")}`}
    >
      <DataTable
        caption="没有列入的人员和原因"
        rows={answer.rows}
        rowKey={(row) => row.rowKey}
        columns={columns}
        density="duty"
        stale={query.isPlaceholderData}
      />
      <p className={css["source"]}>
        条款出自：
        {[
          ...new Set(
            answer.rows.flatMap(({ reasons }) =>
              reasons.flatMap(({ basis }) => (basis ? [basis.number || basis.textTitle] : [])),
            ),
          ),
        ].join("、")}
      </p>
      {answer.total > SIZE ? (
        <div className={css["pages"]}>
          <Pagination
            size="small"
            current={page}
            pageSize={SIZE}
            total={answer.total}
            showSizeChanger={false}
            showLessItems
            onChange={setPage}
          />
        </div>
      ) : null}
    </Card>
  );
}

/** What is payable and stands in no claim yet is found by the next intake. */
const wordsOf = (outcome: OutcomeName): string =>
  outcome.startsWith("ELIGIBLE") ? "已符合，另生成一件" : outcomeLabels[outcome];

const columns: readonly Column<Row>[] = [
  {
    key: "person",
    title: "人员",
    width: 168,
    fixed: true,
    render: (row) => (
      <>
        {row.personId ? (
          <Link to={`/persons/${row.personId}`}>{row.personName ?? ""}</Link>
        ) : (
          (row.personName ?? "（非个人）")
        )}
        {row.identityMask ? <span className={css["sub"]}>{row.identityMask}</span> : null}
      </>
    ),
  },
  {
    key: "outcome",
    title: "结论",
    width: 118,
    render: (row) => (
      <>
        <StatusTag tone={outcomeTones[row.outcome]}>
          {row.outcome.startsWith("ELIGIBLE") ? "已符合" : outcomeLabels[row.outcome]}
        </StatusTag>
        {row.from ? (
          <span className={css["sub"]}>
            <DateText value={row.from} /> 起
          </span>
        ) : null}
      </>
    ),
  },
  { key: "event", title: "所属日期", width: 108, render: (row) => <DateText value={row.eventDate} /> },
  { key: "why", title: "哪一条没有达到", render: (row) => <Reasons row={row} /> },
];

function Reasons({ row }: { readonly row: Row }) {
  if (row.outcome.startsWith("ELIGIBLE")) return <span className="secondary">下次由筛查结果生成时另立一件</span>;
  return (
    <ul className={css["reasons"]}>
      {row.reasons.map(({ says, basis, facts }) => (
        <li key={says}>
          {says}
          <span className={css["sub"]}>
            {[
              ...facts.map(({ label, value }) => `${label}：${value ?? "不详"}`),
              ...(basis?.article ? [`条款 ${basis.article}`] : []),
            ].join("　")}
          </span>
        </li>
      ))}
      {row.missingParameters.length > 0 ? <li>当地还没有定：{row.missingParameters.join("、")}</li> : null}
    </ul>
  );
}
