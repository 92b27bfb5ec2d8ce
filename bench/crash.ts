import { parseArgs } from "node:util";
import { runCrashRounds } from "../test/crash/rounds.ts";

/** `node bench/crash.ts --rounds 50 [--seed 1] [--json]`: kills at random points of apply and undo, and what became of them. */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const report = await runCrashRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  ...(values.json ? {} : { onRound: (line: string) => void process.stdout.write(`${line}\n`) }),
});
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
