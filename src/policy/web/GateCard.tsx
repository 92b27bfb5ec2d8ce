import { Card, Icon, TaskProgress, useRefresh } from "../../ui/index.ts";
import { getRule, getRuleTask, type GateFinding, type RuleView } from "../contract.ts";
import css from "./GateCard.module.css";

const marks: Record<GateFinding["weight"], { icon: "cross" | "warning" | "check"; tone: string; words: string }> = {
  stop: { icon: "cross", tone: "tone-late", words: "未通过" },
  warn: { icon: "warning", tone: "tone-soon", words: "请留意" },
  pass: { icon: "check", tone: "tone-done", words: "通过" },
};

/** 发布前检查: what the gate found over the registry, or that it is still looking. */
export function GateCard({ rule }: { rule: RuleView }) {
  const refresh = useRefresh();
  const waits = rule.state === "proposed" && rule.gate === null;
  if (!waits && rule.gate === null) return null;
  return (
    <Card title="发布前检查" {...(rule.gate ? { note: `在登记库上按 ${rule.gate.asOf} 试算，没有写入` } : {})}>
      {rule.gate ? (
        <ul className={css["findings"]}>
          {rule.gate.findings.map((finding) => {
            const { icon, tone, words } = marks[finding.weight];
            return (
              <li key={`${finding.code} ${finding.message}`}>
                <span className={tone}>
                  <Icon name={icon} /> <b>{words}</b>
                </span>
                <span>{finding.message}</span>
              </li>
            );
          })}
          {rule.gate.findings.length === 0 ? <li>这种规则没有需要试算的项目，请复核人逐条核对条文。</li> : null}
          {rule.overrideReason ? (
            <li>
              <b>仍然发布的理由</b>
              <span>{rule.overrideReason}</span>
            </li>
          ) : null}
        </ul>
      ) : rule.taskId ? (
        <TaskProgress taskId={rule.taskId} route={getRuleTask} onEnd={() => void refresh([getRule])} />
      ) : (
        <p className={css["none"]}>这份规则随程序更新送来，还没有检查过：请退回修改，再提交一次，系统会随即检查。</p>
      )}
    </Card>
  );
}
