import type { ReactNode } from "react";
import { Link } from "./Link.tsx";
import css from "./BarChart.module.css";

export interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: number;
  /** What it was before: a paler bar under it. */
  readonly before?: number;
  /** The value in words and digits: the chart needs no table behind it. */
  readonly shown: ReactNode;
  /** `loss` is hatched: taken away rather than given. */
  readonly tone?: "plain" | "loss" | "soon";
  readonly path?: string;
}

/** Bars of one measure, longest row by `most` or by the largest value. Every bar has its figure beside it. */
export function BarChart({ rows, label, most }: { rows: readonly BarRow[]; label: string; most?: number }) {
  const scale = Math.max(1, most ?? 0, ...rows.flatMap(({ value, before = 0 }) => [Math.abs(value), before]));
  const width = (value: number) => `${((Math.abs(value) * 100) / scale).toFixed(1)}%`;
  return (
    <ul className={css["chart"]} aria-label={label}>
      {rows.map((row) => (
        <li key={row.key}>
          <span className={css["label"]}>{row.path ? <Link to={row.path}>{row.label}</Link> : row.label}</span>
          <span className={css["track"]} aria-hidden="true">
            {row.before === undefined ? null : <i className={css["before"]} style={{ width: width(row.before) }} />}
            <i className={css[row.tone ?? "plain"]} style={{ width: width(row.value) }} />
          </span>
          <span className={css["shown"]}>{row.shown}</span>
        </li>
      ))}
    </ul>
  );
}
