import { parseArgs } from "node:util";
import { policyReport, problemsOf, type ItemReport } from "./policy-report.ts";

/**
 * `npm run policies`: every item of the catalogue of subsidies, the measures that stand for it, whether the three engines agree on their
 * cases, and how many rows each decides how in a small installation of three counties, made for the purpose and thrown away.
 */
const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const report = await policyReport();
const problems = problemsOf(report);
if (values.json) process.stdout.write(`${JSON.stringify({ ...report, problems }, null, 1)}\n`);
else print(report.items);
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
