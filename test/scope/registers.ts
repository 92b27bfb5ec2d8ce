import { Readable } from "node:stream";
import { importStates } from "../../src/registers/contract.ts";
import { secretText, type Secret } from "./tokens.ts";
import { counties, places, villages, type World } from "./world.ts";

/** Rows, history and imports of the registers in every office, each full of what only that office may see. */
export async function addRegisters(
  world: World,
  regions: readonly string[] = [...counties, ...villages, places.town, places.prefecture],
): Promise<void> {
  for (const region of regions) {
    const secret: Secret = { class: "私", places: [region] };
    const own = (text = "") => secretText(secret) + text;
    const kept = { region, recorded_on: "2025-06-10" };
    const agencyId = world.id("registerRow", secret);
    await world.put("trial.agency", {
      agency_id: agencyId,
      code: own(`机构${agencyId}`),
      name: own(),
      kind: "合作社",
      ...kept,
    });
    for (const personId of await someOf(world, region)) {
      const stayId = world.id("registerRow", secret);
      const stay = {
        stay_id: stayId,
        code: own(stayId),
        agency_id: agencyId,
        person_id: personId,
        county: region.slice(0, 6),
        kind: "省内",
        started_on: "2025-03-01",
        ended_on: "2025-04-01",
        month: "2025-03-01",
        paid_fen: 30_000,
        note: own(),
        ...kept,
      };
      await world.put("trial.stay", stay);
      await world.put("trial.record", {
        record_id: world.id("registerRow", secret),
        register: "trial-records",
        code: own(`附${stayId}`),
        person_id: personId,
        content: JSON.stringify({ level: "县级", paid_fen: 1 }),
        ...kept,
      });
      for (const act of ["create", "update"])
        await world.put("registers.change", {
          register: "trial-stays",
          row_id: stayId,
          region,
          act,
          before: act === "create" ? null : JSON.stringify({ ...stay, note: own("旧") }),
          after: JSON.stringify(stay),
          officer_name: own(),
          reason: own(),
          business_date: "2025-06-10",
        });
    }
    for (const state of importStates) await addImport(world, region, state);
  }
}

/** Somebody at home there and somebody from elsewhere: a register names people of other counties too. */
async function someOf(world: World, region: string): Promise<string[]> {
  const { rows } = await world.owner.query<{ person_id: string }>(
    `(SELECT person_id FROM registry.person WHERE starts_with(home_region, $1) ORDER BY person_id LIMIT 1)
     UNION ALL (SELECT person_id FROM registry.person WHERE NOT starts_with(home_region, $1) ORDER BY person_id LIMIT 1)`,
    [region],
  );
  return rows.map((row) => row.person_id);
}

async function addImport(world: World, region: string, state: string): Promise<void> {
  const secret: Secret = { class: "私", places: [region] };
  const own = secretText(secret);
  const fileId = world.id("file", secret);
  const key = `upload/scope-register-${fileId}`;
  const content = `机构编号,机构名称,机构类型\n${own},${own},合作社\n`;
  const stored = await world.runtime.files.put(key, Readable.from([Buffer.from(content)]), 1e6);
  await world.put("platform.file", {
    file_id: fileId,
    key,
    name: `${own}.csv`,
    ...stored,
    media_type: "text/csv",
    region,
    purpose: "登记簿导入",
  });
  const importId = world.id("import", secret);
  const texts = { code: own, name: own, kind: "合作社" };
  await world.put("registers.import", {
    import_id: importId,
    register: "trial-agencies",
    region,
    file_id: fileId,
    file_name: `${own}.csv`,
    state,
    counts: JSON.stringify({ rows: 2, new: 1, changed: 1, faulty: 1 }),
    problem: state === "failed" ? JSON.stringify({ code: "x", message: own }) : null,
    business_date: "2025-06-10",
    received_by_name: own,
    applied_at: state === "applied" ? "2025-06-10" : null,
    mapping: JSON.stringify([
      {
        sheet: 0,
        name: own,
        used: true,
        headerRow: 1,
        firstDataRow: 2,
        columns: [
          { column: 1, header: "机构编号", field: "code", samples: [own] },
          { column: 2, header: own, field: null, samples: [own] },
        ],
      },
    ]),
    sample: JSON.stringify([{ sheet: 0, row_no: 2, before: { ...texts, name: `${own}旧` }, after: texts }]),
  });
  await world.put("registers.import_fault", {
    import_id: importId,
    sheet: 0,
    row_no: 2,
    column_name: "kind",
    label: own,
    message: own,
    value_mask: own,
    region,
  });
  await world.put("platform.task", {
    task_id: world.id("task", secret),
    name: "registers.check",
    subject: `register-import:${importId}`,
    region,
    state: "failed",
    stage: own,
    problem: JSON.stringify({ code: "x", message: own }),
  });
}
