import type { ClaimsRelation, PreparedMeasure } from "#kernel";
import { addDays } from "../../platform/dates/index.ts";
import type { Db } from "../../platform/db/database.ts";
import { formatYuan } from "../../platform/money.ts";
import type { TriedCase } from "../rules/draft.ts";
import type { GateFinding, GateReport, SimulationReport } from "../contract.ts";
import { simulate } from "../simulation/simulate.ts";

/** Share of the persons served, in percent, from which a change of rule is to be looked at twice. */
const MUCH_CHANGED = 10;

export interface GateQuestion {
  readonly rule: PreparedMeasure;
  /** Its cases and how they came out; none: the draft has no cases. */
  readonly tried: readonly TriedCase[];
  /** What is in force now in its place, if anything. */
  readonly current: PreparedMeasure | null;
  /** Windows of the other versions of the same measure and division. */
  readonly others: readonly { readonly from: string; readonly to: string | null; readonly path: string }[];
  readonly asOf: string;
}

/**
 * What must be known before a rule is put in force: judged over the registry in the rule's own division and, if the day lies outside its
 * window, on the window's last day (or first). For rules that pay nothing, only texts and cases are judged.
 */
export async function judgeDraft(db: Db, claims: ClaimsRelation, question: GateQuestion): Promise<GateReport> {
  const { rule, tried, current } = question;
  const asOf = dayWithin(rule, question.asOf);
  const findings: GateFinding[] = [...casesFindings(rule, tried), ...windowFindings(rule, question.others)];
  if (rule.amount) {
    const report = await simulate(db, rule, current, claims, { region: "", asOf, countyName: (county) => county });
    findings.push(...registryFindings(rule, report));
  }
  return { asOf, findings };
}

function dayWithin({ definition }: PreparedMeasure, day: string): string {
  const { from, to } = definition.inForce;
  return day < from ? from : to !== undefined && day > to ? to : day;
}

const finding = (code: string, weight: GateFinding["weight"], message: string): GateFinding => ({
  code,
  weight,
  message,
});

function casesFindings(rule: PreparedMeasure, results: readonly TriedCase[]): GateFinding[] {
  if (results.length === 0)
    return [finding("cases.none", "stop", "没有示例：请附上示例文件，每项条件至少有一个只因它不符合的示例。")];
  const wrong = results.filter(({ agrees }) => !agrees);
  const alone = new Set(results.flatMap(({ decision }) => (decision.failed.length === 1 ? decision.failed : [])));
  const untried = [...rule.conditions, ...rule.limits].filter(
    ({ id }) => !["jurisdiction", "in-force"].includes(id) && !alone.has(id),
  );
  const entitled = results.some(({ decision }) => decision.outcome.startsWith("ELIGIBLE"));
  return [
    ...(wrong.length > 0
      ? [
          finding(
            "cases.disagree",
            "stop",
            `${wrong.length} 个示例与规则算出的结果不一致：${wrong
              .map(({ one }) => one.name)
              .slice(0, 5)
              .join("、")}。`,
          ),
        ]
      : [finding("cases.agree", "pass", `${results.length} 个示例全部一致。`)]),
    ...(untried.length > 0
      ? [
          finding(
            "cases.missing",
            "warn",
            `这些条件没有“只因它不符合”的示例：${untried.map(({ says }) => says).join("；")}。`,
          ),
        ]
      : []),
    ...(entitled ? [] : [finding("cases.nobody", "stop", "没有一个示例符合条件。")]),
  ];
}

/** Two texts in force on one day, or a day between them on which none is. */
function windowFindings({ definition }: PreparedMeasure, others: GateQuestion["others"]): GateFinding[] {
  const own = { from: definition.inForce.from, to: definition.inForce.to ?? null };
  const findings = others.flatMap((other) =>
    (other.to === null || other.to >= own.from) && (own.to === null || own.to >= other.from)
      ? [finding("window.overlap", "stop", `施行期与 ${other.path} 重叠：同一天会有两个版本同时有效。`)]
      : [],
  );
  const before = others
    .filter(({ to }) => to !== null && to < own.from)
    .toSorted((a, b) => b.to!.localeCompare(a.to!))[0];
  if (before && addDays(before.to!, 1) < own.from)
    findings.push(
      finding("window.gap", "warn", `与上一版本之间有空档：${before.to} 之后到 ${own.from} 之前没有规则。`),
    );
  return findings;
}

function registryFindings(rule: PreparedMeasure, report: SimulationReport): GateFinding[] {
  const count = (names: readonly string[]) =>
    report.outcomes.filter(({ outcome }) => names.includes(outcome)).reduce((sum, { rows }) => sum + rows, 0);
  const entitled = count(["ELIGIBLE", "ELIGIBLE_UP_TO_CAP"]);
  const findings: GateFinding[] = [];
  if (report.rows === 0) return [finding("rows.none", "warn", "登记库里还没有这类记录，无法测算影响。")];
  if (entitled === 0 && count(["NOT_YET", "PARAM_MISSING"]) === 0)
    findings.push(finding("rows.nobody", "stop", `${report.rows} 条记录中没有一条符合条件。`));
  if (entitled === report.rows)
    findings.push(finding("rows.everybody", "stop", `${report.rows} 条记录全部符合条件，规则没有起筛选作用。`));
  const refusing = new Set(report.refusedBy.map(({ condition }) => condition));
  const idle = rule.conditions.filter(
    ({ id }) => !refusing.has(id) && !["jurisdiction", "in-force", "accepted-in-time"].includes(id),
  );
  if (idle.length > 0 && entitled > 0)
    findings.push(
      finding(
        "condition.idle",
        "warn",
        `这些条件在现有记录中没有排除任何人：${idle.map(({ says }) => says).join("；")}。`,
      ),
    );
  const all = report.refusedBy.filter(({ rows }) => rows === report.rows);
  if (all.length > 0)
    findings.push(
      finding("condition.unreachable", "stop", `这些条件排除了全部记录：${all.map(({ says }) => says).join("；")}。`),
    );
  const unknown = count(["UNKNOWN"]);
  if (unknown * 2 > report.rows)
    findings.push(finding("rows.unknown", "warn", `${unknown} 条记录（共 ${report.rows} 条）因缺少信息无法判断。`));
  const { difference } = report;
  if (difference) {
    const changed = difference.winners.rows + difference.losers.rows + difference.more.rows + difference.less.rows;
    const share = Math.ceil((changed * 100) / Math.max(1, difference.before.rows));
    const words = `与现行版本相比：新增 ${difference.winners.rows} 条、不再符合 ${difference.losers.rows} 条、金额增加 ${difference.more.rows} 条、减少 ${difference.less.rows} 条`;
    findings.push(
      changed > 0 && share >= MUCH_CHANGED
        ? finding("change.much", "stop", `${words}，影响现有对象的 ${share}%。`)
        : finding("change.little", "pass", `${words}。`),
    );
  } else
    findings.push(
      finding(
        "change.new",
        "pass",
        `符合条件 ${entitled} 条，合计 ${formatYuan(report.outcomes.reduce((sum, { amountFen }) => sum + amountFen, 0))} 元。`,
      ),
    );
  return findings;
}
