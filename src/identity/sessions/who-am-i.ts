import type { Tx } from "../../platform/db/database.ts";
import { handle, type Caller } from "../../platform/module.ts";
import { regionPath } from "../accounts/store.ts";
import { dutyLabels, whoAmI, type Duty, type SignedInOfficer } from "../contract.ts";
import { demoAccounts, demoPassword } from "../demo/accounts.ts";
import { ownAccount } from "./store.ts";

export const whoAmIHandler = handle(whoAmI, async ({ tx, caller, services, businessDate }) => ({
  officer: await signedInOfficer(tx, caller),
  awaiting:
    caller.session !== null && caller.officerId === null && caller.sight.officerId !== null
      ? { csrf: caller.session.csrf }
      : null,
  singleSignOn: services.config.oidc?.label ?? null,
  businessDate,
  demo: services.demo,
  demoAccess: services.demo ? { password: demoPassword, accounts: [...demoAccounts] } : null,
}));

async function signedInOfficer(tx: Tx, caller: Caller): Promise<SignedInOfficer | null> {
  if (caller.officerId === null || caller.session === null) return null;
  const account = await ownAccount(tx, caller.officerId);
  const duties = account.duties as Duty[];
  const path = await regionPath(tx, account.region);
  const own = path.at(-1);
  // The province goes without saying, unless it is the officer's own area.
  const shown = path.length > 1 ? path.slice(1) : path;
  return {
    officerId: caller.officerId,
    login: account.login,
    name: caller.name,
    organisation: caller.organisation,
    duties,
    dutyLabels: duties.map((duty) => dutyLabels[duty]),
    region: {
      code: account.region,
      name: own?.name ?? "",
      fullName: own?.full_name ?? "",
      path: shown.map((region) => region.name).join(" · "),
    },
    permissions: [...caller.permissions].toSorted(),
    csrf: caller.session.csrf,
    mustChangePassword: caller.session.mustChangePassword ?? false,
    mustEnrol: caller.session.mustEnrol ?? false,
  };
}
