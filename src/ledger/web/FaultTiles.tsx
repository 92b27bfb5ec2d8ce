import { count, Link } from "../../ui/index.ts";
import { faultLabels, type FaultCode, type FaultSeverity } from "../contract.ts";
import css from "./FaultTiles.module.css";

export interface FaultCount {
  readonly code: FaultCode;
  readonly severity: FaultSeverity;
  readonly rows: number;
  readonly suggested: number;
}

const severityWords: Record<FaultSeverity, string> = { repaired: "已修", waiting: "待修", notice: "提示" };

export interface FaultTilesProps {
  counts: readonly FaultCount[];
  waitingRows: number;
  /** Address of the list behind a tile. */
  pathOf: (code: FaultCode, severity: FaultSeverity) => string;
  /** The tile whose list is open. */
  shown?: { code: string; severity: string };
  /** Link at the right end, where the strip is not the page itself. */
  all?: string;
}

/** One tile per kind of fault: how many, mended or waiting, and how. Waiting ones first, in red. */
export function FaultTiles({ counts, waitingRows, pathOf, shown, all }: FaultTilesProps) {
  const order: Record<FaultSeverity, number> = { waiting: 0, repaired: 1, notice: 2 };
  const sorted = counts
    .filter((one) => one.rows > 0)
    .toSorted((a, b) => order[a.severity] - order[b.severity] || b.rows - a.rows);
  return (
    <div className={`${css["strip"]} ${all ? css["compact"] : ""}`}>
      <div className={css["head"]}>
        <b className={waitingRows > 0 ? "tone-late" : "tone-done"}>
          {waitingRows > 0 ? `校验：${count(waitingRows)} 行待修` : "校验：没有待修的行"}
        </b>
        <span>{waitingRows > 0 ? "不应用，也不算“消失”" : "全部可以比对"}</span>
      </div>
      <ul>
        {sorted.map((one) => (
          <li key={`${one.code} ${one.severity}`} className={one.severity === "waiting" ? css["waiting"] : ""}>
            <Link
              to={pathOf(one.code, one.severity)}
              {...(shown?.code === one.code && shown.severity === one.severity
                ? { "aria-current": "true" as const }
                : {})}
            >
              <span>{faultLabels[one.code].label}</span>
              <span>
                <b className={one.severity === "waiting" ? "tone-late" : ""}>{count(one.rows)}</b>{" "}
                {severityWords[one.severity]} · {faultLabels[one.code].mend}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {all ? (
        <Link to={all} className={css["all"]}>
          {waitingRows > 0 ? `修复 ${count(waitingRows)} 行 ›` : `全部 ${sorted.length} 类 ›`}
        </Link>
      ) : null}
    </div>
  );
}
