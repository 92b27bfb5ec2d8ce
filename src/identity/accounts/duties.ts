/** What an officer answers for. Modules say which duties carry which permission; the database knows this list too. */
export const businessDuties = [
  "county-clerk",
  "reviewer",
  "town-officer",
  "village-worker",
  "city-dispatcher",
  "province-dispatcher",
  "finance",
  "auditor",
  "leader",
  "policy",
] as const;
export const administratorDuties = ["system-admin", "security-admin", "audit-admin"] as const;
export const duties = [...businessDuties, ...administratorDuties] as const;
export type Duty = (typeof duties)[number];
export type AdministratorDuty = (typeof administratorDuties)[number];

export const dutyLabels: Record<Duty, string> = {
  "county-clerk": "台账与补贴经办",
  reviewer: "复核",
  "town-officer": "乡镇经办",
  "village-worker": "村级经办",
  "city-dispatcher": "市州调度",
  "province-dispatcher": "省级调度",
  finance: "财政",
  auditor: "审计与纪检",
  leader: "领导",
  policy: "政策",
  "system-admin": "系统管理员",
  "security-admin": "安全管理员",
  "audit-admin": "审计员",
};

export function isAdministratorDuty(duty: string): duty is AdministratorDuty {
  return (administratorDuties as readonly string[]).includes(duty);
}

/**
 * Why one person may not hold these duties together; null when he may. 三员分立: 系统管理员、安全管理员、审计员 are three
 * persons, and none of them does business, lest one hand both act and hide the act.
 */
export function dutiesConflict(held: readonly string[]): string | null {
  const administrative = held.filter(isAdministratorDuty);
  if (administrative.length > 1) return `${administrative.map((duty) => dutyLabels[duty]).join("、")}须由不同的人担任`;
  if (administrative.length === 1 && held.length > 1) return `${dutyLabels[administrative[0]!]}不得兼任业务职责`;
  return null;
}

export const identityPermissions = {
  /** Sees the accounts of the administered area. */
  accounts: "identity.accounts",
  businessAccounts: "identity.accounts.business",
  administratorAccounts: "identity.accounts.administrators",
  organisations: "identity.organisations",
  /** Resets lost second factors, and says who must have one. */
  secondFactor: "identity.second-factor",
  /** Agrees to links between accounts and the single sign-on. */
  links: "identity.links",
} as const;

/**
 * Whose task an account of these duties is: business accounts are the system administrator's, the three administrators' are
 * the security administrator's. So nobody alone can make himself a second account with the powers he lacks.
 */
export function keeperPermission(held: readonly string[]): string {
  return held.some(isAdministratorDuty)
    ? identityPermissions.administratorAccounts
    : identityPermissions.businessAccounts;
}
