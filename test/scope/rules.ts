import { secretText } from "./tokens.ts";
import { counties, villages, type World } from "./world.ts";

const AS_OF = "2025-06-18";

/**
 * What the rulebook keeps of places: results of persons, counts of counties, standards, simulations. The rules themselves are the law
 * and open to all; those that the program ships are there from its start.
 */
export async function addRules(
  world: World,
  places: readonly string[] = villages,
  offices: readonly string[] = counties,
): Promise<void> {
  const { rows: versions } = await world.owner.query<{ version_id: string }>(
    "SELECT version_id FROM policy.version WHERE state = 'published' AND path LIKE '%/export-introduction/%' ORDER BY path",
  );
  const [first] = versions;
  if (world.ids.version.length === 0) world.ids.version.push(...versions.map(({ version_id }) => version_id));
  const versionId = first!.version_id;
  for (const village of places) {
    const { rows } = await world.owner.query<{ person_id: string }>(
      `SELECT person_id FROM registry.person p WHERE home_region = $1
         AND NOT EXISTS (SELECT 1 FROM policy.result r WHERE r.person_id = p.person_id) ORDER BY person_id LIMIT 3`,
      [village],
    );
    for (const { person_id: personId } of rows)
      await world.put("policy.result", {
        version_id: versionId,
        row_key: world.fresh(),
        region: village,
        person_id: personId,
        outcome: "UNKNOWN",
        as_of: AS_OF,
        screening_id: "1",
      });
  }
  for (const region of offices) {
    await world.owner.query(
      `INSERT INTO policy.tally (version_id, county, outcome, rows, as_of) VALUES ($1, $2, 'UNKNOWN', 3, $3) ON CONFLICT DO NOTHING`,
      [versionId, region, AS_OF],
    );
    await world.owner.query(
      `INSERT INTO policy.setting (setting_id, parameter, region, value, valid_from, document, set_by_name) OVERRIDING SYSTEM VALUE
       VALUES ($1, 'training-standard', $2, '1', $3, '测试文件', '测试') ON CONFLICT DO NOTHING`,
      [settingOf(world), region, AS_OF],
    );
    await world.owner.query(
      `INSERT INTO policy.simulation (simulation_id, region, as_of, version_id, asked_by_name) OVERRIDING SYSTEM VALUE
       VALUES ($1, $2, $3, $4, $5)`,
      [
        world.id("simulation", { class: "私", places: [region] }),
        region,
        AS_OF,
        versionId,
        secretText({ class: "私", places: [region] }),
      ],
    );
  }
}

/** Standards are open to all: their numbers are no secret. */
function settingOf(world: World): string {
  const id = world.fresh();
  world.ids.setting.push(id);
  return id;
}
