import type { AddressInfo } from "node:net";
import { Pool, type Client } from "pg";
import { createGate, permissionsOf } from "#identity";
import { screenNow } from "#policy/contract";
import { modules, synthesizeFacts } from "../../src/app.ts";
import { addOfficer } from "../../src/identity/fixtures.ts";
import type { Duty } from "../../src/identity/contract.ts";
import { ownerConfig } from "../../src/platform/db/database.ts";
import { createServer } from "../../src/platform/http/server.ts";
import { createLog } from "../../src/platform/log.ts";
import { drainQueue } from "../../src/platform/tasks/worker.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { addCounty } from "../../src/registry/fixtures.ts";
import { addFundLine, gatherClaims } from "../../src/subsidies/contract.ts";
import { giveAccounts } from "../../src/subsidies/fixtures.ts";
import { Clerk } from "../crash/clerk.ts";

export const COUNTY = "433124";
const ASOF = "2025-06-18";

/** Four who may do everything, so that hands meet that must not, and four with one duty each. */
const DUTIES: readonly (readonly Duty[])[] = [
  ...Array.from({ length: 4 }, (): readonly Duty[] => ["county-clerk", "reviewer", "leader", "finance"]),
  ["county-clerk"],
  ["reviewer"],
  ["leader"],
  ["finance"],
];

export interface Officer {
  readonly officerId: string;
  readonly permissions: ReadonlySet<string>;
  readonly clerk: Clerk;
}

/** A county's office that pays, behind a server of its own that is asked over the network, with eight officers signed in. */
export interface MoneyOffice {
  readonly runtime: TestRuntime;
  readonly owner: Client;
  /** What stands on the officers' desks, for all of them at once. */
  readonly desks: Pool;
  readonly officers: readonly Officer[];
  readonly auditor: Clerk;
  /** Number of the last row of the audit log before the acts that are measured. */
  readonly auditedBefore: string;
  /** Does the background work that waits. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export async function openMoneyOffice(persons: number): Promise<MoneyOffice> {
  // WENGANG_LOG=error says what an answer of 500 hides.
  const runtime = await testRuntime(modules, { log: createLog(process.env["WENGANG_LOG"] ?? "silent") });
  const server = await createServer({ services: runtime, modules, gate: createGate(modules) });
  const owner = await runtime.owner();
  await addCounty(owner, { county: COUNTY, persons, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  await owner.query("DELETE FROM identity.second_factor_rule");
  await server.listen({ port: 0, host: "127.0.0.1" });
  const address = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const enter = async (login: string, duties: readonly Duty[]): Promise<Officer> => {
    const { officerId } = await addOfficer(owner, { login, region: COUNTY, duties: [...duties] });
    const clerk = new Clerk({ address });
    await clerk.signIn(login);
    return { officerId, clerk, permissions: permissionsOf(duties, modules) };
  };
  const officers: Officer[] = [];
  for (const [index, duties] of DUTIES.entries()) officers.push(await enter(`money-${index}`, duties));
  const auditor = (await enter("money-auditor", ["auditor"])).clerk;
  const policy = (await enter("money-policy", ["policy"])).clerk;
  const drain = () => drainQueue(runtime, modules);
  await policy.ask(screenNow, {});
  await drain();
  await officers[0]!.clerk.ask(gatherClaims, {});
  await drain();
  await addFunds(owner, officers[0]!.clerk);
  const desks = new Pool({ ...ownerConfig(runtime.address), max: 4 });
  const last = await owner.query<{ id: string }>("SELECT coalesce(max(entry_id), 0) AS id FROM audit.entry");
  return {
    runtime,
    owner,
    desks,
    officers,
    auditor,
    auditedBefore: last.rows[0]!.id,
    drain,
    async close() {
      await server.close();
      await desks.end();
      await runtime.close();
    },
  };
}

/** Two lines of each fund, which together have somewhat less than everything asks for: some approvals must find too little. */
async function addFunds(owner: Client, finance: Clerk): Promise<void> {
  const { rows } = await owner.query<{ fund: string; fen: string; rules: string[] }>(
    "SELECT fund, sum(amount_fen) AS fen, array_agg(DISTINCT rule_id) AS rules FROM subsidies.claim GROUP BY fund",
  );
  for (const { fund, fen, rules } of rows)
    for (const [share, validTo] of [
      [0.55, "2025-12-31"],
      [0.3, null],
    ] as const)
      await finance.ask(addFundLine, {
        region: COUNTY,
        // A text that names no fund is paid from what a document sets aside for the measure.
        fund: fund || "专项补助资金",
        level: "省级",
        year: 2025,
        document: `湘财社〔2025〕${Math.round(share * 100)}号`,
        rules: fund ? [] : rules,
        validFrom: "2025-01-01",
        validTo,
        amountFen: Math.max(1, Math.round(Number(fen) * share)),
      });
}
