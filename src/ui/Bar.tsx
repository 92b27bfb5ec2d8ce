import css from "./Bar.module.css";

/** How far something is. Without `part` it is under way and nobody knows how far. */
export function Bar({
  part,
  label,
  tone = "blue",
  width,
}: {
  part: number | null;
  label: string;
  tone?: "blue" | "late" | "soon";
  width?: number;
}) {
  return (
    <progress
      aria-label={label}
      max={1}
      {...(part === null ? {} : { value: Math.max(0, Math.min(1, part)) })}
      className={`${css["bar"]} ${css[tone]}`}
      style={{ width }}
    />
  );
}
