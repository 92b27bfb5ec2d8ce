import type { Client } from "pg";
import { allPersonTables } from "#duplicates";
import { duplicatesOptions } from "../../src/app.ts";
import { executeMerge, executeUnmerge } from "../../src/duplicates/merge/execute.ts";
import { findMerge, insertMerge, patchMerge } from "../../src/duplicates/merge/store.ts";
import type { TestRuntime } from "../../src/platform/testing/index.ts";
import { addEmployment, addPerson, insert, type AddedPerson } from "../../src/registry/fixtures.ts";

export const HOME = "433124110226";
export const tables = allPersonTables(duplicatesOptions);
const actor = { id: "1", name: "向晓岚", organisation: "测试局" };
let made = 0;

const OWN = { recorded_on: "2025-05-20", source: 3 };

/** How a person's rows are chosen; the same numbers give rows of two persons that clash. */
export interface Life {
  readonly spells: readonly { readonly employer: number; readonly month: number; readonly open: boolean }[];
  readonly categories: readonly number[];
  readonly months: readonly number[];
  readonly classes: readonly number[];
  readonly benefits: readonly number[];
}

const MONTHS = ["2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01", "2024-09-01", "2024-11-01"];
const CATEGORIES = ["lifted-from-poverty", "monitored", "disabled-rural"];

const CLASSES = 3;

/** Classes and a post that anybody can be in, once for a whole test. */
export async function addClasses(owner: Client): Promise<void> {
  const kept = { region: "433124", recorded_on: "2025-05-20" };
  await insert(owner, "training.provider", { code: "P1", name: "测试培训学校", county: "433124", ...kept });
  for (let number = 0; number < CLASSES; number++)
    await owner.query(
      `INSERT INTO training.training_class (code, name, provider_id, county, started_on, region, recorded_on)
       SELECT 'C' || $1, '测试班', provider_id, '433124', '2025-01-01', '433124', '2025-05-20' FROM training.provider WHERE code = 'P1'`,
      [number],
    );
  const post = { code: "W1", name: "测试岗位", county: "433124", scheme: "乡村公益性岗位" };
  await insert(owner, "welfare_posts.welfare_post", { ...post, ...kept });
}

export async function addLife(owner: Client, runtime: TestRuntime, life: Life, home = HOME): Promise<AddedPerson> {
  const person = await addPerson(owner, runtime, {
    homeRegion: home,
    bankAccount: `62220000${String((made += 1)).padStart(8, "0")}`,
  });
  const own = { person_id: person.personId, home_region: home, ...OWN };
  const taken = new Set<string>();
  let free: string | null = null;
  for (const { employer, month, open } of life.spells.toSorted((a, b) => a.month - b.month)) {
    const key = `${employer}`;
    if (taken.has(key)) continue;
    taken.add(key);
    await addEmployment(owner, person, {
      employerName: `测试单位${employer}`,
      startDate: MONTHS[month]!,
      endDate: open ? null : `${MONTHS[month]!.slice(0, 8)}20`,
      previousEnd: free,
    });
  }
  for (const category of new Set(life.categories))
    await insert(owner, "registry.person_category", {
      ...own,
      category: CATEGORIES[category],
      valid_from: "2020-01-01",
      detail: `说明${made % 2}`,
    });
  for (const month of new Set(life.months))
    await insert(owner, "registry.wage_month", {
      ...own,
      month: MONTHS[month],
      employer_key: 7,
      employer_name: "测试单位7",
      amount_fen: 100_000 + made,
    });
  for (const number of new Set(life.classes)) {
    await owner.query(
      `INSERT INTO training.enrolment (class_id, person_id, days_attended, region, recorded_on)
       SELECT class_id, $1, $3, '433124', '2025-05-20' FROM training.training_class WHERE code = $2`,
      [person.personId, `C${number}`, made % 9],
    );
    if (number === 0) await addPlacement(owner, person);
  }
  for (const benefit of new Set(life.benefits))
    await insert(owner, "subsidies.past_benefit", {
      code: `测试付款${(made += 1)}`,
      benefit: "一次性交通补助",
      person_id: person.personId,
      event_date: MONTHS[benefit],
      amount_fen: 30_000,
      region: "433124",
      recorded_on: "2025-05-20",
    });
  await insert(owner, "ledger.line", {
    kind: "work-ledger",
    line_key: (
      await owner.query<{ key: string }>("SELECT key_hash AS key FROM registry.person_key WHERE person_id = $1", [
        person.personId,
      ])
    ).rows[0]!.key,
    person_id: person.personId,
    home_region: home,
    row_hash: "00000000-0000-0000-0000-000000000001",
    month: "2025-04-01",
    batch_id: 1,
    created_batch: 1,
  });
  return person;
}

/** In the one post since one day: two records of one person clash in it, with what stands on it. */
async function addPlacement(owner: Client, person: AddedPerson): Promise<void> {
  made += 1;
  const { rows } = await owner.query<{ placement_id: string }>(
    `INSERT INTO welfare_posts.placement (code, post_id, person_id, started_on, region, recorded_on)
     SELECT $2, post_id, $1, '2025-01-01', '433124', '2025-05-20' FROM welfare_posts.welfare_post RETURNING placement_id`,
    [person.personId, `G${made}`],
  );
  await insert(owner, "welfare_posts.signing", {
    placement_id: rows[0]!.placement_id,
    kind: "劳动合同",
    from_on: "2025-01-01",
    region: "433124",
    recorded_on: "2025-05-20",
  });
}

/** Every row of every table that names a person, and all persons, as one text; history grows by design and is left out. */
export async function everything(owner: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const { table, column, on } of [
    ...tables,
    { table: "registry.person", column: "person_id", on: "move" as const },
  ]) {
    if (on === "history") continue;
    const { rows } = await owner.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE ${column} IS NOT NULL ORDER BY 1`,
    );
    lines.push(...rows.map(({ row }) => `${table} ${row}`));
  }
  const { rows } = await owner.query<{ row: string }>(
    "SELECT to_jsonb(t)::text AS row FROM welfare_posts.signing t ORDER BY 1",
  );
  return [...lines, ...rows.map(({ row }) => `signing ${row}`)];
}

export async function addPair(owner: Client, a: string, b: string): Promise<string> {
  const { rows } = await owner.query<{ pair_id: string }>(
    `INSERT INTO duplicates.pair (pair_key, kind, score, reasons, band, across, facts, raised_on, due_on)
     VALUES (gen_random_uuid(), 'duplicate', 90, '{name,birth}', 'likely', false, gen_random_uuid(), '2025-06-18', '2025-06-28') RETURNING pair_id`,
  );
  const pairId = rows[0]!.pair_id;
  for (const [person, other] of [
    [a, b],
    [b, a],
  ])
    await owner.query(
      "INSERT INTO duplicates.side (pair_id, person_id, other_county) SELECT $1, $2, left(p.home_region, 6) FROM registry.person p WHERE p.person_id = $3",
      [pairId, person, other],
    );
  return pairId;
}

export async function merge(
  runtime: TestRuntime,
  owner: Client,
  survivorId: string,
  loserId: string,
  cells: Record<string, "survivor" | "loser"> = {},
): Promise<string> {
  const pairId = await addPair(owner, survivorId, loserId);
  return runtime.database.worker.transaction().execute(async (tx) => {
    const mergeId = await insertMerge(tx, {
      pairId,
      survivorId,
      loserId,
      cells,
      state: "working",
      whySecond: null,
      note: "核对户口簿",
      officerId: "1",
      officerName: "向晓岚",
      businessDate: "2025-06-18",
    });
    await executeMerge(tx, runtime, { tables }, (await findMerge(tx, "", mergeId, true))!, actor);
    return mergeId;
  });
}

export async function unmerge(runtime: TestRuntime, mergeId: string): Promise<void> {
  await runtime.database.worker.transaction().execute(async (tx) => {
    await patchMerge(tx, mergeId, { state: "undoing", undo_note: "不是同一人" });
    await executeUnmerge(tx, { tables }, (await findMerge(tx, "", mergeId, true))!, actor);
  });
}
