import type { ReactNode } from "react";
import { count } from "./format.ts";
import { Link } from "./Link.tsx";
import css from "./FigureStrip.module.css";

export interface Figure {
  readonly key: string;
  readonly label: string;
  readonly value: number | string;
  readonly unit?: string;
  readonly note?: ReactNode;
  readonly tone?: "plain" | "late" | "soon" | "done";
  /** A number that stands on a list opens it. */
  readonly path?: string;
}

/** A row of figures, each with what it counts above and what it means below. */
export function FigureStrip({ figures, label }: { figures: readonly Figure[]; label: string }) {
  // One figure's note keeps a line free below the others; where none has one, no line is left empty.
  const noted = figures.some(({ note }) => note !== undefined);
  return (
    <ul className={css["strip"]} aria-label={label}>
      {figures.map((figure) => {
        const content = (
          <>
            <span className={css["label"]}>{figure.label}</span>
            <span className={css["value"]}>
              <b className={figure.tone ? `tone-${figure.tone}` : ""}>
                {typeof figure.value === "number" ? count(figure.value) : figure.value}
              </b>
              {figure.unit ? <small> {figure.unit}</small> : null}
            </span>
            {noted ? <span className={`caption ${css["note"]}`}>{figure.note ?? "\u00a0"}</span> : null}
          </>
        );
        return (
          <li key={figure.key}>
            {figure.path ? <Link to={figure.path}>{content}</Link> : <div className={css["still"]}>{content}</div>}
          </li>
        );
      })}
    </ul>
  );
}
