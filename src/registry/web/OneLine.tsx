import css from "./OneLine.module.css";

/** Text that must not make a row of a work table higher: cut where the column ends, whole as a hint. */
export function OneLine({ text, hint }: { text: string; hint?: string }) {
  return (
    <span className={css["line"]} title={hint ?? text}>
      {text}
    </span>
  );
}
