import { Kysely, PostgresDialect } from "kysely";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Pool, type Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registryModule } from "#registry";
import { noSight, ownerConfig, withSight, type Sight } from "../platform/db/database.ts";
import type { DB } from "../platform/db/types.ts";
import { runAct } from "../platform/http/run-action.ts";
import type { Caller, DownloadBody, Gate } from "../platform/module.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { auditKinds, auditPermissions, listAuditEntries, type AuditRow } from "./contract.ts";
import { ZipWriter } from "../platform/sheets/zip-writer.ts";
import { othersEnded } from "./fixtures.ts";
import { auditModule } from "./module.ts";
import { verifyFile, zipParts } from "./seal/read-proof.ts";
import { sealEntries } from "./seal/seal-entries.ts";
import { loadSigner } from "./seal/signing.ts";
import { recordEntry, type NewAuditEntry } from "./store.ts";

let runtime: TestRuntime;
let owner: Client;
beforeAll(async () => {
  runtime = await testRuntime([registryModule, auditModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

const entry = (given: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  kind: "change",
  act: "应用台账",
  outcome: "done",
  officerId: "7",
  officerName: "向晓岚",
  organisation: "花垣县人社局",
  region: "433124",
  ...given,
});

const sightOf = (officerId: string, given: Partial<Sight>): Sight => ({ ...noSight, officerId, ...given });
const write = (given: Partial<NewAuditEntry> = {}, sight = sightOf(given.officerId ?? "7", { region: "433124" })) =>
  withSight(runtime.database.app, sight, (tx) => recordEntry(tx, entry(given)));

const auditor = (sight: Partial<Sight>): Caller => ({
  officerId: "90",
  name: "杨静怡",
  organisation: "花垣县审计局",
  permissions: new Set([auditPermissions.read]),
  sight: sightOf("90", { audits: true, ...sight }),
  session: null,
});

/** Records as the program's gate does, without the identity domain. */
const gate: Gate = {
  identify: () => Promise.reject(new Error("not asked here")),
  record: (context, { act, kind, outcome, problem, detail: { subject, count, region, ...detail } }) =>
    recordEntry(context.tx, {
      act,
      kind,
      outcome,
      problem,
      subject,
      count,
      detail,
      officerId: context.caller.officerId,
      officerName: context.caller.name,
      organisation: context.caller.organisation,
      region: region ?? context.caller.sight.region ?? "",
    }),
};

const [listHandler, exportHandler] = auditModule.handlers!;
const ask = (caller: Caller, input: unknown) =>
  runAct(runtime, gate, { handler: listHandler!, caller, input, request: { ip: "", userAgent: "" } }) as Promise<{
    rows: AuditRow[];
    total: number;
    capped: boolean;
  }>;
const exported = (caller: Caller, input: unknown) =>
  runAct(runtime, gate, {
    handler: exportHandler!,
    caller,
    input,
    request: { ip: "", userAgent: "" },
  }) as Promise<DownloadBody>;

describe("the log is append-only", () => {
  test("no role that serves may change, delete or empty it", async () => {
    await write();
    for (const role of ["app", "worker", "auditor"] as const) {
      const pool = runtime.database.pools[role];
      for (const statement of [
        "UPDATE audit.entry SET act = 'x'",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "DROP TABLE audit.entry",
      ]) {
        await expect(pool.query(statement), `${role}: ${statement}`).rejects.toThrow(/permission denied|must be owner/);
      }
    }
    await expect(runtime.database.pools.auditor.query("INSERT INTO audit.entry DEFAULT VALUES")).rejects.toThrow(
      "permission denied",
    );
  });

  test("nobody chooses a row's time or number", async () => {
    for (const role of ["app", "worker"] as const) {
      const values = "VALUES ('change', 'x', 'done', '', '', '', $1)";
      const columns = "kind, act, outcome, officer_name, organisation, region";
      await expect(
        runtime.database.pools[role].query(`INSERT INTO audit.entry (${columns}, at) ${values}`, ["2020-01-01"]),
      ).rejects.toThrow("permission denied");
      await expect(
        runtime.database.pools[role].query(
          `INSERT INTO audit.entry (${columns}, entry_id) OVERRIDING SYSTEM VALUE ${values}`,
          ["1"],
        ),
      ).rejects.toThrow("permission denied");
    }
  });

  test("nobody writes in another's name; signing in is written before the officer is known", async () => {
    const me = sightOf("7", { region: "433124" });
    await expect(write({ officerId: "8" }, me)).rejects.toThrow("row-level security");
    await expect(write({ officerId: null }, me)).rejects.toThrow("row-level security");
    await expect(write({ officerId: "8" }, noSight)).rejects.toThrow("row-level security");
    await write({ officerId: "8", kind: "sign-in", act: "登录" }, noSight);
  });

  test("a row exists exactly if its act does", async () => {
    const failing = withSight(runtime.database.app, sightOf("7", { region: "433124" }), async (tx) => {
      await recordEntry(tx, entry({ act: "中途失败的事项" }));
      throw new Error("the act failed");
    });
    await expect(failing).rejects.toThrow("the act failed");
    const { rows } = await owner.query("SELECT 1 FROM audit.entry WHERE act = '中途失败的事项'");
    expect(rows).toEqual([]);
  });

  test("a refusal names its problem, a done act has none", async () => {
    await expect(write({ outcome: "refused" })).rejects.toThrow("check constraint");
    await expect(write({ problem: "ledger.batch-closed" })).rejects.toThrow("check constraint");
    await write({ outcome: "refused", problem: "ledger.batch-closed" });
  });
});

describe("who reads the log", () => {
  beforeAll(async () => {
    await write({ act: "花垣的事项" });
    await write({ act: "双龙镇的事项", region: "433124110" });
    await write({ act: "保靖的事项", region: "433125" });
    await write({ act: "全州的事项", region: "4331" });
    await write({ act: "登录", kind: "sign-in", officerId: null, officerName: "", region: "" }, noSight);
  });
  const actsSeen = async (caller: Caller) => new Set((await ask(caller, { size: 200 })).rows.map((row) => row.act));

  test("审计 of a county: its own and its towns' rows, none above or beside", async () => {
    const seen = await actsSeen(auditor({ region: "433124" }));
    expect(seen).toContain("花垣的事项");
    expect(seen).toContain("双龙镇的事项");
    expect(seen).not.toContain("保靖的事项");
    expect(seen).not.toContain("全州的事项");
  });

  test("审计员 sees his area, and attempts to sign in with accounts that do not exist", async () => {
    const caller = auditor({ administers: "433124" });
    const { rows } = await ask(caller, { kind: "sign-in", size: 200 });
    expect(rows.some((row) => row.region === "" && row.officerId === null)).toBe(true);
    expect(await actsSeen(caller)).not.toContain("保靖的事项");
    const business = await ask(auditor({ region: "433124" }), { kind: "sign-in", size: 200 });
    expect(business.rows.filter((row) => row.region === "")).toEqual([]);
  });

  test("nobody without the permission", async () => {
    await expect(ask({ ...auditor({ region: "433124" }), permissions: new Set() }, {})).rejects.toThrow("职责不包含");
  });

  test("the database's wall alone: without the duty, or beside the area, no row", async () => {
    const count = (sight: Sight) =>
      withSight(runtime.database.app, sight, async (tx) => {
        const rows = await tx.selectFrom("audit.entry").select("region").execute();
        return rows.map((row) => row.region);
      });
    expect(await count(sightOf("7", { region: "433124" }))).toEqual([]);
    expect(await count(sightOf("7", { administers: "433124" }))).toEqual([]);
    const seen = await count(sightOf("90", { region: "433125", audits: true }));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((region) => !region.startsWith("433125"))).toEqual([]);
  });

  test("the program's wall alone: row security does not bind the owner, the answer is the same", async () => {
    const pool = new Pool({ ...ownerConfig(runtime.address), max: 1 });
    pool.on("error", () => {});
    const unguarded = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
    const services = { ...runtime, database: { ...runtime.database, app: unguarded } };
    const caller = auditor({ region: "433124" });
    const request = { ip: "", userAgent: "" };
    const answer = (await runAct(services, gate, { handler: listHandler!, caller, input: { size: 200 }, request })) as {
      rows: AuditRow[];
    };
    expect(answer.rows.length).toBeGreaterThan(0);
    expect(answer.rows.filter((row) => !row.region.startsWith("433124"))).toEqual([]);
    const none = { ...caller, sight: { ...caller.sight, audits: false } };
    const refused = (await runAct(services, gate, {
      handler: listHandler!,
      caller: none,
      input: { size: 200 },
      request,
    })) as { rows: AuditRow[] };
    expect(refused.rows).toEqual([]);
    await unguarded.destroy();
  });
});

describe("asking the log", () => {
  const caller = auditor({ region: "6229" });
  beforeAll(async () => {
    const own = sightOf("21", { region: "622927" });
    const base = { officerId: "21", officerName: "马晓梅", organisation: "积石山县人社局", region: "622927" } as const;
    for (const kind of auditKinds)
      await write({ ...base, kind, act: `${kind} 事项`, subject: `ledger.batch:${kind}` }, own);
    await write(
      { ...base, act: "批量导入", outcome: "refused", problem: "ledger.x", subject: "ledger.batch:12", count: 3 },
      own,
    );
    await write(
      { ...base, officerId: "22", officerName: "韩文忠", act: "100%核对" },
      sightOf("22", { region: "622927" }),
    );
    // The database dates rows itself; only its owner can arrange a past.
    await owner.query("UPDATE audit.entry SET at = '2025-03-01 23:30+08' WHERE act = '100%核对'");
  });

  test("by officer, kind, act, outcome, subject and region", async () => {
    const total = async (filter: Record<string, unknown>) => (await ask(caller, filter)).total;
    expect(await total({ officer: "晓梅" })).toBe(6);
    expect(await total({ officer: "积石山县" })).toBe(7);
    expect(await total({ officerId: "22" })).toBe(1);
    expect(await total({ kind: "export" })).toBe(1);
    expect(await total({ act: "导入" })).toBe(1);
    expect(await total({ act: "0%核" })).toBe(1);
    expect(await total({ act: "_" })).toBe(0);
    expect(await total({ outcome: "refused" })).toBe(1);
    expect(await total({ subject: "ledger.batch:12" })).toBe(1);
    expect(await total({ subject: "ledger.batch" })).toBe(6);
    expect(await total({ region: "622926" })).toBe(0);
  });

  test("by days in China, both ends included", async () => {
    const total = async (from: string, to: string) => (await ask(caller, { from, to })).total;
    expect(await total("2025-03-01", "2025-03-01")).toBe(1);
    expect(await total("2025-02-01", "2025-02-28")).toBe(0);
    expect(await total("2025-03-02", "2025-03-31")).toBe(0);
    await expect(ask(caller, { from: "2025-03-02", to: "2025-03-01" })).rejects.toThrow("结束日期早于开始日期");
  });

  test("newest first, page by page", async () => {
    const first = await ask(caller, { officer: "积石山县", size: 4, page: 1 });
    const second = await ask(caller, { officer: "积石山县", size: 4, page: 2 });
    const ids = [...first.rows, ...second.rows].map((row) => Number(row.entryId));
    expect(ids).toHaveLength(7);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(first.rows[0]).toMatchObject({ regionName: expect.stringContaining("积石山") });
    expect(listAuditEntries.output.parse(first).capped).toBe(false);
  });

  test("asking is itself in the log", async () => {
    const before = (await ask(caller, { act: "查询审计日志" })).total;
    await ask(auditor({ region: "62" }), { act: "别的" });
    const { rows } = await owner.query(
      "SELECT kind, officer_id, region, detail FROM audit.entry WHERE act = '查询审计日志' ORDER BY entry_id DESC LIMIT 1",
    );
    expect(rows).toMatchObject([
      { kind: "query", officer_id: "90", region: "62", detail: { filter: { act: "别的", page: 1 } } },
    ]);
    expect((await ask(caller, { act: "查询审计日志" })).total).toBeGreaterThan(before);
  });

  test("an export needs a purpose, carries its watermark, harms no spreadsheet, and is in the log", async () => {
    await expect(exported(caller, { officer: "积石山县" })).rejects.toThrow();
    await expect(exported(caller, { officer: "积石山县", purpose: "查" })).rejects.toThrow("写明导出用途");
    await write(
      {
        officerId: "23",
        officerName: '=HYPERLINK("http://x","点我")',
        organisation: "某单位,带逗号",
        region: "622927",
        act: "公式注入",
      },
      sightOf("23", { region: "622927" }),
    );
    const file = await exported(caller, { act: "公式注入", purpose: "季度审计抽查" });
    expect(file).toMatchObject({
      fileName: expect.stringMatching(/^审计日志-\d{4}-\d\d-\d\d\.zip$/),
      mediaType: "application/zip",
    });
    const table = (await partsOf(file.body as Buffer)).find(({ name }) => name.endsWith(".csv"))!;
    const lines = table.content.toString().split("\r\n");
    expect(lines[0]).toMatch(/^\uFEFF序号,时间,类别,事项,结果/);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"",""点我"")","某单位,带逗号"`);
    expect(lines[2]).toMatch(/导出人：花垣县审计局 杨静怡；导出时间：.*；用途：季度审计抽查；共 1 条；导出编号：/);
    const { rows } = await owner.query(
      "SELECT kind, count, detail FROM audit.entry WHERE act = '导出审计日志' ORDER BY entry_id DESC LIMIT 1",
    );
    expect(rows).toMatchObject([{ kind: "export", count: "1", detail: { purpose: "季度审计抽查" } }]);
  });

  test.each(["csv", "xlsx"] as const)(
    "an export as %s proves itself; a table or a row changed in it does not",
    async (format) => {
      await othersEnded(owner);
      await sealEntries(runtime.database.worker);
      const file = await exported(caller, { officer: "积石山县", format, purpose: "季度审计抽查" });
      const { keyFolder, auditSignature } = runtime.config;
      const key = loadSigner(keyFolder, auditSignature).publicKey;
      const folder = mkdtempSync(join(tmpdir(), "wengang-export-"));
      const path = join(folder, "export.zip");
      try {
        writeFileSync(path, file.body as Buffer);
        expect(await verifyFile(path, [key])).toMatchObject({
          problems: [],
          about: { watermark: expect.stringContaining("季度审计抽查") },
        });
        const parts = await partsOf(file.body as Buffer);
        for (const { name } of parts) {
          const zip = new ZipWriter(path);
          for (const part of parts) {
            const changed = Buffer.from(part.content);
            const at = changed.indexOf("花垣") > 0 ? changed.indexOf("花垣") : changed.length - 30;
            if (part.name === name) changed[at] = changed[at]! ^ 1;
            await zip.add(part.name, [changed]);
          }
          await zip.finish();
          expect((await verifyFile(path, [key])).problems, name).not.toEqual([]);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

async function partsOf(zipped: Buffer): Promise<{ name: string; content: Buffer }[]> {
  const folder = mkdtempSync(join(tmpdir(), "wengang-export-"));
  const path = join(folder, "export.zip");
  try {
    writeFileSync(path, zipped);
    const parts = [];
    for await (const { name, content } of zipParts(path)) parts.push({ name, content: await buffer(content) });
    return parts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
