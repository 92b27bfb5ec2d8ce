import type { Services } from "../../platform/module.ts";
import { hashPassword } from "../sessions/passwords.ts";
import { demoOrganisations, demoPassword } from "./accounts.ts";
import { ensureDemoOrganisation } from "./store.ts";

/** Organisations and officers of three counties, each with its prefecture, province and three administrators. */
export async function seedDemo(services: Services): Promise<void> {
  // One digest for all: the password is no secret, and forty of them would take a second of the first start.
  const passwordHash = await hashPassword(demoPassword);
  await services.database.worker.transaction().execute(async (tx) => {
    // Shown accounts are tried with a password and nothing more; a real installation asks its administrators for a second factor.
    await tx.deleteFrom("identity.second_factor_rule").execute();
    for (const organisation of demoOrganisations) await ensureDemoOrganisation(tx, organisation, passwordHash);
  });
}
