import type { ReactNode } from "react";
import css from "./Field.module.css";

/** A labelled control of a form, with a hint under it. */
export function Field({ label, hint, children }: { label: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <label className={css["field"]}>
      <span>{label}</span>
      {children}
      {hint ? <span className="caption">{hint}</span> : null}
    </label>
  );
}
