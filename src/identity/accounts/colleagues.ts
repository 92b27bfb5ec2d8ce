import { sql } from "kysely";
import type { Db } from "../../platform/db/database.ts";
import type { Colleague } from "../../platform/module.ts";

/** Officers who may sign in and answer for `region` or a part of it; "" is the whole installation. Read with the worker's eyes. */
export async function colleaguesIn(db: Db, region: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    SELECT o.officer_id AS "officerId", o.name, g.name AS organisation, o.region, o.duties
    FROM identity.officer o JOIN identity.organisation g USING (organisation_id)
    WHERE o.active AND NOT o.locked AND g.active AND starts_with(o.region, ${region}) ORDER BY o.region, o.officer_id`.execute(
    db,
  );
  return rows;
}
