import { Card, DateText, StatusTag, useRoute } from "../../ui/index.ts";
import { getMonitored, lateKindLabels, monitoredStageLabels, type MonitoredRow } from "../contract.ts";
import css from "./monitored.module.css";

/** 早发现、早帮扶、早就业 on the page of a monitored person; nothing on others'. */
export function MonitoredPanel({ personId }: { personId: string }) {
  const row = useRoute(getMonitored, { personId }).data?.row;
  if (!row) return null;
  return (
    <Card title="早发现早帮扶早就业" extra={<StageTag row={row} />}>
      <ul className={css["stamps"]}>
        <Stamp label="发现" on={row.found.on} words={`${row.found.sourceLabel}${row.risk ? `，${row.risk}` : ""}`} />
        <Stamp
          label="帮扶"
          on={row.helped?.on ?? null}
          words={row.helped ? wordsOf(row.helped, row.helpDays) : waiting(row.helpDays, row.stage)}
        />
        <Stamp
          label="就业"
          on={row.employed?.on ?? null}
          words={row.employed ? wordsOf(row.employed, row.workDays) : waiting(row.workDays, row.stage)}
        />
      </ul>
    </Card>
  );
}

export function StageTag({ row }: { row: MonitoredRow }) {
  const [late] = row.late;
  if (late) return <StatusTag tone="late">{lateKindLabels[late]}</StatusTag>;
  return (
    <StatusTag tone={row.stage === "employed" ? "done" : row.stage === "unable" ? "plain" : "soon"}>
      {monitoredStageLabels[row.stage]}
    </StatusTag>
  );
}

function wordsOf(stamp: { sourceLabel: string; detail: string | null }, days: number | null): string {
  const after = days === null ? "" : days === 0 ? "，发现时已在" : `，发现后 ${days} 天`;
  return `${stamp.sourceLabel}${stamp.detail ? `：${stamp.detail}` : ""}${after}`;
}

function waiting(days: number | null, stage: MonitoredRow["stage"]): string {
  if (stage === "unable") return "无劳动能力，不催办";
  return days === null ? "不需要" : `已过 ${days} 天`;
}

function Stamp({ label, on, words }: { label: string; on: string | null; words: string }) {
  return (
    <li>
      <b>{label}</b>
      <span>{on ? <DateText value={on} /> : "—"}</span>
      <span className="caption">{words}</span>
    </li>
  );
}
