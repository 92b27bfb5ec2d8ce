import { parseArgs } from "node:util";
import { policyReport, problemsOf, type CheckItemReport, type ItemReport } from "./policy-report.ts";

/**
 * `npm run policies`: every item of the catalogue of subsidies, the measures that stand for it, whether the three engines agree on their
 * cases, and how many rows each decides how in a small installation of three counties, made for the purpose and thrown away; and every item
 * of the catalogue of checks, with its checks and what they find there, or the fact it waits for.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const report = await policyReport();
const problems = problemsOf(report);
if (values.json) process.stdout.write(`${JSON.stringify({ ...report, problems }, null, 1)}\n`);
else {
  print(report.items);
  printChecks(report.checks);
}
process.stdout.write(problems.map((problem) => `× ${problem}\n`).join(""));
process.exitCode = problems.length > 0 ? 1 : 0;

function print(items: readonly ItemReport[]): void {
  for (const { item, class: of, measures } of items) {
    process.stdout.write(`${item}  ${of}\n`);
    for (const one of measures)
      process.stdout.write(
        `  ${one.file}  ${one.class}  条件${one.conditions}  限额${one.limits}  案例${one.cases}${one.disagreements.length === 0 ? "（三种引擎一致）" : "（不一致）"}  ${one.asOf}：符合${one.rows.eligible}  未到期${one.rows.notYet}${one.rows.notYet === 0 && one.neverNotYet ? `（${one.neverNotYet}）` : ""}  不符合${one.rows.refused}  待核实${one.rows.unknown}\n`,
      );
  }
}

function printChecks(items: readonly CheckItemReport[]): void {
  const waiting = items.filter(({ waits }) => waits !== null).length;
  process.stdout.write(`\n核查：目录 ${items.length} 项，已编 ${items.length - waiting} 项，等事实 ${waiting} 项\n`);
  for (const { item, title, severity, waits, partly, checks } of items) {
    process.stdout.write(
      `${item}  ${severity}  ${title}${waits ? `  等：${waits}` : partly ? `  部分：${partly}` : ""}\n`,
    );
    for (const one of checks) {
      const rows = ["VIOLATION", "WARNING", "SUSPECTED", "UNKNOWN", "COMPLIANT"].map((name) => one.rows[name] ?? 0);
      process.stdout.write(
        `  ${one.file}  条件${one.conditions}  案例${one.cases}${one.disagreements.length === 0 ? "（三种引擎一致）" : "（不一致）"}  ${one.asOf}：疑点${one.findings}  违规${rows[0]}  提示${rows[1]}  疑似${rows[2]}  待核实${rows[3]}  正常${rows[4]}\n`,
      );
    }
  }
}
