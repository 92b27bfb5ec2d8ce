import css from "./Bar.module.css";

/** How far something is. Without `part` it is under way and nobody knows how far. */
export function Bar({ part, label, tone = "blue", width }: { part: number | null; label: string; tone?: "blue" | "late" | "soon"; width?: number }) {
  const percent = part === null ? null : Math.round(Math.max(0, Math.min(1, part)) * 100);
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": percent })}
      className={css["bar"]}
      style={{ width }}
    >
      <span className={`${css["fill"]} ${css[tone]} ${percent === null ? css["unknown"] : ""}`} style={percent === null ? undefined : { width: `${percent}%` }} />
    </span>
  );
}
