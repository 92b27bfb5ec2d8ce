import { userInfo } from "node:os";
import type { Caller, DomainModule, Services } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { permissionsOf, sightOf } from "./permissions.ts";
import { identityProblems } from "./problems.ts";
import { officerByLogin } from "./sessions/store.ts";

/**
 * An officer as the operator at the machine acts for him (`wengang … --as`). The operator needs no password: whoever runs
 * commands there reads the keys too. The log names both.
 */
export async function callerByLogin(
  services: Services,
  modules: readonly DomainModule[],
  login: string,
): Promise<Caller> {
  const caller = await callerAtDesk(services, modules, login);
  return { ...caller, name: `${caller.name}（${operatorName()}）` };
}

/** An officer as if he sat at his own desk: for what a demonstration tells of him. */
export async function callerAtDesk(
  services: Services,
  modules: readonly DomainModule[],
  login: string,
): Promise<Caller> {
  const officer = await officerByLogin(services.database.worker, login);
  if (!officer) return refuse(platformProblems.notFound(`登录名为 ${login} 的用户`));
  if (!officer.active) refuse(identityProblems.accountInactive());
  if (officer.locked) refuse(identityProblems.accountLocked());
  const { officer_id: officerId, name, organisation, duties, region } = officer;
  return {
    officerId,
    name,
    organisation,
    permissions: permissionsOf(duties, modules),
    sight: sightOf(duties, region, officerId),
    session: null,
  };
}

/** Who sits at the machine itself. */
export function operatorName(): string {
  return `命令行 ${userInfo().username}`;
}
