import type { ReactNode } from "react";
import css from "./Law.module.css";

/** The words of the law beside the rule, in the serif of printed texts, with where they stand. */
export function Law({ quote, source }: { quote: ReactNode; source: ReactNode }) {
  return (
    <blockquote className={css["quote"]}>
      {quote} <cite>{source}</cite>
    </blockquote>
  );
}
