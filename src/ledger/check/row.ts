import {
  bankAccountHash,
  identityHash,
  newPersonId,
  phoneHash,
  phoneTail,
  sealPersonSecret,
  type IdentityKind,
} from "#registry";
import { hash } from "node:crypto";
import type { Cell } from "../../platform/sheets/index.ts";
import type { LedgerField } from "../contract.ts";
import type { CheckContext } from "./context.ts";
import { checkIdentity, checkName } from "./identity.ts";
import {
  checkCategory,
  checkContacts,
  checkHome,
  checkHousehold,
  checkPersonCells,
  fillCategoryStart,
} from "./person-cells.ts";
import { checkRegister } from "./register.ts";
import { RowState, type CheckedRow } from "./row-state.ts";
import { checkEmployer, checkSpell } from "./spell.ts";

export type { CheckedRow, RowFault } from "./row-state.ts";

/**
 * Checks rows of one batch, one at a time: reads every cell as offices write it, mends what a rule can mend, and says of
 * the rest what is wrong and what the right value might be. Pure but for keyed hashes and envelopes; knows no database.
 */
export class RowChecker {
  readonly #state: RowState;
  readonly #hashedFrom: number;
  #household = { name: "", id: "" };

  constructor(context: CheckContext) {
    this.#state = new RowState(context);
    this.#hashedFrom = this.#state.slot.get("identity_kind")!;
  }

  /** `cells` by field; `extra` are the unmapped columns of a table of kind "other", header → text. The answer is reused. */
  check(cells: Partial<Record<LedgerField, Cell>>, extra?: Readonly<Record<string, string>>): CheckedRow {
    const state = this.#state;
    const { definition } = state.context;
    state.begin(cells);
    checkName(state);
    checkHome(state);
    checkIdentity(state);
    checkPersonCells(state);
    checkContacts(state);
    if (definition.household) checkHousehold(state);
    if (state.fields.has("category")) checkCategory(state);
    if (state.fields.has("employer")) checkEmployer(state);
    if (definition.spell) checkSpell(state);
    if (definition.register) checkRegister(state, extra);
    this.#keys();
    if (state.fields.has("category")) fillCategoryStart(state);
    return state.row;
  }

  #keys(): void {
    const state = this.#state;
    const { row } = state;
    const { keys, definition } = state.context;
    state.set("held", row.held ? "t" : "f");
    if (row.identity === null) return;
    const idHash = identityHash(keys, state.get("identity_kind") as IdentityKind, row.identity);
    state.set("id_hash", idHash);
    const discriminator = definition.lineKey.map((column) => state.get(column) ?? "").join("|");
    state.set("line_key", discriminator === "" ? idHash : keys.keyedHash("row", `${idHash}|${discriminator}`));
    const numbers = row.bankAccount === null ? (row.phone ?? "") : `${row.phone ?? ""}|${row.bankAccount}`;
    // Joined, a null is an empty text.
    const content = row.values.slice(this.#hashedFrom).join("|");
    state.set("row_hash", keys.keyedHash("row", `${numbers}|${content}`));
    if (!row.held) this.#secret(idHash, row.identity);
  }

  /** The same as `ledger.household_id` in the database. Members of one household mostly stand side by side. */
  #householdId(name: string): string {
    if (name !== this.#household.name)
      this.#household = { name, id: BigInt.asUintN(63, BigInt(`0x${hash("md5", name).slice(0, 16)}`)).toString() };
    return this.#household.id;
  }

  /** The envelope that a new person is given, and that is laid over what is held of a known one. Numbers are staged in no other form. */
  #secret(idHash: string, identity: string): void {
    const state = this.#state;
    const { phone, bankAccount } = state.row;
    const { keys, definition } = state.context;
    state.set("proposed_id", newPersonId(idHash));
    const household = state.get("household_no");
    if (household !== null && state.row.homeRegion !== null)
      state.set("household_id", this.#householdId(`${state.row.homeRegion.slice(0, 6)}|${household}`));
    if (!definition.home && phone === null && bankAccount === null) return;
    state.row.secret = sealPersonSecret(keys, { identity, phone, bankAccount });
    if (phone !== null) {
      state.set("phone_hash", phoneHash(keys, phone));
      state.set("phone_tail", phoneTail(phone));
    }
    if (bankAccount !== null) state.set("bank_hash", bankAccountHash(keys, bankAccount));
  }
}
