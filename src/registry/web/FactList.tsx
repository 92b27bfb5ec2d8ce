import type { ReactNode } from "react";
import { Card } from "../../ui/index.ts";
import css from "./PersonFacts.module.css";

/** The few facts at the head of a page, and perhaps a way to the rest. */
export function FactList({
  facts,
  children,
}: {
  facts: readonly { readonly label: string; readonly value: ReactNode }[];
  children?: ReactNode;
}) {
  return (
    <Card>
      <dl className={css["facts"]}>
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
        {children}
      </dl>
    </Card>
  );
}
