import type { ReactNode } from "react";
import css from "./StatusTag.module.css";

export type Tone = "plain" | "blue" | "late" | "soon" | "done" | "outline";

/** A word on a tint. Red says late or wrong and nothing else; the word always says the same as the colour. */
export function StatusTag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${css["tag"]} ${css[tone]}`}>{children}</span>;
}
