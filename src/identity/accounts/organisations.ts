import { handle, type ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  createOrganisation,
  departmentLabels,
  listOrganisations,
  renameOrganisation,
  setOrganisationActive,
  type Department,
} from "../contract.ts";
import { identityProblems } from "../problems.ts";
import { ownAccount } from "../sessions/store.ts";
import { organisationSubject } from "../subjects.ts";
import {
  countActiveOfficers,
  findOrganisation,
  insertOrganisation,
  pageOfOrganisations,
  regionPath,
  updateOrganisation,
  type Organisation,
} from "./store.ts";

const list = handle(listOrganisations, ({ tx, caller }, { page, size, ...filter }) =>
  pageOfOrganisations(tx, caller.sight, filter, { page, size }),
);

const create = handle(createOrganisation, async (context, organisation) => {
  const { tx, caller } = context;
  context.audit({
    region: organisation.region,
    name: organisation.name,
    department: departmentLabels[organisation.department],
  });
  requireAdministered(caller.sight.administers, organisation.region);
  await requireRegion(context, organisation.region);
  const organisationId = await onlyOnce(organisation.name, () => insertOrganisation(tx, organisation));
  context.audit({ subject: organisationSubject(organisationId) });
  return { organisationId };
});

const rename = handle(renameOrganisation, async (context, { organisationId, name, department }) => {
  const before = await requireOrganisation(context, organisationId);
  context.audit({
    before: { name: before.name, department: departmentLabels[before.department as Department] },
    after: { name, department: departmentLabels[department] },
  });
  await onlyOnce(name, () => updateOrganisation(context.tx, organisationId, { name, department }));
  return { organisationId };
});

const setActive = handle(setOrganisationActive, async (context, { organisationId, active }) => {
  const { tx } = context;
  const before = await requireOrganisation(context, organisationId);
  // Would lock out the caller himself, and perhaps the last administrator of the place.
  const own = await ownAccount(tx, signedInOfficer(context));
  if (own.organisation_id === organisationId && !active) refuse(identityProblems.ownOrganisation());
  await updateOrganisation(tx, organisationId, { active });
  const officersAffected = before.active === active ? 0 : await countActiveOfficers(tx, organisationId);
  context.audit({ active, count: officersAffected });
  return { officersAffected };
});

export const organisationHandlers = [list, create, rename, setActive];

function signedInOfficer({ caller }: ActionContext): string {
  return caller.officerId ?? refuse(platformProblems.notSignedIn());
}

/** An organisation of the administered area; names it in the audit row. */
async function requireOrganisation(context: ActionContext, organisationId: string): Promise<Organisation> {
  const organisation = await findOrganisation(context.tx, context.caller.sight, organisationId);
  if (!organisation) return refuse(platformProblems.notFound("该单位"));
  context.audit({ subject: organisationSubject(organisationId), region: organisation.region });
  return organisation;
}

function requireAdministered(administers: string | null, region: string): void {
  if (administers === null || !region.startsWith(administers)) refuse(platformProblems.outOfScope());
}

export async function requireRegion(context: ActionContext, code: string): Promise<void> {
  const path = await regionPath(context.tx, code);
  if (path.at(-1)?.code !== code) refuse(identityProblems.regionUnknown(code));
}

const UNIQUE_VIOLATION = "23505";

async function onlyOnce<T>(name: string, write: () => Promise<T>): Promise<T> {
  return write().catch((cause: unknown) => {
    if ((cause as { code?: string }).code === UNIQUE_VIOLATION)
      return refuse(identityProblems.organisationExists(name));
    throw cause;
  });
}
