import type { ClientBase } from "pg";
import type { ActionContext, AuditEntry, Caller, Gate, Handler, Services } from "../platform/module.ts";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { runAct } from "../platform/http/run-action.ts";
import { checkCharacter } from "./dictionaries/identity-check.ts";
import { employerKey } from "./employers/names.ts";
import { maskBankAccount, maskIdentity, maskPhone } from "./masks.ts";
import {
  asUuid,
  bankAccountHash,
  identityHash,
  newPersonId,
  phoneHash,
  phoneTail,
  sealPersonSecret,
} from "./numbers.ts";
import { registryModule } from "./module.ts";
import { registryPermissions } from "./permissions.ts";
import { sourceNumbers, type SourceCode } from "./sources.ts";

/** Rows for tests, arranged as the owner, whom row security does not bind. Nobody in them exists. */

let made = 0;

/** A valid number of the given birth date; the sequence is counted up, so that every call makes another person. */
export function inventedIdentity(county: string, birthDate: string, female = false): string {
  made += 1;
  const sequence = String(made * 2 + (female ? 0 : 1)).padStart(3, "0");
  const seventeen = `${county}${birthDate.replaceAll("-", "")}${sequence.slice(-3)}`;
  return seventeen + checkCharacter(seventeen)!;
}

export interface PersonGiven {
  readonly name?: string;
  readonly identity?: string;
  readonly birthDate?: string;
  readonly homeRegion: string;
  readonly phone?: string | null;
  readonly bankAccount?: string | null;
  readonly householdId?: string;
  readonly source?: SourceCode;
  readonly cellSources?: Readonly<Record<string, number>>;
  /** Further columns of registry.person. */
  readonly columns?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AddedPerson {
  readonly personId: string;
  readonly name: string;
  readonly identity: string;
  readonly phone: string | null;
  readonly homeRegion: string;
}

export async function addPerson(owner: ClientBase, { keys }: Services, given: PersonGiven): Promise<AddedPerson> {
  const birthDate = given.birthDate ?? "1985-03-12";
  const identity = given.identity ?? inventedIdentity(given.homeRegion.slice(0, 6).padEnd(6, "0"), birthDate);
  const hash = identityHash(keys, "resident-id", identity);
  const personId = newPersonId(hash);
  const name = given.name ?? `测试${made}`;
  const phone = given.phone === undefined ? `1380000${String(made).padStart(4, "0")}` : given.phone;
  const bankAccount = given.bankAccount ?? null;
  const columns: Record<string, unknown> = {
    person_id: personId,
    name,
    sex: 1,
    birth_date: birthDate,
    identity_mask: maskIdentity(identity),
    home_region: given.homeRegion,
    household_id: given.householdId ?? null,
    phone_mask: phone === null ? null : maskPhone(phone),
    phone_hash: phone === null ? null : asUuid(phoneHash(keys, phone)),
    phone_tail: phone === null ? null : phoneTail(phone),
    bank_mask: bankAccount === null ? null : maskBankAccount(bankAccount),
    bank_hash: bankAccount === null ? null : asUuid(bankAccountHash(keys, bankAccount)),
    secret: sealPersonSecret(keys, { identity, phone, bankAccount }),
    recorded_on: "2025-05-20",
    source: sourceNumbers[given.source ?? "work-ledger"],
    cell_sources: given.cellSources ? JSON.stringify(given.cellSources) : null,
    ...given.columns,
  };
  await insert(owner, "registry.person", columns);
  await insert(owner, "registry.person_key", {
    key_hash: asUuid(hash),
    person_id: personId,
    kind: "resident-id",
    home_region: given.homeRegion,
  });
  return { personId, name, identity, phone, homeRegion: given.homeRegion };
}

export interface SpellGiven {
  readonly employerName?: string;
  readonly startDate?: string;
  readonly endDate?: string | null;
  readonly previousEnd?: string | null;
  readonly workRegion?: string | null;
  readonly source?: SourceCode;
  readonly columns?: Readonly<Record<string, string | number | null>>;
}

export async function addEmployment(owner: ClientBase, person: AddedPerson, given: SpellGiven = {}): Promise<string> {
  made += 1;
  const employerName = given.employerName ?? "锦达电子（测试）有限公司";
  const employmentId = String(made);
  await insert(owner, "registry.employment", {
    person_id: person.personId,
    employment_id: employmentId,
    employer_key: employerKey(employerName),
    employer_name: employerName,
    work_region: given.workRegion === undefined ? "441900" : given.workRegion,
    start_date: given.startDate ?? "2025-02-26",
    end_date: given.endDate ?? null,
    end_precision: given.endDate ? "day" : null,
    previous_end: given.previousEnd ?? null,
    home_region: person.homeRegion,
    recorded_on: "2025-05-20",
    source: sourceNumbers[given.source ?? "work-ledger"],
    ...given.columns,
  });
  return employmentId;
}

/** One row of any registry table. */
export async function insert(
  owner: ClientBase,
  table: string,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(columns);
  const places = names.map((_, index) => `$${index + 1}`);
  await owner.query(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places.join(", ")})`, Object.values(columns));
}

export function callerIn(
  region: string | null,
  permissions: readonly string[] = Object.values(registryPermissions),
): Caller {
  return {
    officerId: "1",
    name: "向晓岚",
    organisation: "测试县人力资源和社会保障局",
    permissions: new Set(permissions),
    sight: { region, administers: null, audits: false, officerId: "1" },
    session: null,
  };
}

/** Stands where the identity domain stands, which the registry does not know: keeps what would be written to the audit log. */
export function recordingGate(): Gate & { readonly entries: (AuditEntry & { readonly requestId: string })[] } {
  const entries: (AuditEntry & { requestId: string })[] = [];
  return {
    entries,
    identify: () => Promise.reject(new Error("acts are run by a given caller")),
    record: (context: ActionContext, entry) => {
      entries.push({ ...entry, detail: { ...entry.detail }, requestId: context.requestId });
      return Promise.resolve();
    },
  };
}

/** Runs a route of the registry as the server would: input checked, permission, transaction under the caller's sight, audit. */
export async function ask<R extends Route>(
  services: Services,
  gate: Gate,
  caller: Caller,
  route: R,
  input: RequestOf<R>,
): Promise<OutputOf<R>> {
  const handler = registryModule.handlers!.find((one: Handler) => one.route === (route as Route));
  if (!handler) throw new Error(`no handler for ${route.path}`);
  const result = await runAct(services, gate, {
    handler,
    caller,
    input,
    request: { ip: "127.0.0.1", userAgent: "test" },
  });
  return (route.kind === "download" ? result : route.output.parse(result)) as OutputOf<R>;
}
