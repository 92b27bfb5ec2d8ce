import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { screenNow } from "#policy/contract";
import { bankAccountHash, asUuid, sealPersonSecret } from "#registry";
import type { OutputOf } from "../platform/contract.ts";
import type { DomainModule, DownloadBody } from "../platform/module.ts";
import { TestDesk } from "../platform/testing/desk.ts";
import type { TestRuntime } from "../platform/testing/index.ts";
import { callerAtDesk, createGate } from "#identity";
import {
  addFundLine,
  gatherClaims,
  getBatch,
  importBankResult,
  listClaims,
  sendBatch,
  takeBankFile,
  type ClaimRow,
  type ClaimState,
} from "./contract.ts";

export const HUAYUAN = "433124";

/** Everybody who handles money in a county, by login. */
const OFFICERS = [
  ["clerk", "county-clerk"],
  ["reviewer", "reviewer"],
  ["leader", "leader"],
  ["finance", "finance"],
  ["finance2", "finance"],
  ["finance3", "finance"],
  ["auditor", "auditor"],
  ["policy", "policy"],
] as const;

export async function addPayingOffice(runtime: TestRuntime, region = HUAYUAN, suffix = ""): Promise<void> {
  for (const [login, duty] of OFFICERS)
    await sql`WITH office AS (INSERT INTO identity.organisation (name, department, region) VALUES (${`${duty}${login}${suffix}`}, 'human-resources', ${region}) RETURNING organisation_id)
      INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
      SELECT ${login + suffix}, ${`测${login}`}, organisation_id, ${region}, ${region}, ARRAY[${duty}], '$argon2id$none' FROM office`.execute(
      runtime.database.worker,
    );
}

/** Gives every living person of a county an account, and an identity number that opens. */
export async function giveAccounts(runtime: TestRuntime, region = HUAYUAN): Promise<void> {
  const { worker } = runtime.database;
  const { rows } = await sql<{
    person_id: string;
    identity_mask: string;
  }>`SELECT person_id, identity_mask FROM registry.person
    WHERE starts_with(home_region, ${region}) AND bank_hash IS NULL`.execute(worker);
  const given = rows.map(({ person_id }) => {
    const bankAccount = `62170000${person_id.slice(-10).padStart(10, "0")}`;
    return {
      personId: person_id,
      secret: sealPersonSecret(runtime.keys, { identity: "11010519491231002X", phone: null, bankAccount }),
      hash: asUuid(bankAccountHash(runtime.keys, bankAccount)),
      mask: `6217********${bankAccount.slice(-4)}`,
    };
  });
  await sql`UPDATE registry.person p SET secret = g.secret, bank_hash = g.hash, bank_mask = g.mask
    FROM unnest(${given.map((one) => one.personId)}::bigint[], ${given.map((one) => one.secret)}::bytea[], ${given.map((one) => one.hash)}::uuid[], ${given.map((one) => one.mask)}::text[])
      AS g(person_id, secret, hash, mask) WHERE p.person_id = g.person_id`.execute(worker);
}

/** An office that pays. */
export class PayingOffice extends TestDesk {
  constructor(runtime: TestRuntime, modules: readonly DomainModule[]) {
    super(runtime, modules, createGate(modules), (login) => callerAtDesk(runtime, modules, login));
  }

  async screen(): Promise<void> {
    await this.act(screenNow, {}, "policy");
    await this.drain();
  }

  /** Takes in what screening found. */
  async gather(as = "clerk"): Promise<void> {
    await this.act(gatherClaims, {}, as);
    await this.drain();
  }

  async claims(state: ClaimState | "open", as = "clerk", rule?: string): Promise<readonly ClaimRow[]> {
    return (await this.act(listClaims, { state, size: 200, ...(rule ? { rule } : {}) }, as)).rows;
  }

  async fund(fund: string, amountFen: number, region = HUAYUAN, as = "finance"): Promise<string> {
    const given = {
      region,
      fund,
      level: "省级",
      year: 2025,
      document: `湘财社〔2025〕${amountFen}号`,
      validFrom: "2025-01-01",
      amountFen,
    } as const;
    return (await this.act(addFundLine, given, as)).fundLineId;
  }

  /** Hands a released batch over to the bank. */
  async send(batchId: string, as = "finance"): Promise<void> {
    const { lock } = await this.act(getBatch, { batchId }, as);
    await this.act(sendBatch, { batchId, lock }, as);
  }

  /** The bank's file of a batch, as lines of cells. */
  async bankFile(batchId: string, as = "finance"): Promise<readonly (readonly string[])[]> {
    const { body } = (await this.run(takeBankFile, { batchId }, as)) as DownloadBody;
    return (body as Buffer)
      .toString("utf8")
      .replace("\ufeff", "")
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
  }

  async answer(batchId: string, lines: readonly string[], as = "finance"): Promise<OutputOf<typeof importBankResult>> {
    const folder = mkdtempSync(join(tmpdir(), "wengang-bank-"));
    const path = join(folder, "回盘.csv");
    writeFileSync(path, ["行号,结果,金额,流水号,日期,原因", ...lines].join("\r\n"));
    try {
      return await this.act(importBankResult, { batchId }, as, path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
