import { secretText } from "./tokens.ts";
import { counties, villages, type World } from "./world.ts";

const AS_OF = "2025-06-18";
const CHECK = "policies/checks/two-posts/430000.yaml";

/** What oversight keeps of places: findings of persons with their history, counts of counties. */
export async function addFindings(
  world: World,
  places: readonly string[] = villages,
  offices: readonly string[] = counties,
): Promise<void> {
  for (const village of places) {
    const own = secretText({ class: "私", places: [village] });
    const { rows } = await world.owner.query<{ person_id: string }>(
      "SELECT person_id FROM registry.person WHERE home_region = $1 ORDER BY person_id LIMIT 3",
      [village],
    );
    for (const [index, { person_id: personId }] of rows.entries()) {
      const findingId = world.id("finding", { class: "私", places: [village] });
      await world.put("oversight.finding", {
        finding_id: findingId,
        rule_path: CHECK,
        version_id: "1",
        severity: "M",
        subject_key: world.fresh(),
        region: village,
        person_id: personId,
        outcome: "VIOLATION",
        facts: JSON.stringify({ "岗位.名称": own, "在岗.同时在岗岗位数": 1 }),
        rows: 1,
        found_on: AS_OF,
        seen_on: AS_OF,
        state: (["found", "assigned", "heard"] as const)[index] ?? "found",
        due_on: "2025-06-30",
        office_region: village.slice(0, 6),
        department: "人社",
      });
      await world.put("oversight.finding_event", {
        event_id: world.id("findingEvent", { class: "私", places: [village] }),
        finding_id: findingId,
        region: village,
        act: "note",
        state: "found",
        officer_name: "测试",
        note: own,
        business_date: AS_OF,
      });
    }
  }
  for (const region of offices)
    await world.owner.query(
      "INSERT INTO oversight.tally (rule_path, county, outcome, rows, as_of) VALUES ($1, $2, 'COMPLIANT', 3, $3) ON CONFLICT DO NOTHING",
      [CHECK, region, AS_OF],
    );
}
