import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditModule } from "#audit";
import { identityModule } from "#identity";
import { openPersonSecret, registryModule, sealPersonSecret } from "#registry";
import { createLog } from "../../platform/log.ts";
import { addKeyVersion, loadKeys, VERSION_LAG_MS } from "../../platform/keys.ts";
import type { DomainModule } from "../../platform/module.ts";
import { openOn } from "../../platform/runtime.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addPerson, inventedIdentity } from "../../registry/fixtures.ts";
import { backupModule } from "../module.ts";
import { rewriteEnvelopes, rotateKey } from "./rewrite.ts";

const modules: readonly DomainModule[] = [registryModule, auditModule, identityModule, backupModule(() => modules)];
let runtime: TestRuntime;
let owner: Client;
const people: { personId: string; identity: string }[] = [];
beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  for (let n = 0; n < 12; n++) {
    const identity = inventedIdentity("433124", `1980-01-${String(n + 10)}`);
    people.push({ ...(await addPerson(owner, runtime, { identity, homeRegion: "433124" })), identity });
  }
  // What a corrected phone leaves in the history: the envelope before and after, the latter also in the row.
  await owner.query(
    `INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, home_region)
     SELECT person_id, 'person', '{}', 'update', jsonb_build_object('secret', to_jsonb(p)->'secret', 'name', '甲'), jsonb_build_object('secret', to_jsonb(p)->'secret', 'name', name), 1, home_region FROM registry.person p`,
  );
});
afterAll(() => runtime?.close());

const versions = async () => {
  const { rows } = await owner.query<{ versions: number[] }>(
    `SELECT array_agg(DISTINCT v ORDER BY v) AS versions FROM (SELECT get_byte(secret, 1) AS v FROM registry.person
      UNION SELECT get_byte(decode(substr(before->>'secret', 3), 'hex'), 1) FROM registry.change UNION SELECT get_byte(decode(substr(after->>'secret', 3), 'hex'), 1) FROM registry.change) t`,
  );
  return rows[0]!.versions;
};
const expectReadable = async () => {
  const { rows } = await owner.query<{ person_id: string; secret: Buffer }>(
    "SELECT person_id, secret FROM registry.person",
  );
  expect(rows).toHaveLength(people.length);
  for (const { person_id, secret } of rows)
    expect(openPersonSecret(runtime.keys, secret).identity).toBe(
      people.find(({ personId }) => personId === person_id)!.identity,
    );
};

test("everything is sealed anew while rows are being changed, and the history still fits the rows", async () => {
  const other = loadKeys(runtime.config.keyFolder, false); // as another process has it
  const busy = await runtime.owner();
  await busy.query("BEGIN");
  await busy.query("SELECT 1 FROM registry.person WHERE person_id = $1 FOR UPDATE", [people[3]!.personId]);
  const rotating = rotateKey(runtime, modules, 1);
  await new Promise((resolve) => setTimeout(resolve, 2.5 * VERSION_LAG_MS));
  // Nobody waits: reads and other rows go on, and a process that has not looked since seals under the new version.
  expect(other.seal("x")[1]).toBe(2);
  await expectReadable();
  await busy.query("UPDATE registry.person SET secret = $2 WHERE person_id = $1", [
    people[3]!.personId,
    sealPersonSecret(other, { identity: people[3]!.identity, phone: "13600000000", bankAccount: null }),
  ]);
  await busy.query("COMMIT");
  expect(await rotating).toBe(people.length - 1 + 2 * people.length);
  expect(await versions()).toEqual([2]);
  await expectReadable();
  const { rows } = await owner.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM registry.change c JOIN registry.person p USING (person_id) WHERE c.after->'secret' = to_jsonb(p)->'secret' AND c.before->>'name' = '甲'",
  );
  expect(rows[0]!.n).toBe(people.length - 1);
  // Where a number is looked for does not change with the key of the envelopes.
  expect((await owner.query("SELECT 1 FROM platform.key_version WHERE rewritten_at IS NOT NULL")).rowCount).toBe(2);
});

test("one that was killed goes on where it was, and a repeated task adds no second version", async () => {
  addKeyVersion(runtime.config.keyFolder);
  await owner.query("UPDATE registry.person SET secret = $2 WHERE person_id = $1", [
    people[0]!.personId,
    sealPersonSecret(runtime.keys, { identity: people[0]!.identity, phone: null, bankAccount: null }),
  ]);
  expect(await rotateKey(runtime, modules, 2)).toBeGreaterThan(0);
  expect(runtime.keys.versions()).toHaveLength(3);
  expect(await versions()).toEqual([3]);
  expect(await rewriteEnvelopes(runtime, modules)).toBe(0);
  await expectReadable();
});

test("nothing of the history but its envelopes can be changed", async () => {
  for (const role of ["app", "worker"] as const)
    await expect(runtime.database.pools[role].query("UPDATE registry.change SET before = '{}'")).rejects.toThrow(
      "permission denied",
    );
  await expect(
    runtime.database.pools.app.query("SELECT registry.reseal_history('before', '{}', '{}', '{}', '{}')"),
  ).rejects.toThrow("permission denied");
});

test("a start is refused without the key, with another, with a version missing or exchanged", async () => {
  const file = join(runtime.config.keyFolder, "master.key");
  const whole = readFileSync(file, "utf8");
  const lines = whole.trim().split("\n");
  const start = async () =>
    (
      await openOn(runtime.config, runtime.address, modules, createLog("silent"), {
        demo: false,
        release: async () => {},
      })
    ).close();
  try {
    for (const [content, sentence] of [
      [null, /找不到主密钥 .*请从保管处取回后再启动/],
      ["", /内容不完整，请从保管处恢复原件/],
      [`${"ab".repeat(32)}\n`, /主密钥与数据不符（数据 \w{16}，密钥 \w{16}）.*请换回原来的密钥/],
      [`${lines[0]}\n${lines[1]}\n`, /主密钥文件只有 2 个版本，数据用到第 3 版/],
      [`${lines[0]}\n${lines[1]}\n${"cd".repeat(32)}\n`, /第 3 版与数据不符/],
    ] as const) {
      rmSync(file, { force: true });
      if (content !== null) writeFileSync(file, content);
      await expect(start()).rejects.toThrow(sentence);
    }
  } finally {
    writeFileSync(file, whole);
  }
  await start();
});
