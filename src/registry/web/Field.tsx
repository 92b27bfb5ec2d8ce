import type { ReactNode } from "react";
import css from "./EditPersonDrawer.module.css";

/** A labelled control of a form. */
export function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className={css["field"]}>
      <span>{label}</span>
      {children}
    </label>
  );
}
