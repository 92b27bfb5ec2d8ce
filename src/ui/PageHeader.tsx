import { useEffect, type ReactNode } from "react";
import { Link } from "./Link.tsx";
import css from "./PageHeader.module.css";

export interface Crumb {
  readonly label: string;
  /** The last crumb is the page itself and has none. */
  readonly path?: string;
}

export interface PageHeaderProps {
  title: string;
  crumbs?: readonly Crumb[];
  /** Small words after the title: who sent it, when. */
  note?: ReactNode;
  /** Tags after the note. */
  tags?: ReactNode;
  /** Buttons at the right. At most one of them is primary. */
  actions?: ReactNode;
}

/** Where one is, what this is, and what can be done with it. Also names the browser's tab. */
export function PageHeader({ title, crumbs, note, tags, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · 稳岗`;
  }, [title]);
  return (
    <div className={css["header"]}>
      {crumbs && crumbs.length > 0 ? (
        <nav aria-label="当前位置" className={css["crumbs"]}>
          <ol>
            {crumbs.map((crumb, index) => (
              <li key={`${index} ${crumb.label}`}>
                {crumb.path ? (
                  <Link to={crumb.path}>{crumb.label}</Link>
                ) : (
                  <span {...(index === crumbs.length - 1 ? { "aria-current": "page" as const } : {})}>
                    {crumb.label}
                  </span>
                )}
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className={css["row"]}>
        <h1>{title}</h1>
        {note ? <span className="caption">{note}</span> : null}
        {tags}
        {actions ? <div className={css["actions"]}>{actions}</div> : null}
      </div>
    </div>
  );
}
