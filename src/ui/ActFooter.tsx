import type { ReactNode } from "react";
import { count } from "./format.ts";
import type { Change } from "./ConfirmAct.tsx";
import css from "./ActFooter.module.css";

export interface ActFooterProps {
  /** "应用将改动登记库（717 处）". */
  title: string;
  /** What stays and what the whole becomes. */
  note?: ReactNode;
  changes: readonly Change[];
  /** Whether and how it can be undone; one or two short lines. */
  undo?: ReactNode;
  /** The one primary button. */
  children: ReactNode;
}

/** Stays in sight at the bottom of a page and says in numbers what the act will change. */
export function ActFooter({ title, note, changes, undo, children }: ActFooterProps) {
  return (
    <footer className={css["footer"]} aria-label={title}>
      <div className={css["effect"]}>
        <p className={css["head"]}>
          <b>{title}</b> <span>{note}</span>
        </p>
        <ul>
          {changes
            .filter((change) => change.count > 0)
            .map((change) => (
              <li key={change.what}>
                <span className={css["number"]}>
                  <b className={change.tone ? `tone-${change.tone}` : ""}>{count(change.count)}</b>
                  <small> {change.unit}</small>
                </span>
                <span>{change.what}</span>
              </li>
            ))}
        </ul>
      </div>
      {undo ? <div className={css["undo"]}>{undo}</div> : null}
      <div className={css["act"]}>{children}</div>
    </footer>
  );
}
