import { Readable } from "node:stream";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { modules } from "../../src/app.ts";
import { addEmployment, addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";
import { previewRetention, repeatErasures, runRetention } from "../../src/privacy/retention/run.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { agree, agreeAll, book, onDay } from "./world.ts";

const VILLAGE = "433124110226";
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
});
beforeEach(() => owner.query("TRUNCATE privacy.setting, privacy.preview"));
afterAll(() => runtime?.close());

async function rows<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await owner.query<T>(text, values)).rows;
}
const one = async (text: string, values: unknown[] = []) => Object.values((await rows(text, values))[0] ?? {})[0];

/** Somebody with a row in most of what there is about people. */
async function somebody(name: string, lifeState = "deceased"): Promise<AddedPerson> {
  const person = await addPerson(owner, runtime, {
    name,
    phone: `138${Math.floor(Math.random() * 1e8)
      .toString()
      .padStart(8, "0")}`,
    homeRegion: VILLAGE,
  });
  const id = person.personId;
  await addEmployment(owner, person);
  await owner.query(
    "UPDATE registry.employment SET start_date = '2022-03-01', end_date = '2023-01-31', end_precision = 'day', occupation = '缝纫工', monthly_wage_fen = 380000 WHERE person_id = $1",
    [id],
  );
  await owner.query(
    "UPDATE registry.person SET life_state = $2, recorded_on = '2023-02-10', health = 'ill' WHERE person_id = $1",
    [id, lifeState],
  );
  await owner.query(
    "INSERT INTO registry.person_category (person_id, category, valid_from, valid_to, detail, home_region, recorded_on, source) VALUES ($1, 'monitored', '2020-01-01', '2023-01-31', '因病', $2, '2023-01-01', 1)",
    [id, VILLAGE],
  );
  await owner.query(
    "INSERT INTO registry.wage_month (person_id, month, employer_key, employer_name, amount_fen, home_region, recorded_on, source) VALUES ($1, '2022-12-01', 7, '丰禾厂', 380000, $2, '2023-01-01', 1)",
    [id, VILLAGE],
  );
  await owner.query(
    `INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, reason, home_region) VALUES
    ($1, 'person', '{}', 'update', '{"name": "旧名"}', jsonb_build_object('name', $3::text), 1, '本人更名', $2)`,
    [id, VILLAGE, name],
  );
  return person;
}

describe("a period", () => {
  test("keeps through its last day, and lets go on the day after", async () => {
    await agree(runtime, "reported", 24);
    const person = await somebody("龙满期", "active");
    // December 2022 ends on the 31st; two years later is the last day.
    const left = () => one("SELECT count(*)::int FROM registry.wage_month WHERE person_id = $1", [person.personId]);
    await runRetention(onDay(runtime, "2024-12-30"), book, "asked");
    expect(await left()).toBe(1);
    await runRetention(onDay(runtime, "2024-12-31"), book, "asked");
    expect(await left()).toBe(1);
    const runId = await runRetention(onDay(runtime, "2025-01-01"), book, "asked");
    expect(await left()).toBe(0);
    expect(
      await rows(
        "SELECT rule, county, table_name, rows::int, last_day::text FROM privacy.run_count WHERE run_id = $1",
        [runId],
      ),
    ).toEqual([
      {
        rule: "registry.wage_month",
        county: "433124",
        table_name: "registry.wage_month",
        rows: 1,
        last_day: "2022-12-31",
      },
    ]);
  });

  test("that nobody agreed to lets nothing go, and neither does another province's", async () => {
    const person = await somebody("石未批", "active");
    await sql`INSERT INTO privacy.setting (area, period, length, unit, reason, proposed_by, proposed_by_name) VALUES ('43', 'reported', 1, 'months', '提出', 1, '甲')`.execute(
      runtime.database.worker,
    );
    await sql`INSERT INTO privacy.setting (area, period, length, unit, reason, state, proposed_by, proposed_by_name, decided_by, decided_by_name, decided_at) VALUES ('37', 'reported', 1, 'months', '外省', 'approved', 1, '甲', 2, '乙', now())`.execute(
      runtime.database.worker,
    );
    await runRetention(runtime, book, "asked");
    expect(await one("SELECT count(*)::int FROM registry.wage_month WHERE person_id = $1", [person.personId])).toBe(1);
    await previewRetention(runtime, book, "43");
    expect(
      await rows(
        "SELECT rule, rows::int, agreed FROM privacy.preview WHERE county = '433124' AND rule = 'registry.wage_month'",
      ),
    ).toEqual([{ rule: "registry.wage_month", rows: 1, agreed: false }]);
  });

  test("over rows with something open about the person waits, and the preview says so", async () => {
    await agree(runtime, "reported", 12);
    const person = await somebody("吴保全", "active");
    await owner.query(
      "INSERT INTO registry.comparison (person_id, home_region, reason, entity, field, claimed_source) VALUES ($1, $2, 'X2', 'person', 'name', 1)",
      [person.personId, VILLAGE],
    );
    const left = () => one("SELECT count(*)::int FROM registry.wage_month WHERE person_id = $1", [person.personId]);
    await runRetention(runtime, book, "asked");
    expect(await left()).toBe(1);
    await previewRetention(runtime, book, "43");
    expect(await rows("SELECT rows::int, held::int FROM privacy.preview WHERE rule = 'registry.wage_month'")).toEqual([
      { rows: 0, held: 1 },
    ]);
    await owner.query("UPDATE registry.comparison SET state = 'kept', decided_at = now() WHERE person_id = $1", [
      person.personId,
    ]);
    await runRetention(runtime, book, "asked");
    expect(await left()).toBe(0);
  });

  test("empties what the history says of an ended spell, and keeps what months count", async () => {
    await agree(runtime, "spell", 24);
    const person = await somebody("麻务工", "active");
    const id = person.personId;
    const spell = await one("SELECT employment_id::text FROM registry.employment WHERE person_id = $1", [id]);
    await owner.query(
      `INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, reason, home_region) VALUES
      ($1, 'employment', jsonb_build_object('employment_id', $2::text), 'update', '{"occupation": "缝纫工"}', '{"occupation": "质检员"}', 1, '', $3)`,
      [id, spell, VILLAGE],
    );
    const former = () =>
      one(
        "SELECT count(*)::int FROM registry.employment_former WHERE person_id = $1 AND existed AND employer_name <> '（已清除）'",
        [id],
      );
    await runRetention(runtime, book, "asked");
    expect(
      await rows(
        "SELECT employer_name, occupation, monthly_wage_fen, end_date::text, employer_key IS NOT NULL AS key FROM registry.employment WHERE person_id = $1",
        [id],
      ),
    ).toEqual([
      { employer_name: "（已清除）", occupation: null, monthly_wage_fen: null, end_date: "2023-01-31", key: true },
    ]);
    expect(
      await rows("SELECT before, after FROM registry.change WHERE person_id = $1 AND entity = 'employment'", [id]),
    ).toEqual([{ before: { occupation: null }, after: { occupation: null } }]);
    expect(await former()).toBe(0);
  });
});

describe("a person", () => {
  test("whose time is over in every table is nowhere any more, and neither is his name, his number or his id", async () => {
    await agreeAll(runtime);
    const person = await somebody("向清除");
    const other = await somebody("向留下", "active");
    const identity = await one("SELECT identity_mask FROM registry.person WHERE person_id = $1", [person.personId]);
    const keyHash = await one("SELECT key_hash::text FROM registry.person_key WHERE person_id = $1", [person.personId]);
    await runRetention(runtime, book, "asked");
    expect(await traces([String(person.personId), "向清除", String(identity), String(keyHash)])).toEqual([
      "privacy.tombstone",
    ]);
    // What months count is there, of nobody.
    expect(
      await rows(
        "SELECT p.life_state, e.end_date::text FROM registry.person p JOIN registry.employment e USING (person_id) WHERE p.name = '（已清除）'",
      ),
    ).toEqual([{ life_state: "deceased", end_date: "2023-01-31" }]);
    expect(await one("SELECT name FROM registry.person WHERE person_id = $1", [other.personId])).toBe("向留下");
    expect(readFileSync(join(runtime.config.keyFolder, "erased.list"), "utf8")).toContain(String(keyHash));
    const [entry] = await rows<{ region: string; detail: { tables: Record<string, number> } }>(
      "SELECT region, detail FROM audit.entry WHERE act = '按保存期限清除' AND region = '433124' ORDER BY entry_id DESC LIMIT 1",
    );
    expect(entry!.detail.tables["registry.person registry.person_key"]).toBe(1);
  });

  test("stays while a single row about him must be kept", async () => {
    await agreeAll(runtime);
    const person = await somebody("彭资金");
    await owner.query(
      "INSERT INTO subsidies.past_benefit (code, benefit, person_id, event_date, paid_on, amount_fen, region, recorded_on) VALUES ('P-1', '一次性交通补助', $1, '2024-07-01', '2024-07-01', 40000, '433124', '2024-07-01')",
      [person.personId],
    );
    await runRetention(onDay(runtime, "2025-07-01"), book, "asked");
    expect(await one("SELECT name FROM registry.person WHERE person_id = $1", [person.personId])).toBe("彭资金");
    await runRetention(onDay(runtime, "2025-07-02"), book, "asked");
    expect(await rows("SELECT 1 FROM registry.person WHERE person_id = $1", [person.personId])).toEqual([]);
    expect(
      await rows(
        "SELECT p.name FROM subsidies.past_benefit b JOIN registry.person p USING (person_id) WHERE b.code = 'P-1'",
      ),
    ).toEqual([{ name: "（已清除）" }]);
  });

  test("is erased once, however often a run is killed and begun again", async () => {
    await agreeAll(runtime);
    for (let n = 0; n < 5; n++) await somebody(`田重做${n}`);
    const killed = { ...runtime, database: { ...runtime.database } };
    // Dies before the third of the rules that find something.
    let pieces = 0;
    const progress = async () => {
      if (++pieces === 3) throw new Error("killed");
    };
    await expect(runRetention(killed, book, "nightly", "", progress)).rejects.toThrow("killed");
    const [half] = await rows<{ run_id: string }>("SELECT run_id FROM privacy.run WHERE state = 'running'");
    const runId = await runRetention(runtime, book, "nightly");
    expect(runId).toBe(half!.run_id);
    expect(
      await one(
        "SELECT rows::int FROM privacy.run_count WHERE run_id = $1 AND rule = 'registry.person' AND table_name = 'registry.person_key'",
        [runId],
      ),
    ).toBe(5);
    expect(
      await one(
        "SELECT sum(rows)::int FROM privacy.run_count WHERE run_id = $1 AND rule = 'registry.wage_month' AND table_name = 'registry.wage_month'",
        [runId],
      ),
    ).toBe(5);
    const again = await runRetention(runtime, book, "nightly");
    expect(await rows("SELECT 1 FROM privacy.run_count WHERE run_id = $1", [again])).toEqual([]);
  });

  test("comes back with an older backup and is erased again at the next start; whoever was registered anew since is not", async () => {
    await agreeAll(runtime);
    const person = await somebody("宋恢复");
    const saved = async (table: string) =>
      await rows<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE person_id = $1`, [
        person.personId,
      ]);
    const [before, keys, spells] = [
      await saved("registry.person"),
      await saved("registry.person_key"),
      await saved("registry.employment"),
    ];
    await runRetention(runtime, book, "asked");
    expect(await repeatErasures(runtime, book)).toBe(0);
    // The database of the day before: its rows are there, the erasure is not.
    const put = async (table: string, found: { row: string }[]) => {
      for (const { row } of found)
        await owner.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`, [row]);
    };
    await put("registry.person", before);
    await put("registry.person_key", keys);
    await put("registry.employment", spells);
    // As long as the database knows of the act, somebody with this number was registered anew.
    expect(await repeatErasures(runtime, book)).toBe(0);
    expect(await one("SELECT name FROM registry.person WHERE person_id = $1", [person.personId])).toBe("宋恢复");
    await owner.query("DELETE FROM privacy.tombstone WHERE key_hash = $1", [
      (JSON.parse(keys[0]!.row) as { key_hash: string }).key_hash,
    ]);
    expect(await repeatErasures(runtime, book)).toBe(1);
    expect(await rows("SELECT 1 FROM registry.person WHERE person_id = $1", [person.personId])).toEqual([]);
    expect(await repeatErasures(runtime, book)).toBe(0);
  });
});

test("a draft that nobody went on with goes with its files; one that was written in since, and one handed in, stay", async () => {
  await agree(runtime, "draft", 90, "days");
  const person = await somebody("龙草稿", "active");
  const drafted = async (subject: string, writtenOn: string, state = "draft") => {
    const [made] = await rows<{ application_id: string }>(
      `INSERT INTO subsidies.application (region, pays_region, subject, person_id, applicant_name, way, agent, taken_by, taken_by_name, declared, state, begun_on, submitted_on)
       VALUES ($1, '433124', $2, $3, '龙草稿', 'visit', '上门', 1, '测', true, $4, '2025-01-05', '2025-01-06') RETURNING application_id`,
      [VILLAGE, subject, person.personId, state],
    );
    const id = made!.application_id;
    const key = `application/${subject}`;
    await runtime.files.put(key, Readable.from(["车票"]), 1e4);
    await owner.query(
      "INSERT INTO subsidies.application_line (application_id, rule_path, rule_id, title) VALUES ($1, 'measures/x.yaml', 'x', '补贴')",
      [id],
    );
    await owner.query(
      "INSERT INTO subsidies.application_statement (application_id, fact, label, value, shown) VALUES ($1, '务工.去向', '去向', '\"省外\"', '省外')",
      [id],
    );
    await owner.query(
      "INSERT INTO subsidies.application_file (application_id, material, key, name, bytes, sha256, media_type, added_by_name) VALUES ($1, '车票', $2, '车票.png', 6, '', 'image/png', '测')",
      [id, key],
    );
    await owner.query("UPDATE subsidies.application SET written_at = $2 WHERE application_id = $1", [
      id,
      `${writtenOn}T23:30:00+08:00`,
    ]);
    return id;
  };
  const old = await drafted("old", "2025-03-01");
  const goneOnWith = await drafted("gone-on-with", "2025-03-01");
  await drafted("handed-in", "2025-03-01", "lodged");
  await owner.query(
    "INSERT INTO subsidies.application_statement (application_id, fact, label, value, shown) VALUES ($1, '务工.天数', '天数', '90', '90')",
    [goneOnWith],
  );
  const left = async () =>
    (await rows<{ subject: string }>("SELECT subject FROM subsidies.application ORDER BY 1")).map(
      ({ subject }) => subject,
    );
  await runRetention(onDay(runtime, "2025-05-30"), book, "asked");
  expect(await left()).toEqual(["gone-on-with", "handed-in", "old"]);
  const runId = await runRetention(onDay(runtime, "2025-05-31"), book, "asked");
  expect(await left()).toEqual(["gone-on-with", "handed-in"]);
  expect(
    await rows("SELECT rule, county, rows::int FROM privacy.run_count WHERE run_id = $1 ORDER BY 1", [runId]),
  ).toEqual([
    { rule: "subsidies.draft", county: "433124", rows: 1 },
    { rule: "subsidies.draft-file", county: "433124", rows: 1 },
  ]);
  for (const table of ["application_line", "application_statement", "application_file"])
    expect([table, await one(`SELECT count(*)::int FROM subsidies.${table} WHERE application_id = $1`, [old])]).toEqual(
      [table, 0],
    );
  const kept = [];
  for await (const { key } of runtime.files.list("application/")) kept.push(key);
  expect(kept.toSorted()).toEqual(["application/gone-on-with", "application/handed-in"]);
  // The tests below begin with nothing of his.
  await owner.query("DELETE FROM subsidies.application");
});

test("an encrypted file that a kill left goes after two days, and one that a row names stays", async () => {
  const put = async (key: string, days: number) => {
    await runtime.files.put(key, Readable.from(["名单"]), 1e4);
    const at = new Date(Date.UTC(2025, 5, 18 - days, 3));
    utimesSync(join(runtime.config.dataFolder, "files", key), at, at);
  };
  await put("export/left-behind", 5);
  await put("export/being-fetched", 1);
  await put("upload/named", 5);
  writeFileSync(join(runtime.config.dataFolder, "files", "export/half.partial"), "x");
  const at = new Date(Date.UTC(2025, 5, 10));
  utimesSync(join(runtime.config.dataFolder, "files", "export/half.partial"), at, at);
  await owner.query(
    "INSERT INTO platform.file (key, name, bytes, sha256, media_type, region, purpose) VALUES ('upload/named', '台账', 6, '', '', '433124', '台账原件')",
  );
  const runId = await runRetention(runtime, book, "asked");
  const there = [];
  for await (const { key } of runtime.files.list("export/")) there.push(key);
  expect(there).toEqual(["export/being-fetched"]);
  for await (const { key } of runtime.files.list("upload/")) expect(key).toBe("upload/named");
  expect(
    await one("SELECT rows::int FROM privacy.run_count WHERE run_id = $1 AND rule = 'privacy.orphan'", [runId]),
  ).toBe(2);
});

/** Tables in which one of the texts stands anywhere. The audit log is not among them: nobody may change it, and it holds no numbers. */
async function traces(texts: readonly string[]): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'graphile_worker', 'audit', 'public') ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const hit = await rows(
      `SELECT 1 FROM ${name} t WHERE EXISTS (SELECT FROM unnest($1::text[]) w WHERE position(w IN t::text) > 0) LIMIT 1`,
      [texts],
    );
    if (hit.length > 0) found.push(name);
  }
  return found;
}
