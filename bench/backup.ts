import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { to as copyTo } from "pg-copy-streams";
import { auditModule } from "#audit";
import { backupModule } from "#backup";
import { identityModule } from "#identity";
import { registryModule, sealPersonSecret } from "#registry";
import { sealEntries } from "../src/audit/seal/seal-entries.ts";
import { tablesToKeep } from "../src/backup/file/catalogue.ts";
import { readBackup } from "../src/backup/file/read-backup.ts";
import { writeBackup } from "../src/backup/file/write-backup.ts";
import { rotateKey } from "../src/backup/rotation/rewrite.ts";
import type { DomainModule } from "../src/platform/module.ts";
import { testRuntime } from "../src/platform/testing/index.ts";
import { machine, print, stage, type Stage } from "./lib/measure.ts";

/**
 * Backup beside raw COPY of the same tables, sealing beside a count and a hash of the same rows, and a change of key, on a
 * throw-away database: `node bench/backup.ts --persons 200000 --json`.
 */
const { values } = parseArgs({
  options: { persons: { type: "string", default: "200000" }, json: { type: "boolean", default: false } },
});
const persons = Number(values.persons);
const modules: readonly DomainModule[] = [registryModule, auditModule, identityModule, backupModule(() => modules)];
const runtime = await testRuntime(modules);
const folder = mkdtempSync(join(tmpdir(), "wengang-bench-"));
const stages: Stage[] = [];
const time = async (name: string, rows: number, work: () => Promise<unknown>) =>
  stages.push(await stage(name, rows, () => [], work));
try {
  const owner = await runtime.owner();
  // One envelope for all of them: to this bench they weigh the same as many.
  const secret = sealPersonSecret(runtime.keys, {
    identity: "433124199001011234",
    phone: "13600000000",
    bankAccount: null,
  });
  await owner.query(
    `INSERT INTO registry.person (person_id, name, identity_mask, home_region, phone_mask, phone_hash, secret, recorded_on, source)
     SELECT n, '测试' || n, '433124********' || lpad((n % 10000)::text, 4, '0'), '433124', '136****' || n % 10000, md5(n::text)::uuid, $2, '2025-05-20', 1 FROM generate_series(1, $1::int) n`,
    [persons, secret],
  );
  await owner.query(
    `INSERT INTO registry.person_key (key_hash, person_id, kind, home_region) SELECT md5('k' || n)::uuid, n, 'resident-id', '433124' FROM generate_series(1, $1::int) n`,
    [persons],
  );
  await owner.query(
    `INSERT INTO audit.entry (kind, act, outcome, officer_id, officer_name, organisation, region, subject, detail, request_id)
     SELECT 'query', '查看人员', 'done', n % 300, '测试人员' || n % 300, '测试单位', '433124', 'registry.person:' || n, jsonb_build_object('筛选', n), md5(n::text) FROM generate_series(1, $1::int) n`,
    [persons],
  );
  await owner.query("VACUUM ANALYZE");
  await time("floor: count of the log's rows", persons, () => owner.query("SELECT count(*) FROM audit.entry"));
  await time("floor: one hash over the rows' text", persons, () =>
    owner.query(
      "SELECT sha256(string_agg(sha256(convert_to(e::text, 'UTF8')), '' ORDER BY entry_id)) FROM audit.entry e",
    ),
  );
  await time("seal", persons, () => sealEntries(runtime.database.worker));
  const tables = await tablesToKeep(owner);
  const rows = 3 * persons;
  await time("floor: COPY of the same tables, thrown away", rows, async () => {
    for (const { name, columns } of tables)
      await pipeline(
        owner.query(copyTo(`COPY (SELECT ${columns.join(", ")} FROM ONLY ${name}) TO STDOUT (FORMAT binary)`)),
        new Writable({ write: (_piece, _encoding, done) => done() }),
      );
  });
  const path = join(folder, "bench.backup");
  let bytes = 0;
  await time("backup", rows, async () => {
    ({ bytes } = await writeBackup(runtime, path));
  });
  await time("verify-backup", rows, () => readBackup(path, runtime.keys));
  await time("change of key", persons, () => rotateKey(runtime, modules, 1));
  print(
    values.json,
    { machine: machine(), persons, tableBytes: tables.reduce((sum, table) => sum + table.bytes, 0), fileBytes: bytes },
    stages,
  );
} finally {
  rmSync(folder, { recursive: true });
  await runtime.close();
}
