import { nextState } from "../../platform/contract.ts";
import { handle, type ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  activateOfficer,
  assignOfficer,
  createOfficer,
  deactivateOfficer,
  dutyLabels,
  identityPermissions,
  keeperPermission,
  listOfficers,
  lockOfficer,
  officerActLabels,
  officerFlow,
  officerStateLabels,
  resetOfficerPassword,
  signOutOfficer,
  unlockOfficer,
  type Duty,
  type OfficerAct,
} from "../contract.ts";
import { identityProblems } from "../problems.ts";
import { hashPassword, oneTimePassword } from "../sessions/passwords.ts";
import { closeSessionsOf } from "../sessions/store.ts";
import { officerSubject } from "../subjects.ts";
import { proposeGrant, widens } from "./grants.ts";
import { requireRegion } from "./organisations.ts";
import {
  findOfficer,
  findOrganisation,
  insertOfficer,
  pageOfOfficers,
  updateOfficer,
  type Officer,
  type OfficerChange,
  type Organisation,
} from "./store.ts";

const list = handle(listOfficers, async (context, { page, size, ...filter }) => {
  const found = await pageOfOfficers(context.tx, context.caller.sight, filter, { page, size });
  context.audit({ count: found.rows.length, filter });
  return found;
});

const create = handle(createOfficer, async (context, { login, name, organisationId, region, duties }) => {
  context.audit({ login, name, duties: labelsOf(duties), region });
  requireKeeper(context, duties);
  const organisation = await requirePlace(context, organisationId, region);
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);
  const officerId = await insertOfficer(context.tx, {
    login,
    name,
    organisation,
    region,
    duties,
    passwordHash,
    approved: false,
  });
  if (officerId === null) return refuse(identityProblems.loginTaken(login));
  await proposeGrant(context, { officerId, kind: "create", name, organisation, region, duties });
  context.audit({ subject: officerSubject(officerId) });
  return { officerId, oneTimePassword: password };
});

const assign = handle(assignOfficer, async (context, { officerId, name, organisationId, region, duties }) => {
  const before = await requireOfficer(context, officerId, "assign");
  context.audit({
    before: {
      name: before.name,
      organisation: before.organisation,
      region: before.region,
      duties: labelsOf(before.duties),
    },
    after: { name, region, duties: labelsOf(duties) },
  });
  if (keeperPermission(before.duties) !== keeperPermission(duties)) refuse(identityProblems.administratorsApart());
  const organisation = await requirePlace(context, organisationId, region);
  context.audit({ after: { name, organisation: organisation.name, region, duties: labelsOf(duties) } });
  if (widens(before, { region, duties })) {
    await proposeGrant(context, { officerId, kind: "assign", name, organisation, region, duties });
    context.audit({ waiting: true });
    return { officerId, waiting: true, sessionsEnded: 0 };
  }
  await updateOfficer(context.tx, officerId, { name, organisation, region, duties });
  const sessionsEnded = await closeSessionsOf(context.tx, officerId, null);
  context.audit({ sessionsEnded });
  return { officerId, waiting: false, sessionsEnded };
});

const resetPassword = handle(resetOfficerPassword, async (context, { officerId }) => {
  await requireOfficer(context, officerId, "reset-password");
  const password = oneTimePassword();
  await updateOfficer(context.tx, officerId, { passwordHash: await hashPassword(password) });
  return { oneTimePassword: password, sessionsEnded: await closeSessionsOf(context.tx, officerId, null) };
});

type OfficerChangeRoute = typeof lockOfficer;

/** The changes that need nothing but the officer. Whoever may no longer sign in is signed out at once. */
function change(route: OfficerChangeRoute, act: OfficerAct, effect: OfficerChange | null) {
  return handle(route, async (context, { officerId }) => {
    await requireOfficer(context, officerId, act);
    if (effect) await updateOfficer(context.tx, officerId, effect);
    const staysSignedIn = act === "unlock" || act === "activate";
    const sessionsEnded = staysSignedIn ? 0 : await closeSessionsOf(context.tx, officerId, null);
    context.audit({ sessionsEnded });
    return { sessionsEnded };
  });
}

export const officerHandlers = [
  list,
  create,
  assign,
  resetPassword,
  change(signOutOfficer, "sign-out", null),
  change(lockOfficer, "lock", { locked: true }),
  change(unlockOfficer, "unlock", { locked: false, forgiven: true }),
  change(deactivateOfficer, "deactivate", { active: false }),
  // Comes back as he was made: a lock that stood when he left was about that time.
  change(activateOfficer, "activate", { active: true, locked: false, forgiven: true }),
];

/** An officer whom the caller may change in this way; names him in the audit row. */
async function requireOfficer(context: ActionContext, officerId: string, act: OfficerAct): Promise<Officer> {
  const { tx, caller } = context;
  context.audit({ subject: officerSubject(officerId) });
  if (officerId === caller.officerId) refuse(identityProblems.ownAccount());
  const officer = await findOfficer(tx, caller.sight, officerId);
  if (!officer) return refuse(platformProblems.notFound("该用户"));
  context.audit({ login: officer.login, region: officer.region });
  requireKeeper(context, officer.duties);
  if (nextState(officerFlow, officer.state, act) === null) {
    refuse(
      platformProblems.wrongState(
        `该用户${officerStateLabels[officer.state]}，不能${officerActLabels[act]}。请刷新列表后再操作。`,
      ),
    );
  }
  return officer;
}

/** The log is read by people: words, not codes. */
function labelsOf(duties: readonly string[]): string[] {
  return duties.map((duty) => dutyLabels[duty as Duty]);
}

function requireKeeper({ caller }: ActionContext, duties: readonly string[]): void {
  const needed = keeperPermission(duties);
  if (caller.permissions.has(needed)) return;
  refuse(
    needed === identityPermissions.administratorAccounts
      ? identityProblems.keptBySecurityAdministrator()
      : identityProblems.keptBySystemAdministrator(),
  );
}

/** The organisation is of the administered area and active, and the officer's region lies within the organisation's. */
async function requirePlace(context: ActionContext, organisationId: string, region: string): Promise<Organisation> {
  const organisation = await findOrganisation(context.tx, context.caller.sight, organisationId);
  if (!organisation) return refuse(platformProblems.notFound("所选单位"));
  if (!organisation.active) refuse(identityProblems.organisationInactive(organisation.name));
  if (!region.startsWith(organisation.region)) refuse(identityProblems.regionOutsideOrganisation(organisation.name));
  await requireRegion(context, region);
  return organisation;
}
