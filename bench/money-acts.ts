/**
 * Officers at random on the same claims, batches and funds, over HTTP with sessions, against a model of the life cycle and the funds:
 *   node bench/money-acts.ts [--acts 10000] [--persons 1500] [--seed 1] [--json]
 * Ends with 1 when anything was paid twice, a sum did not agree, an answer was lost or an act left no row in the audit log.
 */
import { parseArgs } from "node:util";
import { runMoneyActs } from "../test/money/acts.ts";
import { openMoneyOffice } from "../test/money/office.ts";
import { machine } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    acts: { type: "string", default: "10000" },
    persons: { type: "string", default: "1500" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const office = await openMoneyOffice(Number(values.persons));
try {
  const report = await runMoneyActs(office, {
    acts: Number(values.acts),
    seed: Number(values.seed),
    ...(values.json ? {} : { onLook: (line: string) => void process.stderr.write(`${line}\n`) }),
  });
  const result = { machine: machine(), officers: office.officers.length, ...report };
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} finally {
  await office.close();
}
