import type { Tx } from "../../platform/db/database.ts";
import type { DemoOrganisation } from "./accounts.ts";

/** A first start that was killed halfway seeds again: what is there already stays. */
export async function ensureDemoOrganisation(
  tx: Tx,
  organisation: DemoOrganisation,
  passwordHash: string,
): Promise<void> {
  const { name, department, region, officers } = organisation;
  const { organisation_id } = await tx
    .insertInto("identity.organisation")
    .values({ name, department, region })
    .onConflict((conflict) => conflict.columns(["region", "name"]).doUpdateSet({ department }))
    .returning("organisation_id")
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("identity.officer")
    .values(
      officers.map((officer) => ({
        login: officer.login,
        name: officer.name,
        organisation_id,
        organisation_region: region,
        region,
        duties: [officer.duty],
        password_hash: passwordHash,
        must_change_password: false,
        demo: true,
      })),
    )
    .onConflict((conflict) => conflict.column("login").doNothing())
    .execute();
}
