/**
 * `node bench/money-crash.ts --rounds 50 [--payments 400] [--seed 1] [--json]`: kill -9 of server, worker and database while batches are
 * released, sent and answered. Ends with 1 when anything was lost, doubled or left in between.
 */
import { parseArgs } from "node:util";
import { runMoneyCrashRounds } from "../test/money/crash-rounds.ts";
import { machine } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    payments: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const report = await runMoneyCrashRounds({
  rounds: Number(values.rounds),
  payments: Number(values.payments),
  seed: Number(values.seed),
  ...(values.json ? {} : { onRound: (line: string) => void process.stderr.write(`${line}\n`) }),
});
const result = { machine: machine(), ...report };
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
