import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import css from "./Steps.module.css";

export interface Step {
  readonly key: string;
  readonly label: string;
  /** What came of it or what it waits for: "20,583 行 · 31 列". */
  readonly note: string;
  readonly state: "done" | "current" | "waiting" | "failed";
  /** A step that can be looked at is a link. */
  readonly path?: string;
}

/** Where a piece of work stands, as one bar. `shown` is the step the page is looking at. */
export function Steps({ steps, shown, label }: { steps: readonly Step[]; shown?: string; label: string }) {
  return (
    <ol className={css["steps"]} aria-label={label} style={{ gridTemplateColumns: `repeat(${steps.length}, 1fr)` }}>
      {steps.map((step, index) => {
        const content = (
          <>
            <span className={css["mark"]} aria-hidden="true">
              {step.state === "done" ? (
                <Icon name="check" size={12} />
              ) : step.state === "failed" ? (
                <Icon name="cross" size={12} />
              ) : (
                index + 1
              )}
            </span>
            <span className={css["words"]}>
              <b>{step.label}</b>
              <i>{step.note}</i>
              <span className="sr-only">{stateWords[step.state]}</span>
            </span>
          </>
        );
        const current = step.key === shown;
        return (
          <li
            key={step.key}
            className={`${css[step.state]} ${current ? css["shown"] : ""}`}
            {...(current ? { "aria-current": "step" as const } : {})}
          >
            {step.path ? <Link to={step.path}>{content}</Link> : <span className={css["still"]}>{content}</span>}
          </li>
        );
      })}
    </ol>
  );
}

const stateWords: Record<Step["state"], string> = {
  done: "已完成",
  current: "进行中",
  waiting: "未开始",
  failed: "未办成",
};
