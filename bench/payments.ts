/**
 * A batch of a whole prefecture, on its way from what is cleared to the bank's answer, over HTTP as the office does it:
 *   node bench/payments.ts [--payments 100000] [--format plain|pipe|card] [--json]
 * Beside it the plain INSERT … SELECT of the same payments, bare and with the table's own keys and indexes, in the same run.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { addOfficer } from "../src/identity/fixtures.ts";
import {
  bankFormats,
  buildBatch,
  freezeBatch,
  getBatch,
  importBankResult,
  reconcileMoney,
  releaseBatch,
  sendBatch,
  setBankFormat,
  takeBankFile,
  traceMoney,
} from "../src/subsidies/contract.ts";
import { answerAsBank } from "../src/subsidies/payments/banks/fixtures.ts";
import { adapterOf } from "../src/subsidies/payments/banks/index.ts";
import { Clerk } from "../test/crash/clerk.ts";
import { Installation } from "../test/crash/installation.ts";
import { addClearedClaims, addLine } from "../test/money/world.ts";
import { descendants, machine, print, serverPids, stage, type Stage } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    payments: { type: "string", default: "100000" },
    format: { type: "string", default: "plain" },
    json: { type: "boolean", default: false },
  },
});
const count = Number(values.payments);
const format = bankFormats.find((one) => one === values.format) ?? "plain";
const COUNTY = "433124";
const PATIENCE_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), "wengang-payments-"));
const installation = new Installation();
try {
  await installation.start();
  const owner = await installation.connect();
  await owner.query("DELETE FROM identity.second_factor_rule");
  const enter = async (login: string, duty: "finance" | "leader" | "auditor") => {
    await addOfficer(owner, { login, region: COUNTY, duties: [duty] });
    const clerk = new Clerk(installation, PATIENCE_MS);
    await clerk.signIn(login);
    return clerk;
  };
  const finance = await enter("finance", "finance");
  const second = await enter("second", "finance");
  const leader = await enter("leader", "leader");
  const auditor = await enter("auditor", "auditor");
  const pids = () => [
    ...new Set(
      [...descendants(process.pid), ...serverPids(join(installation.folder, "data"))].filter(
        (pid) => pid !== process.pid,
      ),
    ),
  ];
  const stages: Stage[] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    let result: T | undefined;
    stages.push(await stage(name, count, pids, async () => void (result = await work())));
    if (!values.json) process.stderr.write(`${JSON.stringify(stages.at(-1))}\n`);
    return result!;
  };
  const fundLineId = await addLine(owner, COUNTY);
  await timed("made up: claims, items, money, accounts", () =>
    addClearedClaims(owner, installation.keys, { region: COUNTY, count, fundLineId }),
  );
  await finance.ask(setBankFormat, { region: COUNTY, format });
  const { batchId, totalFen } = await timed("build", () => finance.ask(buildBatch, { fundLineId }));
  const lock = async () => (await finance.ask(getBatch, { batchId })).lock;
  const at = { batchId, lock: await lock() };
  await timed("freeze", () => finance.ask(freezeBatch, at));
  const first = { batchId, lock: await lock() };
  await timed("release, first hand", () => second.ask(releaseBatch, first));
  const counter = { batchId, lock: await lock() };
  await timed("release, second hand", () => leader.ask(releaseBatch, counter));
  const sending = { batchId, lock: await lock() };
  await timed("send", () => finance.ask(sendBatch, sending));
  const file = await timed("export the bank's file", () => finance.take(takeBankFile, { batchId }));
  const { extension } = adapterOf(format);
  const sent = join(folder, `sent.${extension}`);
  const answer = join(folder, `answer.${extension}`);
  writeFileSync(sent, file);
  await answerAsBank(format, sent, answer, (line) =>
    line % 100 === 0 ? { failure: "账户已销户" } : { reference: `L${line}` },
  );
  const bytes = await readFile(answer);
  const result = await timed("import the bank's answer", () =>
    finance.upload(importBankResult, { batchId }, `answer.${extension}`, bytes),
  );
  await timed("the same answer again", () =>
    finance.upload(importBankResult, { batchId }, `answer.${extension}`, bytes),
  );
  const books = await timed("all lists held against each other", () => auditor.ask(reconcileMoney, {}));
  const back = await timed("trace back from the fund's line", () =>
    auditor.ask(traceMoney, { of: `额度:${fundLineId}`, size: 50 }),
  );
  const columns =
    "batch_id, claim_id, region, fund_line_id, line, payee_name, bank, secret, of_person, account_mask, account_hash, amount_fen, state";
  await owner.query("CREATE TABLE subsidies.bare_payment (LIKE subsidies.payment)");
  await owner.query("ALTER TABLE subsidies.bare_payment ALTER payment_id DROP NOT NULL");
  await timed("floor: INSERT … SELECT, bare", () =>
    owner.query(`INSERT INTO subsidies.bare_payment (${columns}) SELECT ${columns} FROM subsidies.payment`),
  );
  await owner.query("CREATE TABLE subsidies.keyed_payment (LIKE subsidies.payment INCLUDING ALL)");
  await timed("floor: INSERT … SELECT, with its indexes", () =>
    owner.query(
      `INSERT INTO subsidies.keyed_payment (${columns}) SELECT ${columns.replace("state", "'planned'")} FROM subsidies.payment`,
    ),
  );
  await owner.end();
  print(
    values.json,
    {
      machine: machine(),
      command: `node bench/payments.ts ${process.argv.slice(2).join(" ")}`,
      payments: count,
      totalFen,
      format,
      fileMb: Math.round(file.length / 2 ** 20),
      result,
      faults: books.faults.length,
      equal: back.steps.every(({ equal }) => equal),
      note: "memory and processor time are of server, worker, database and this program, which speaks to them over HTTP",
    },
    stages,
  );
} finally {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
}
