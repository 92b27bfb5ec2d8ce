import { Button } from "antd";
import { useState } from "react";
import { Card, DataTable, DateText, EmptyState, shortDate } from "../../ui/index.ts";
import { OneLine } from "./OneLine.tsx";
import type { ValueOrigin } from "../contract.ts";

/** Shown before the rest: what differs or waits comes first. */
const FIRST = 8;
const rank: Record<ValueOrigin["outcome"], number> = {
  waiting: 0,
  differs: 1,
  near: 2,
  kept: 3,
  adopted: 4,
  agreed: 5,
  only: 6,
};
const tones: Record<ValueOrigin["outcome"], string> = {
  waiting: "tone-late",
  differs: "tone-soon",
  near: "",
  kept: "",
  adopted: "",
  agreed: "tone-done",
  only: "",
};

/** What officers ask about first, among values of the same standing. */
const asked = [
  "phone",
  "monthly_wage_fen",
  "end_date",
  "start_date",
  "employer_name",
  "work_region",
  "skills",
  "labour_capacity",
  "job_willing",
  "home_region",
  "name",
];

function interest({ entity, field }: ValueOrigin): number {
  const place = asked.indexOf(field);
  return entity === "person_category" || place < 0 ? asked.length : place;
}

export function ValueOrigins({ values }: { values: readonly ValueOrigin[] }) {
  const [all, setAll] = useState(false);
  const current = values.find((value) => value.entity === "employment")?.about;
  const isFormer = (value: ValueOrigin) => value.entity === "employment" && value.about !== current;
  const sorted = values.toSorted(
    (a, b) =>
      rank[a.outcome] - rank[b.outcome] || Number(isFormer(a)) - Number(isFormer(b)) || interest(a) - interest(b),
  );
  const extra =
    values.length > FIRST ? (
      <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
        {all ? "只看要紧的" : `全部 ${values.length} 项 ›`}
      </Button>
    ) : null;
  return (
    <Card title="每个值从哪来" note="按权威顺序取值，不一致的留痕" extra={extra}>
      <DataTable
        caption="每个值从哪来"
        density="short"
        rows={all ? sorted : sorted.slice(0, FIRST)}
        rowKey={(row) => `${row.entity} ${row.about} ${row.field}`}
        columns={[
          { key: "label", title: "字段", width: 96, render: (row) => <Label row={row} former={isFormer(row)} /> },
          {
            key: "value",
            title: "采用值",
            render: (row) => (
              <b>
                <OneLine text={row.value ?? "（空）"} />
              </b>
            ),
          },
          { key: "source", title: "来源", width: 112, render: (row) => row.sourceLabel },
          { key: "taken", title: "取得日", width: 92, render: (row) => <DateText value={row.takenOn} /> },
          { key: "others", title: "其他来源说", render: (row) => <Others others={row.others} /> },
          {
            key: "outcome",
            title: "结果",
            width: 164,
            align: "right",
            render: (row) => <span className={tones[row.outcome]}>{row.outcomeText}</span>,
          },
        ]}
        empty={<EmptyState title="没有登记任何值" />}
      />
    </Card>
  );
}

/** A value of a former spell or of a category says whose it is; those of the person and the current spell are plain. */
function Label({ row, former }: { row: ValueOrigin; former: boolean }) {
  const about = former || row.entity === "person_category" ? row.about : "";
  return (
    <span title={row.about || "基本信息"}>
      {row.label}
      {about === "" ? null : <OneLine text={about} />}
    </span>
  );
}

function Others({ others }: { others: ValueOrigin["others"] }) {
  const first = others[0];
  if (!first) return <span className="caption">—</span>;
  const words = (other: ValueOrigin["others"][number]) =>
    `${other.sourceLabel} ${shortDate(other.on)}：${other.agrees ? "一致" : other.value}`;
  return (
    <OneLine
      text={others.length > 1 ? `${words(first)} 等 ${others.length} 条` : words(first)}
      hint={others.map(words).join("；")}
    />
  );
}
