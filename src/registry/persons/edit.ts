import { addDays } from "../../platform/dates/index.ts";
import { handle, type ActionContext } from "../../platform/module.ts";
import type { Tx } from "../../platform/db/database.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { fieldAuthority } from "../authority.ts";
import { changeCells, type CellValue } from "../cells/change.ts";
import { lockRow, regionExists, type LockedRow, type RowAddress } from "../cells/store.ts";
import { COMPARISON_DUE_DAYS } from "../comparisons/contract.ts";
import { raiseComparison } from "../comparisons/store.ts";
import { BANK_CARD_PROBLEM_LABELS, PHONE_PROBLEM_LABELS, readBankCard, readPhone } from "../dictionaries/index.ts";
import { fieldLabel, fitsField, registryFields } from "../fields.ts";
import { maskBankAccount, maskPhone } from "../masks.ts";
import { asUuid, bankAccountHash, phoneHash, sealPersonSecret } from "../numbers.ts";
import { registryProblems } from "../problems.ts";
import { sourceNumbers } from "../sources.ts";
import { shownColumn } from "./origins.ts";
import { editPerson } from "./page-contract.ts";

/** Two sources disagree: the code that the ledger's comparison uses too. */
const SOURCES_DISAGREE = "X2";

export interface PersonEdit {
  readonly personId: string;
  /** What the officer saw; null: whatever it is now. */
  readonly version: number | null;
  readonly cells: readonly { readonly field: string; readonly value: string | null }[];
  readonly note: string;
}

/**
 * An officer changes cells of a person by hand: those that he is believed for are written with their source and history, the others
 * become comparison tasks. Names the person in the act's audit row.
 */
export async function editPersonCells(
  context: ActionContext,
  input: PersonEdit,
): Promise<{ version: number; changed: string[]; raised: string[] }> {
  const { tx, caller, services, businessDate } = context;
  const scope = caller.sight.region;
  const address: RowAddress = { entity: "person", personId: input.personId, entityKey: {} };
  const row = (await lockRow(tx, scope, address)) ?? refuse(platformProblems.notFound("此人"));
  context.audit({ subject: `registry.person:${input.personId}`, region: row.homeRegion });
  if (input.version !== null && row.version !== input.version) refuse(registryProblems.personChanged());

  const wanted: CellValue[] = [];
  for (const [index, cell] of input.cells.entries()) {
    const value = await readCell(tx, cell.field, cell.value === "" ? null : cell.value, index);
    if (!isHeld(cell.field, value)) wanted.push({ field: cell.field, value });
  }
  if (wanted.length === 0) refuse(registryProblems.nothingChanged());

  const authority = await fieldAuthority(tx);
  const heldSource = (field: string) => row.cellSources[field] ?? row.source;
  const isFree = ({ field }: CellValue) =>
    held(row, shownColumn("person", field)) === null ||
    authority.replaces("person", field, sourceNumbers.officer, heldSource(field));
  const changed = wanted.filter(isFree);
  const raised = wanted.filter((cell) => !isFree(cell));
  const version =
    changed.length === 0
      ? row.version
      : await changeCells(tx, address, changed, {
          keys: services.keys,
          scope,
          source: sourceNumbers.officer,
          reason: input.note,
          officer: { id: caller.officerId, name: caller.name },
          businessDate,
        });
  for (const { field, value } of raised) {
    await raiseComparison(tx, {
      ...address,
      homeRegion: row.homeRegion,
      reason: SOURCES_DISAGREE,
      field,
      heldValue: held(row, shownColumn("person", field)),
      heldSource: heldSource(field),
      claimedValue: shown(field, value),
      claimedSecret: value !== null && isNumber(field) ? sealClaim(field, value) : null,
      claimedSource: sourceNumbers.officer,
      dueOn: addDays(businessDate, COMPARISON_DUE_DAYS),
    });
  }
  const labels = (cells: readonly CellValue[]) => cells.map(({ field }) => fieldLabel("person", field));
  context.audit({ count: 1, changed: labels(changed), raised: labels(raised), note: input.note });
  return { version, changed: labels(changed), raised: labels(raised) };

  /** A claimed number travels in the form of the person's own envelope, the rest of it empty. */
  function sealClaim(field: "phone" | "bank_account", value: string): Buffer {
    const claim = field === "phone" ? { phone: value, bankAccount: null } : { phone: null, bankAccount: value };
    return sealPersonSecret(services.keys, { identity: "", ...claim });
  }

  /** Numbers are held as keyed hashes, by which they are compared. */
  function isHeld(field: string, value: string | null): boolean {
    if (!isNumber(field)) return held(row, field) === value;
    const hash = field === "phone" ? phoneHash : bankAccountHash;
    return (
      held(row, field === "phone" ? "phone_hash" : "bank_hash") ===
      (value === null ? null : asUuid(hash(services.keys, value)))
    );
  }
}

export const editPersonHandler = handle(editPerson, editPersonCells);

function held(row: LockedRow, column: string): string | null {
  return row.columns[column] ?? null;
}

function isNumber(field: string): field is "phone" | "bank_account" {
  return field === "phone" || field === "bank_account";
}

function shown(field: string, value: string | null): string | null {
  if (value === null || !isNumber(field)) return value;
  return field === "phone" ? maskPhone(value) : maskBankAccount(value);
}

/** The value as it is to be stored, or a refusal that names the cell. */
async function readCell(tx: Tx, field: string, value: string | null, index: number): Promise<string | null> {
  const definition = registryFields.person[field];
  if (!definition?.editable) return refuse(registryProblems.fieldNotEditable(definition?.label ?? field, index));
  const unfit = (why: string) => refuse(registryProblems.valueUnfit(definition.label, why, index));
  if (value === null) return field === "name" ? unfit("不能为空") : null;
  if (field === "phone") {
    const reading = readPhone(value);
    return reading.ok ? reading.number : unfit(PHONE_PROBLEM_LABELS[reading.problem]);
  }
  if (field === "bank_account") {
    const reading = readBankCard(value);
    return reading.ok ? reading.number : unfit(BANK_CARD_PROBLEM_LABELS[reading.problem]);
  }
  if (!fitsField("person", field, value))
    return unfit(definition.type.kind === "date" ? "日期应写作 2025-04-18" : "请从选项中选择");
  if (definition.type.kind === "region" && !(await regionExists(tx, value))) return unfit("区划代码不在区划库中");
  return value;
}

/** For other domains that take a value from somebody who does not write it himself: checked now, written when an officer agrees. */
export const personCells = {
  read: (tx: Tx, field: string, value: string): Promise<string | null> => readCell(tx, field, value, 0),
};
