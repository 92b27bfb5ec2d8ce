import type { CurrentRulebook } from "#policy";
import type { FindPayee } from "./payees.ts";

/** What the parts of this domain share. */
export interface SubsidiesOptions {
  readonly rulebook: CurrentRulebook;
  readonly findPayee: FindPayee;
}
