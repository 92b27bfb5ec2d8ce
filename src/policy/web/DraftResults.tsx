import { Card, EmptyState, Icon, ProblemNotice, useMay } from "../../ui/index.ts";
import { registryPermissions } from "#registry/contract";
import { policyPermissions, type RuleProblemRow } from "../contract.ts";
import { CasesTable, casesWords } from "./CasesTable.tsx";
import { Explained } from "./Explained.tsx";
import { PersonChoice } from "./PersonChoice.tsx";
import { ProblemList } from "./ProblemList.tsx";
import type { Checked } from "./use-draft.ts";
import css from "./layout.module.css";

/** Beside the editor, as one writes: what is wrong and where, what the cases say, what follows for one person. */
export function DraftResults({
  checked,
  checking,
  problem,
  personId,
  onPerson,
  onOpen,
}: {
  checked: Checked | null;
  checking: boolean;
  problem: unknown;
  personId: string | null;
  onPerson: (personId: string | null) => void;
  onOpen: (problem: RuleProblemRow) => void;
}) {
  const mayTry = [useMay(policyPermissions.results), useMay(registryPermissions.read)].every(Boolean);
  const wrong = checked?.problems.length ?? 0;
  return (
    <div className={css["stack"]}>
      <output className="caption" aria-live="polite">
        {checking ? (
          "正在检查……"
        ) : checked ? (
          wrong === 0 ? (
            <span className="tone-done">
              <Icon name="check" size={14} /> 没有错误，{casesWords(checked.caseResults)}
            </span>
          ) : (
            <span className="tone-late">
              <Icon name="cross" size={14} /> {wrong} 处错误
            </span>
          )
        ) : (
          "写好位置和内容后自动检查。"
        )}
      </output>
      {problem ? <ProblemNotice problem={problem} compact /> : null}
      {checked && wrong > 0 ? <ProblemList problems={checked.problems} onOpen={onOpen} /> : null}
      {mayTry ? (
        <Card title="用一个人试算" note="按登记库现在的情况，不写入">
          <div className={css["filters"]}>
            <PersonChoice value={personId} onChange={onPerson} />
          </div>
          {personId && checked && !checking ? (
            checked.rows.length > 0 ? (
              checked.rows.map(({ rowKey, explanation }) => (
                <Explained key={rowKey} title={`记录 ${rowKey}`} explanation={explanation} />
              ))
            ) : (
              <EmptyState
                title={wrong > 0 ? "改好错误后再试算" : "此人没有这项规则要看的记录"}
                hint={wrong > 0 ? undefined : "规则的 claim 指明看哪一类记录；换一个人，或核对事实来源。"}
              />
            )
          ) : null}
        </Card>
      ) : null}
      <Card title="示例" note={checked && wrong === 0 ? casesWords(checked.caseResults) : "改好错误后核对"}>
        {checked && wrong === 0 ? <CasesTable cases={checked.caseResults} /> : null}
      </Card>
    </div>
  );
}
