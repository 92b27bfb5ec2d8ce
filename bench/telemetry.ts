/**
 * What measuring costs: the same page asked for with metrics, names of statements and trace ids, and without:
 *   node bench/telemetry.ts [--rounds 4] [--seconds 5] [--json]
 * Rounds alternate; requests per second of processor time of this process are compared, which a busy machine hardly changes.
 */
import autocannon from "autocannon";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createGate } from "#identity";
import { addOfficer, Browser, modules } from "../src/identity/fixtures.ts";
import { readConfig } from "../src/platform/config.ts";
import { connectOwner, openDatabase } from "../src/platform/db/database.ts";
import { createServer } from "../src/platform/http/server.ts";
import { classRules } from "../src/platform/load/route-class.ts";
import type { Services } from "../src/platform/module.ts";
import { openRuntime } from "../src/platform/runtime.ts";
import { whoAmI } from "../src/identity/contract.ts";
import { machine, round } from "./lib/measure.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "4" },
    seconds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const CONNECTIONS = 8;
// One officer asks here for many.
Object.assign(classRules.page, { perAccount: 100_000_000 });

const folder = mkdtempSync(join(tmpdir(), "wengang-telemetry-"));
const runtime = await openRuntime(
  { ...readConfig({ WENGANG_DATA: join(folder, "data") }), logLevel: "silent" },
  modules,
);
const bare = openDatabase(runtime.database.address, runtime.keys, runtime.log, {
  size: runtime.config.databaseConnections,
});
const nothing = () => {};
const without: Services = {
  ...runtime,
  database: bare,
  telemetry: {
    ...runtime.telemetry,
    requests: { record: nothing },
    activeRequests: { add: nothing },
    acts: { add: nothing },
    span: (_name, _options, work) => work({ setAttribute: nothing } as never),
    gauge: nothing,
  },
};
try {
  const owner = await connectOwner(runtime.database.address);
  const { login } = await addOfficer(owner);
  await owner.end();
  const run = async (services: Services) => {
    const server = await createServer({ services, modules, gate: createGate(modules) });
    const browser = new Browser(server);
    await browser.signIn(login);
    await server.listen({ port: 0, host: "127.0.0.1" });
    const before = process.cpuUsage();
    const { requests } = await autocannon({
      url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}${whoAmI.path}`,
      connections: CONNECTIONS,
      duration: Number(values.seconds),
      headers: { cookie: `wengang_session=${browser.cookie}` },
    });
    const { user, system } = process.cpuUsage(before);
    await server.close();
    return { perSecond: requests.average, perCpuSecond: requests.total / ((user + system) / 1e6) };
  };
  await run(runtime);
  const rounds: { with: number; without: number; perSecondWith: number; perSecondWithout: number }[] = [];
  for (let index = 0; index < Number(values.rounds); index++) {
    const measured = await run(runtime);
    const plain = await run(without);
    rounds.push({
      with: round(measured.perCpuSecond),
      without: round(plain.perCpuSecond),
      perSecondWith: round(measured.perSecond),
      perSecondWithout: round(plain.perSecond),
    });
  }
  const middle = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
  const share = round((1 - middle(rounds.map((one) => one.with / one.without))) * 100);
  const result = { machine: machine(), rounds, costOfProcessorTimePercent: share };
  process.stdout.write(`${values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2)}\n`);
} finally {
  await bare.close();
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}
