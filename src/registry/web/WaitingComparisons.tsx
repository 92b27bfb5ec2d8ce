import { Card, DueText, Link, StatusTag } from "../../ui/index.ts";
import type { ComparisonRow } from "../contract.ts";
import { DecideButtons } from "./DecideButtons.tsx";
import css from "./side.module.css";

export function WaitingComparisons({ tasks }: { tasks: readonly ComparisonRow[] }) {
  return (
    <Card title="待核对" note="两个来源说法不同" extra={<StatusTag tone="soon">{tasks.length} 项</StatusTag>}>
      <ul className={css["list"]}>
        {tasks.map((task) => (
          <li key={task.comparisonId}>
            <b>{task.fieldLabel}</b>
            <span className="caption">{task.about}</span>
            <span className={css["end"]}>{task.dueOn ? <DueText due={task.dueOn} /> : null}</span>
            <span className={css["whole"]}>
              {task.heldSourceLabel ?? "原值"}：{task.held ?? "（空）"}
            </span>
            <span className={css["whole"]}>
              {task.batchId ? (
                <Link to={`/ledger/${task.batchId}`}>{task.claimedSourceLabel}</Link>
              ) : (
                task.claimedSourceLabel
              )}
              ：{task.claimed ?? "（空）"}
            </span>
            <span className={css["whole"]}>
              <DecideButtons tasks={[task]} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
