import { auditModule } from "#audit";
import { exportsModule } from "#exports";
import { callerAtDesk, createGate, identityModule } from "#identity";
import {
  asUuid,
  employerKey,
  identityHash,
  maskIdentity,
  newPersonId,
  registryModule,
  sealPersonSecret,
  checkCharacter,
} from "#registry";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Client } from "pg";
import type { OutputOf } from "../platform/contract.ts";
import type { DomainModule, DownloadBody, Services } from "../platform/module.ts";
import { TestDesk } from "../platform/testing/desk.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import {
  applyImport,
  getImport,
  importTable,
  listImportFaults,
  listRegisterRows,
  undoImport,
  type RegisterRow,
} from "./contract.ts";
import type { RegisterDefinition } from "./definition.ts";
import { registersModule } from "./module.ts";

/** Registers that exist in tests only: the kit has none of its own. */
export const trialRegisters: readonly RegisterDefinition[] = [
  {
    name: "trial-agencies",
    title: "试验机构",
    about: "试验用的机构，由县人社局登记。",
    group: "试验",
    table: "trial.agency",
    id: "agency_id",
    key: ["code"],
    columns: [
      { column: "code", label: "机构编号", type: "text", required: true },
      { column: "name", label: "机构名称", type: "text", required: true, synonyms: ["名称"] },
      {
        column: "kind",
        label: "机构类型",
        type: "code",
        required: true,
        codes: ["公共机构", "人力资源公司", "合作社"],
      },
    ],
  },
  {
    name: "trial-stays",
    title: "试验介绍",
    about: "每行是一次介绍，由机构移交。",
    group: "试验",
    table: "trial.stay",
    id: "stay_id",
    key: ["code"],
    columns: [
      { column: "code", label: "介绍编号", type: "text", required: true, synonyms: ["编号"] },
      { column: "agency_id", label: "机构", type: "reference", register: "trial-agencies", synonyms: ["机构编号"] },
      { column: "person_id", label: "身份证号", type: "person", required: true },
      { column: "employer_id", label: "用人单位", type: "employer", synonyms: ["务工单位"] },
      { column: "county", label: "县", type: "region", synonyms: ["所在县"] },
      { column: "kind", label: "输出类型", type: "code", codes: ["省内", "省外"] },
      { column: "started_on", label: "开始日期", type: "date", required: true, synonyms: ["上岗日期"] },
      { column: "ended_on", label: "结束日期", type: "date" },
      { column: "month", label: "所属月份", type: "month" },
      { column: "days", label: "天数", type: "integer" },
      { column: "paid_fen", label: "补助金额", type: "fen" },
      { column: "organised", label: "是否有组织", type: "boolean" },
      { column: "note", label: "备注", type: "text", aside: true },
    ],
  },
  {
    name: "trial-records",
    title: "试验附记",
    about: "与其他登记簿同在一张表里的记录。",
    group: "试验",
    table: "trial.record",
    id: "record_id",
    key: ["code"],
    shared: { by: "register", value: "trial-records", content: "content" },
    columns: [
      { column: "code", label: "附记编号", type: "text", required: true },
      { column: "person_id", label: "身份证号", type: "person" },
      { column: "paid_fen", label: "金额", type: "fen" },
      { column: "paid_on", label: "发放日期", type: "date" },
      { column: "month", label: "月份", type: "month" },
      { column: "times", label: "次数", type: "integer" },
      { column: "open", label: "是否公开", type: "boolean" },
      { column: "level", label: "级别", type: "code", codes: ["县级", "省级"] },
      { column: "place", label: "地点", type: "region" },
    ],
  },
];

/** Makes the tables of `trialRegisters`, as a domain of the program would. */
export const trialModule: DomainModule = { name: "trial", migrations: join(import.meta.dirname, "fixture") };

export const modules: readonly DomainModule[] = [
  exportsModule(() => []),
  registryModule,
  auditModule,
  identityModule,
  registersModule(trialRegisters),
  trialModule,
];

export const HUAYUAN = "433124";
export const JISHOU = "433101";

/** An installation with a clerk (`clerk`), an officer of a town (`town`) and a neighbouring county's clerk (`neighbour`). */
export class RegisterDesk extends TestDesk {
  static async open(): Promise<RegisterDesk> {
    const runtime = await testRuntime(modules);
    const owner = await runtime.owner();
    for (const [login, region, duty] of [
      ["clerk", HUAYUAN, "county-clerk"],
      ["town", `${HUAYUAN}102`, "town-officer"],
      ["neighbour", JISHOU, "county-clerk"],
      ["finance", HUAYUAN, "finance"],
    ] as const)
      await addOfficer(owner, login, region, duty);
    return new RegisterDesk(runtime, owner);
  }

  readonly owner: Client;

  constructor(runtime: TestRuntime, owner: Client) {
    super(runtime, modules, createGate(modules), (login) => callerAtDesk(runtime, modules, login));
    this.owner = owner;
  }

  close(): Promise<void> {
    return this.runtime.close();
  }

  /** Hands a table over and waits until it is checked. */
  async check(register: string, content: string | Uint8Array, given: { name?: string; as?: string } = {}) {
    const { name = "表.csv", as = "clerk" } = given;
    const folder = mkdtempSync(join(tmpdir(), "wengang-registers-"));
    const path = join(folder, name);
    writeFileSync(path, content);
    try {
      const { importId } = await this.act(importTable, { register }, as, path);
      await this.drain();
      return await this.act(getImport, { importId }, as);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async apply(importId: string, as = "clerk"): Promise<OutputOf<typeof getImport>> {
    await this.act(applyImport, { importId }, as);
    await this.drain();
    return this.act(getImport, { importId }, as);
  }

  async undo(importId: string, as = "clerk"): Promise<OutputOf<typeof getImport>> {
    await this.act(undoImport, { importId }, as);
    await this.drain();
    return this.act(getImport, { importId }, as);
  }

  /** Checks and applies; fails in words when that does not lead there. */
  async take(register: string, content: string | Uint8Array, given: { name?: string; as?: string } = {}) {
    const checked = await this.check(register, content, given);
    const applied = await this.apply(checked.importId, given.as);
    if (applied.state !== "applied") throw new Error(`${applied.state}: ${applied.problem?.message}`);
    return applied;
  }

  /** Every fault as 「row: sentence」. */
  async faults(importId: string, as = "clerk"): Promise<string[]> {
    const { rows } = await this.act(listImportFaults, { importId, size: 200 }, as);
    return rows.map((fault) => `${fault.rowNo}: ${fault.message}`);
  }

  async rows(register: string, as = "clerk", filter: Record<string, string> = {}): Promise<RegisterRow[]> {
    return (await this.act(listRegisterRows, { register, size: "200", sort: "code", ...filter }, as)).rows;
  }

  async download(...asked: Parameters<TestDesk["run"]>): Promise<{ fileName: string; bytes: Buffer }> {
    const { fileName, body } = (await this.run(...asked)) as DownloadBody;
    return { fileName, bytes: body instanceof Readable ? await buffer(body) : Buffer.from(body) };
  }

  /** A table's rows byte by byte, their versions left out: an undo counts them on. */
  async snapshot(table: string): Promise<string> {
    const { rows } = await this.owner.query<{ text: string }>(
      `SELECT coalesce(string_agg((to_jsonb(t) - 'version')::text, E'\\n' ORDER BY (to_jsonb(t) - 'version')::text), '') AS text FROM ${table} t`,
    );
    return rows[0]!.text;
  }
}

async function addOfficer(owner: Client, login: string, region: string, duty: string): Promise<void> {
  await owner.query(
    `WITH office AS (INSERT INTO identity.organisation (name, department, region) VALUES ($1, 'human-resources', $2) RETURNING organisation_id)
     INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
     SELECT $3, $4, organisation_id, $2, $2, ARRAY[$5], '$argon2id$none' FROM office`,
    [`人社局${login}`, region, login, `${login}经办`, duty],
  );
}

let made = 0;

export interface TrialPerson {
  readonly personId: string;
  readonly name: string;
  readonly identity: string;
  readonly mask: string;
}

/** Somebody who does not exist, at home in a village. */
export async function addPerson(
  owner: Client,
  { keys }: Pick<Services, "keys">,
  home = `${HUAYUAN}102200`,
  given: { name?: string; identity?: string } = {},
): Promise<TrialPerson> {
  made += 1;
  const seventeen = `${home.slice(0, 6)}19850312${String(made % 1000).padStart(3, "0")}`;
  const identity = given.identity ?? seventeen + checkCharacter(seventeen)!;
  const hash = identityHash(keys, "resident-id", identity);
  const personId = newPersonId(hash);
  const name = given.name ?? `试${made}`;
  const mask = maskIdentity(identity);
  await owner.query(
    `INSERT INTO registry.person (person_id, name, identity_mask, home_region, secret, recorded_on, source) VALUES ($1, $2, $3, $4, $5, '2025-05-20', 1)`,
    [personId, name, mask, home, sealPersonSecret(keys, { identity, phone: null, bankAccount: null })],
  );
  await owner.query(
    "INSERT INTO registry.person_key (key_hash, person_id, kind, home_region) VALUES ($1, $2, 'resident-id', $3)",
    [asUuid(hash), personId, home],
  );
  return { personId, name, identity, mask };
}

export async function addEmployer(
  owner: Client,
  name: string,
  region: string,
  creditCode: string | null = null,
): Promise<string> {
  const { rows } = await owner.query<{ employer_id: string }>(
    `INSERT INTO registry.employer (name, name_key, region, credit_code, recorded_on, source) VALUES ($1, $2, $3, $4, '2025-05-20', 1) RETURNING employer_id`,
    [name, employerKey(name), region, creditCode],
  );
  const employerId = rows[0]!.employer_id;
  await owner.query(
    "INSERT INTO registry.employer_alias (name_key, name, employer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [employerKey(name), name, employerId],
  );
  return employerId;
}

/** What the tables of a domain's registers stand on, without pages and routes: for tests of domains that keep registers. */
export const registersTables: DomainModule = { name: "registers", migrations: join(import.meta.dirname, "migrations") };
