import { secretText } from "./tokens.ts";
import { counties, villages, type World } from "./world.ts";

/** What people asked to be erased, lengths that provinces proposed, and what went in each county. */
export async function addPrivacy(
  world: World,
  at: readonly string[] = villages,
  within: readonly string[] = counties,
): Promise<void> {
  for (const village of at) {
    const place = { class: "私", places: [village] } as const;
    const { rows } = await world.owner.query<{ person_id: string }>(
      "SELECT person_id FROM registry.person p WHERE NOT EXISTS (SELECT FROM privacy.request r WHERE r.person_id = p.person_id) AND home_region = $1 ORDER BY person_id LIMIT 1",
      [village],
    );
    if (!rows[0]) continue;
    const of = { person_id: rows[0].person_id, home_region: village };
    await world.put("privacy.request", {
      request_id: world.id("erasureRequest", place),
      ...of,
      reason: secretText(place),
      asked_on: "2025-06-01",
      due_on: "2025-06-16",
    });
    await world.put("privacy.consent", { ...of, kind: "health", given_at: new Date() });
  }
  for (const county of within) {
    const place = { class: "员", places: [county] } as const;
    // One night's run is of the whole installation; what went is counted by county.
    const runId = world.ids.retentionRun[0] ?? world.fresh();
    if (world.ids.retentionRun.length === 0) {
      world.ids.retentionRun.push(runId);
      await world.put("privacy.run", { run_id: runId, kind: "nightly", business_date: "2025-06-18" });
    }
    await world.put("privacy.run_count", {
      run_id: runId,
      rule: `${secretText(place)} ${world.fresh()}`,
      county,
      table_name: secretText(place),
      rows: 3,
    });
    await world.put("privacy.preview", {
      rule: `${secretText(place)} ${world.fresh()}`,
      county,
      table_name: secretText(place),
      rows: 3,
      held: 1,
      agreed: false,
      as_of: "2025-06-18",
    });
  }
}
