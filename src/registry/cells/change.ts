import type { Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import { refuse } from "../../platform/problem.ts";
import { maskBankAccount, maskIdentity, maskPhone } from "../masks.ts";
import { entityLabels, registryFields, type RegistryEntity } from "../fields.ts";
import { employerKey } from "../employers/names.ts";
import { firstDay, lastDay } from "../../platform/dates/index.ts";
import type { IdentityKind } from "../dictionaries/index.ts";
import { asUuid, bankAccountHash, identityHash, openPersonSecret, phoneHash, phoneTail, sealPersonSecret } from "../numbers.ts";
import { registryProblems } from "../problems.ts";
import type { Scope } from "../scope.ts";
import { addPersonKey, checkEmploymentChainNow, hasOpenSpell, lockRow, recordChange, updateRow, type Author, type LockedRow, type RowAddress } from "./store.ts";

/** A new value of a field: as PostgreSQL prints the column, or the full number where the field is stored masked. */
export interface CellValue {
  readonly field: string;
  readonly value: string | null;
  /** What kind of document an identity number is. */
  readonly identityKind?: IdentityKind;
}

export interface ChangeOrigin {
  readonly keys: Keys;
  readonly scope: Scope;
  readonly source: number;
  readonly reason: string;
  readonly officer: Author;
  readonly businessDate: string;
}

const numberFields = ["identity", "phone", "bank_account"] as const;
type NumberField = (typeof numberFields)[number];

function isNumberField(field: string): field is NumberField {
  return (numberFields as readonly string[]).includes(field);
}

/**
 * Writes cells of one row with everything that goes with it: masks and hashes, the cells' source, the row's date and
 * version, and the history. Refuses in words when a constraint of the database would be broken. Returns the new version.
 */
export async function changeCells(tx: Tx, address: RowAddress, cells: readonly CellValue[], origin: ChangeOrigin): Promise<number> {
  const row = await lockRow(tx, origin.scope, address);
  if (!row) return refuse(registryProblems.rowGone(entityLabels[address.entity]));
  const columns: Record<string, unknown> = {};
  for (const cell of cells.filter(({ field }) => !isNumberField(field))) Object.assign(columns, plainColumns(cell, address));
  Object.assign(columns, await numberColumns(tx, address, row, cells, origin));
  columns["cell_sources"] = {
    ...row.cellSources,
    ...Object.fromEntries(cells.map(({ field }) => [field, origin.source])),
  };
  columns["recorded_on"] = origin.businessDate;
  // By hand: no batch may take the row's latest state for its own (trust.md, undo).
  columns["batch_id"] = null;
  const version = await guarded(async () => {
    const next = await updateRow(tx, origin.scope, address, columns);
    if (address.entity === "employment") await checkEmploymentChainNow(tx);
    return next;
  }, address);
  const before = { ...Object.fromEntries(Object.keys(columns).map((column) => [column, row.columns[column] ?? null])), cell_sources: row.cellSources, source: row.source };
  await recordChange(tx, { ...address, before, after: columns, source: origin.source, reason: origin.reason, officer: origin.officer, homeRegion: row.homeRegion });
  if (address.entity === "employment" && "end_date" in columns) await followWorkState(tx, address.personId, origin);
  return version;
}

/** A ledger's claim that a spell goes on, where a date would stand. */
const ONGOING = "ongoing";
const MONTH = /^\d{4}-\d{2}$/;

function plainColumns({ field, value }: CellValue, address: RowAddress): Record<string, unknown> {
  if (registryFields[address.entity][field]?.type.kind === "date") return dateColumns(address.entity, field, value);
  // Rows find their employer by the key of its name.
  if (address.entity === "employment" && field === "employer_name") return { [field]: value, employer_key: employerKey(value ?? "") };
  return { [field]: value };
}

/** A date known to the month keeps that precision: its first day for a beginning, its last for an end. */
function dateColumns(entity: RegistryEntity, field: string, value: string | null): Record<string, unknown> {
  const precision = precisionColumns[`${entity}.${field}`];
  if (value === null || value === ONGOING) return { [field]: null, ...(precision ? { [precision]: null } : {}) };
  const toMonth = MONTH.test(value);
  const day = !toMonth ? value : field === "end_date" || field === "valid_to" ? lastDay(value) : firstDay(value);
  return { [field]: day, ...(precision ? { [precision]: toMonth ? "month" : "day" } : {}) };
}

const precisionColumns: Readonly<Record<string, string>> = {
  "employment.start_date": "start_precision",
  "employment.end_date": "end_precision",
  "person_category.valid_from": "valid_from_precision",
};

async function numberColumns(tx: Tx, address: RowAddress, row: LockedRow, cells: readonly CellValue[], origin: ChangeOrigin): Promise<Record<string, unknown>> {
  const changed = cells.filter(({ field }) => isNumberField(field));
  if (changed.length === 0) return {};
  const { keys } = origin;
  const columns: Record<string, unknown> = {};
  let secret = openPersonSecret(keys, envelopeOf(row.columns["secret"]));
  for (const { field, value, identityKind } of changed) {
    if (field === "phone") {
      secret = { ...secret, phone: value };
      columns["phone_mask"] = value === null ? null : maskPhone(value);
      columns["phone_hash"] = value === null ? null : asUuid(phoneHash(keys, value));
      columns["phone_tail"] = value === null ? null : phoneTail(value);
    } else if (field === "bank_account") {
      secret = { ...secret, bankAccount: value };
      columns["bank_mask"] = value === null ? null : maskBankAccount(value);
      columns["bank_hash"] = value === null ? null : asUuid(bankAccountHash(keys, value));
    } else if (value !== null) {
      const kind = identityKind ?? "resident-id";
      const own = await addPersonKey(tx, {
        hash: identityHash(keys, kind, value),
        personId: address.personId,
        kind,
        homeRegion: row.homeRegion,
      });
      if (!own) refuse(registryProblems.numberOfAnother());
      secret = { ...secret, identity: value };
      columns["identity_mask"] = maskIdentity(value);
      columns["identity_kind"] = kind;
    }
  }
  columns["secret"] = `\\x${sealPersonSecret(keys, secret).toString("hex")}`;
  return columns;
}

/** A bytea column as PostgreSQL prints it: \x0102… */
function envelopeOf(printed: string | null | undefined): Buffer {
  return Buffer.from((printed ?? "").slice(2), "hex");
}

async function guarded<T>(write: () => Promise<T>, address: RowAddress): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? "";
    // Class 23: integrity constraint violation. The transaction is lost either way; the officer is told why.
    if (!code.startsWith("23")) throw cause;
    return refuse(address.entity === "employment" ? registryProblems.overlaps() : registryProblems.contradicts());
  }
}

/** Somebody whose last open spell ends is no longer at work, and the other way round. */
async function followWorkState(tx: Tx, personId: string, origin: ChangeOrigin): Promise<void> {
  const address: RowAddress = { entity: "person", personId, entityKey: {} };
  const person = await lockRow(tx, origin.scope, address);
  const next = (await hasOpenSpell(tx, personId)) ? "working" : "idle";
  if (!person || person.columns["work_state"] === next) return;
  await updateRow(tx, origin.scope, address, { work_state: next });
  await recordChange(tx, {
    ...address,
    before: { work_state: person.columns["work_state"] },
    after: { work_state: next },
    source: origin.source,
    reason: origin.reason,
    officer: origin.officer,
    homeRegion: person.homeRegion,
  });
}
