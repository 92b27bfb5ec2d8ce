import { useId, type ReactNode } from "react";
import css from "./Field.module.css";

interface FieldProps {
  label: string;
  /** What is wrong with the value; stands below it and is read out with it. */
  fault?: string | null;
  /** What the value is for, when nothing is wrong. */
  hint?: ReactNode;
  children: (field: {
    id: string;
    "aria-invalid": boolean;
    "aria-describedby"?: string;
    status: "" | "error";
  }) => ReactNode;
}

/** A labelled control with its hint or fault. */
export function Field({ label, fault = null, hint, children }: FieldProps) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-invalid": fault !== null,
        status: fault === null ? "" : "error",
        ...(note ? { "aria-describedby": `${id}-note` } : {}),
      })}
      {note ? (
        <span id={`${id}-note`} className={fault === null ? css["hint"] : css["fault"]}>
          {note}
        </span>
      ) : null}
    </div>
  );
}
