import { Button } from "antd";
import { Card } from "../../ui/index.ts";
import type { RuleProblemRow } from "../contract.ts";
import css from "./layout.module.css";

/** What is wrong with a rule's text, each with its place; in the editor the place can be gone to. */
export function ProblemList({
  problems,
  onOpen,
}: {
  problems: readonly RuleProblemRow[];
  onOpen?: (problem: RuleProblemRow) => void;
}) {
  return (
    <Card title="错误" note={`${problems.length} 处，改好后才能提交发布`}>
      <ul className={css["list"]}>
        {problems.map((problem, index) => {
          const place = `第 ${problem.line} 行第 ${problem.column} 列`;
          return (
            <li key={`${index} ${problem.file} ${problem.line} ${problem.column} ${problem.code}`}>
              {onOpen ? (
                <Button type="link" size="small" onClick={() => onOpen(problem)}>
                  {place}
                </Button>
              ) : (
                <b>{place}</b>
              )}
              <span className={css["whole"]}>{problem.message}</span>
              <span className={`caption ${css["whole"]}`}>{problem.file}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
