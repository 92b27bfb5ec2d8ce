import type { ReactNode } from "react";
import { Icon } from "./Icon.tsx";
import css from "./Outcome.module.css";

/** How a piece of work ended: one sentence, what follows from it, and the way back or on. */
export function Outcome({
  kind,
  sentence,
  note,
  children,
}: {
  kind: "done" | "undone";
  sentence: ReactNode;
  note?: ReactNode;
  /** A button at the right. */
  children?: ReactNode;
}) {
  return (
    <div className={css["outcome"]}>
      <span className={`${css["mark"]} ${kind === "undone" ? css["undone"] : ""}`} aria-hidden="true">
        <Icon name={kind === "done" ? "check" : "undo"} />
      </span>
      <div>
        <p className={css["sentence"]}>{sentence}</p>
        {note ? <p className="secondary">{note}</p> : null}
      </div>
      {children}
    </div>
  );
}
