import { Readable } from "node:stream";
import type { BatchState, LedgerKind } from "../../src/ledger/contract.ts";
import { secretText, type Secret } from "./tokens.ts";
import { uploadedDigest } from "./uploaded.ts";
import { counties, places, villages, type World } from "./world.ts";

const states: readonly BatchState[] = ["mapping", "compared", "applied", "refused"];

/** Batches of several offices in several states, each with everything that hangs on a batch. */
export async function addBatches(
  world: World,
  regions: readonly string[] = [...counties, places.town, places.prefecture],
): Promise<void> {
  for (const region of regions) {
    for (const state of states) await addBatch(world, region, state, "work-ledger");
    await addBatch(world, region, "compared", "social-insurance");
    await addBatch(world, region, "applied", "social-insurance");
  }
}

async function addBatch(world: World, region: string, state: BatchState, kind: LedgerKind): Promise<void> {
  const { runtime } = world;
  const secret: Secret = { class: "私", places: [region] };
  const own = secretText(secret);
  const homes = villages.filter((village) => village.startsWith(region));
  const [home = region] = homes;
  const officer = world.officers.find((one) => one.region === region)!.caller.officerId;

  const fileId = world.id("file", secret);
  const key = `upload/scope-${fileId}`;
  const content = `姓名,身份证号,行政村\n${own},无,${own}\n`;
  const stored = await runtime.files.put(key, Readable.from([Buffer.from(content)]), 1e6);
  await world.put("platform.file", {
    file_id: fileId,
    key,
    name: `${own}.csv`,
    ...stored,
    media_type: `${kind} 2025-05`,
    region,
    purpose: "演示台账",
  });

  const batchId = world.id("batch", secret);
  const mapping = [
    {
      sheet: 0,
      name: own,
      used: true,
      headerRows: [1],
      firstDataRow: 2,
      rows: 1,
      missing: [],
      columns: [{ column: 0, header: "姓名", samples: [own], field: "name" }],
    },
  ];
  await world.put("ledger.batch", {
    batch_id: batchId,
    kind,
    month: "2025-05-01",
    sender: own,
    coverage: [region],
    region,
    title: own,
    file_id: fileId,
    file_name: `${own}.csv`,
    file_sha256: uploadedDigest,
    format: "csv",
    state,
    mapping: JSON.stringify(mapping),
    counts: JSON.stringify({
      rows: 9,
      valid: 5,
      waiting: 2,
      repaired: 1,
      unchanged: 1,
      differences: { new: 2, changed: 1 },
      vanishedPerTenThousand: 500,
    }),
    problem: state === "refused" ? JSON.stringify({ code: "x", message: own }) : null,
    business_date: "2025-06-18",
    received_by: officer,
    received_by_name: own,
    ...(state === "applied" ? { applied_by: officer, applied_by_name: own, applied_at: "2025-06-10" } : {}),
  });
  const taskId = world.id("task", secret);
  await world.put("platform.task", {
    task_id: taskId,
    name: "ledger.check",
    subject: `ledger.batch:${batchId}`,
    region,
    state: "failed",
    stage: own,
    problem: JSON.stringify({ code: "x", message: own }),
  });
  await world.put("ledger.remembered_mapping", { region, sender: own, kind, signature: batchId, mapping: "{}" });

  const { rows: people } = await world.owner.query<{ person_id: string; home_region: string }>(
    "SELECT person_id, home_region FROM registry.person",
  );
  const personOf = (place: string) => people.find((row) => row.home_region === place)?.person_id ?? world.fresh();
  const nameAt = (place: string) => secretText({ class: "名", places: [place] });
  const at = (place: string) => secretText({ class: "私", places: [place] });
  // A register names people of other counties too: their rows are not this county's to read.
  const foreign = kind === "social-insurance" ? villages.filter((village) => !village.startsWith(region)) : [];
  for (const [index, village] of [home, ...homes.slice(1), ...foreign].entries()) {
    await world.put("ledger.difference", {
      batch_id: batchId,
      difference_id: index + 1,
      kind: "changed",
      reason: "C7",
      row_no: index,
      sheet: 0,
      person_id: personOf(village),
      line_key: uuidOf(world.fresh()),
      name: nameAt(village),
      identity_mask: nameAt(village),
      home_region: village,
      cells: JSON.stringify([
        { entity: "person", field: "skills", held: at(village), claimed: at(village), source: 3, act: "adopt" },
      ]),
      decision: "adopt",
    });
  }
  for (const [index, village] of [home, ...homes].entries()) {
    await world.put("ledger.fault", {
      batch_id: batchId,
      sheet: 0,
      row_no: index,
      field: "phone",
      code: "phone-invalid",
      severity: index === 0 ? "waiting" : "notice",
      message: at(village),
      value_mask: at(village),
      suggestion: at(village),
      name: nameAt(village),
      region: village,
    });
    await world.put("ledger.line", {
      kind,
      line_key: uuidOf(world.fresh()),
      person_id: personOf(village),
      home_region: village,
      row_hash: uuidOf("1"),
      month: "2025-05-01",
      batch_id: batchId,
      created_batch: batchId,
    });
  }
  await world.put("ledger.line_before", {
    batch_id: batchId,
    kind,
    line_key: uuidOf(world.fresh()),
    row_hash: uuidOf("1"),
    month: "2025-05-01",
    latest_batch: batchId,
  });
  await world.put("ledger.repair", {
    batch_id: batchId,
    sheet: 0,
    row_no: 1,
    field: "name",
    value_secret: runtime.keys.seal(own),
    region,
  });
  if (state === "applied") await addTraces(world, batchId, region);
}

/** What an applied register has changed of people at home and elsewhere, and what was changed again later. */
async function addTraces(world: World, batchId: string, region: string): Promise<void> {
  const { rows } = await world.owner.query<{ person_id: string; home_region: string }>(
    "SELECT person_id, home_region FROM registry.person ORDER BY person_id",
  );
  const near = rows.find((row) => row.home_region.startsWith(region));
  const far = rows.find((row) => !row.home_region.startsWith(region));
  for (const person of [near, far]) {
    if (!person) continue;
    const own = secretText({ class: "私", places: [person.home_region] });
    const change = {
      person_id: person.person_id,
      entity: "person",
      entity_key: "{}",
      act: "update",
      source: 3,
      home_region: person.home_region,
      reason: own,
    };
    await world.put("registry.change", {
      ...change,
      batch_id: batchId,
      before: JSON.stringify({ skills: own }),
      after: JSON.stringify({ skills: `${own}批` }),
    });
    await world.put("registry.change", {
      ...change,
      before: JSON.stringify({ skills: `${own}批` }),
      after: JSON.stringify({ skills: `${own}再` }),
    });
    await world.put("registry.wage_month", {
      person_id: person.person_id,
      month: "2025-05-01",
      employer_key: world.fresh(),
      employer_name: own,
      amount_fen: 1,
      home_region: person.home_region,
      recorded_on: "2025-06-10",
      source: 6,
      batch_id: batchId,
      created_batch: batchId,
    });
  }
}

/** What the audit log holds of each place. */
export async function addAuditEntries(
  world: World,
  regions: readonly string[] = [...counties, ...villages, places.prefecture, places.town],
): Promise<void> {
  for (const region of regions) {
    const own = secretText({ class: "审", places: [region] });
    for (const kind of ["query", "export", "change", "unmask", "sign-in"]) {
      await world.put("audit.entry", {
        kind,
        act: own,
        outcome: "done",
        officer_id: null,
        officer_name: own,
        organisation: own,
        region,
        subject: own,
        count: 1,
        detail: JSON.stringify({ 内容: own }),
      });
    }
  }
}

function uuidOf(digits: string): string {
  const hex = digits.padStart(32, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
