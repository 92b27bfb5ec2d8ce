import { useId, type ReactNode } from "react";
import css from "./Card.module.css";

export interface CardProps {
  title?: ReactNode;
  /** Small words beside the title: what the card counts, how it is sorted. */
  note?: ReactNode;
  /** At the right of the head: a link, a legend. */
  extra?: ReactNode;
  children: ReactNode;
  /** Content that is text rather than a table gets the card's own margin. */
  padded?: boolean;
  fill?: boolean;
}

export function Card({ title, note, extra, children, padded = false, fill = false }: CardProps) {
  const id = useId();
  return (
    <section className={`${css["card"]} ${fill ? css["fill"] : ""}`} {...(title ? { "aria-labelledby": id } : {})}>
      {title ? (
        <header className={css["head"]}>
          <h2 id={id}>{title}</h2>
          {note ? <span className={`caption ${css["note"]}`}>{note}</span> : null}
          {extra ? <span className={css["extra"]}>{extra}</span> : null}
        </header>
      ) : null}
      <div className={padded ? css["padded"] : ""}>{children}</div>
    </section>
  );
}
