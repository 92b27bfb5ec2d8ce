import type { Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import { refuse } from "../../platform/problem.ts";
import { maskBankAccount, maskIdentity, maskPhone } from "../masks.ts";
import { entityLabels, registryFields, type RegistryEntity } from "../fields.ts";
import { employerKey } from "../employers/names.ts";
import { firstDay, lastDay } from "../../platform/dates/index.ts";
import type { IdentityKind } from "../dictionaries/index.ts";
import {
  asUuid,
  bankAccountHash,
  identityHash,
  openPersonSecret,
  phoneHash,
  phoneTail,
  sealPersonSecret,
} from "../numbers.ts";
import { registryProblems } from "../problems.ts";
import type { WorkState } from "../persons/contract.ts";
import { sees, type Scope } from "../scope.ts";
import {
  addPersonKey,
  insertSpell,
  lockRow,
  openSpells,
  rechainSpells,
  recordChange,
  syncHome,
  syncWorkSight,
  unchainSpells,
  updateRow,
  type Author,
  type LockedRow,
  type NewSpell,
  type RowAddress,
} from "./store.ts";

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

/** A cell's source is kept only where it differs from the row's own; none left is null, as the ledger's batches write it. */
function nextCellSources(
  row: Pick<LockedRow, "cellSources" | "source">,
  fields: readonly string[],
  source: number,
): Record<string, number> | null {
  const kept = Object.entries({
    ...row.cellSources,
    ...Object.fromEntries(fields.map((field) => [field, source])),
  }).filter(([, from]) => from !== row.source);
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

/**
 * Writes cells of one row with everything that goes with it: masks and hashes, the cells' source, the row's date and
 * version, and the history; who changes spells calls `followSpells` when done. Refuses in words when a constraint of the database would be broken. Returns the new version.
 */
export async function changeCells(
  tx: Tx,
  address: RowAddress,
  cells: readonly CellValue[],
  origin: ChangeOrigin,
): Promise<number> {
  const row = await lockRow(tx, origin.scope, address);
  if (!row) return refuse(registryProblems.rowGone(entityLabels[address.entity]));
  const columns: Record<string, unknown> = {};
  for (const cell of cells.filter(({ field }) => !isNumberField(field)))
    Object.assign(columns, plainColumns(cell, address));
  Object.assign(columns, await numberColumns(tx, address, row, cells, origin));
  columns["cell_sources"] = nextCellSources(
    row,
    cells.map(({ field }) => field),
    origin.source,
  );
  columns["recorded_on"] = origin.businessDate;
  // By hand: no batch may take the row's latest state for its own (trust.md, undo).
  columns["batch_id"] = null;
  const home = columns["home_region"];
  if (typeof home === "string" && !sees(origin.scope, home)) refuse(registryProblems.homeOutside());
  const version = await guarded(address, () =>
    address.entity === "employment"
      ? updateSpell(tx, address, row, columns, origin.scope)
      : updateRow(tx, origin.scope, address, columns),
  );
  if (typeof home === "string" && address.entity === "person") await syncHome(tx, address.personId, home);
  const before = {
    ...Object.fromEntries(Object.keys(columns).map((column) => [column, row.columns[column] ?? null])),
    cell_sources: row.cellSources,
    source: row.source,
  };
  await recordChange(tx, {
    ...address,
    act: "update",
    before,
    after: columns,
    source: origin.source,
    reason: origin.reason,
    officer: origin.officer,
    homeRegion: row.homeRegion,
  });
  return version;
}

async function updateSpell(
  tx: Tx,
  address: RowAddress,
  row: LockedRow,
  columns: Readonly<Record<string, unknown>>,
  scope: Scope,
): Promise<number> {
  const groups = [
    row.columns["employer_key"]!,
    ...(typeof columns["employer_key"] === "string" ? [columns["employer_key"]] : []),
  ];
  await unchainSpells(tx, address.personId, groups);
  const version = await updateRow(tx, scope, address, columns);
  await unchainSpells(tx, address.personId, groups);
  await rechainSpells(tx, address.personId, groups);
  return version;
}

/** Enters a spell by hand, with its history. Refuses in words when it overlaps another at that employer. */
export async function addSpell(
  tx: Tx,
  spell: Omit<NewSpell, "employerKey" | "recordedOn" | "source">,
  origin: ChangeOrigin,
): Promise<void> {
  const whole: NewSpell = {
    ...spell,
    employerKey: employerKey(spell.employerName),
    recordedOn: origin.businessDate,
    source: origin.source,
  };
  const address = { entity: "employment", personId: spell.personId } as const;
  const employmentId = await guarded({ ...address, entityKey: {} }, async () => {
    await unchainSpells(tx, spell.personId, [whole.employerKey]);
    const made = await insertSpell(tx, whole);
    await rechainSpells(tx, spell.personId, [whole.employerKey]);
    return made;
  });
  await recordChange(tx, {
    ...address,
    entityKey: { employment_id: employmentId },
    act: "create",
    before: null,
    after: {
      employer_name: whole.employerName,
      work_region: whole.workRegion,
      start_date: whole.startDate,
      end_date: whole.endDate,
      recorded_on: whole.recordedOn,
    },
    source: origin.source,
    reason: origin.reason,
    officer: origin.officer,
    homeRegion: whole.homeRegion,
  });
}

/** A ledger's claim that a spell goes on, where a date would stand. */
const ONGOING = "ongoing";
const MONTH = /^\d{4}-\d{2}$/;

function plainColumns({ field, value }: CellValue, address: RowAddress): Record<string, unknown> {
  if (registryFields[address.entity][field]?.type.kind === "date") return dateColumns(address.entity, field, value);
  // Rows find their employer by the key of its name.
  if (address.entity === "employment" && field === "employer_name")
    return { [field]: value, employer_key: employerKey(value ?? "") };
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

async function numberColumns(
  tx: Tx,
  address: RowAddress,
  row: LockedRow,
  cells: readonly CellValue[],
  origin: ChangeOrigin,
): Promise<Record<string, unknown>> {
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

async function guarded<T>(address: RowAddress, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? "";
    // Class 23: integrity constraint violation. The transaction is lost either way; the officer is told why.
    if (!code.startsWith("23")) throw cause;
    return refuse(address.entity === "employment" ? registryProblems.overlaps() : registryProblems.contradicts());
  }
}

/**
 * After a person's spells were changed: sight by work lasts as long as the spell; somebody whose last open spell ended is no
 * longer at work, and the other way round.
 */
export async function followSpells(tx: Tx, personId: string, origin: ChangeOrigin): Promise<void> {
  await syncWorkSight(tx, personId);
  const working = (await openSpells(tx, personId)).length > 0;
  await setWorkState(tx, personId, working ? "working" : "idle", origin);
}

/** Unlike a cell, the state has no source of its own. */
async function setWorkState(tx: Tx, personId: string, next: WorkState, origin: ChangeOrigin): Promise<void> {
  const address: RowAddress = { entity: "person", personId, entityKey: {} };
  const person = await lockRow(tx, origin.scope, address);
  if (!person || person.columns["work_state"] === next) return;
  const after = { work_state: next, recorded_on: origin.businessDate, batch_id: null };
  await updateRow(tx, origin.scope, address, after);
  await recordChange(tx, {
    ...address,
    act: "update",
    before: Object.fromEntries(Object.keys(after).map((column) => [column, person.columns[column] ?? null])),
    after,
    source: origin.source,
    reason: origin.reason,
    officer: origin.officer,
    homeRegion: person.homeRegion,
  });
}
