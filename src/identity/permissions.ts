import type { Sight } from "../platform/db/database.ts";
import type { DomainModule } from "../platform/module.ts";
import { isAdministratorDuty } from "./accounts/duties.ts";

/** Every permission that one of the duties carries, as the modules declare it. */
export function permissionsOf(duties: readonly string[], modules: readonly DomainModule[]): ReadonlySet<string> {
  const held = new Set<string>();
  for (const module of modules) {
    for (const [permission, { duties: carriers }] of Object.entries(module.permissions ?? {})) {
      if (carriers.some((duty) => duties.includes(duty))) held.add(permission);
    }
  }
  return held;
}

/**
 * What an officer's transactions see (trust.md). Business duties see persons of their area and no accounts; the three
 * administrators see accounts of theirs and no person; 审计与纪检 and 审计员 read the log.
 */
export function sightOf(duties: readonly string[], region: string, officerId: string): Sight {
  const administers = duties.some(isAdministratorDuty);
  return {
    region: administers ? null : region,
    administers: administers ? region : null,
    audits: duties.includes("auditor") || duties.includes("audit-admin"),
    officerId,
  };
}
