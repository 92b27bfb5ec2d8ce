import type { CurrentRulebook } from "#policy";
import type { Tx } from "../platform/db/database.ts";
import type { Bundle } from "./applications/bundles.ts";
import type { FindPayee } from "./payees.ts";

/** What the parts of this domain share. */
export interface SubsidiesOptions {
  readonly rulebook: CurrentRulebook;
  readonly findPayee: FindPayee;
  readonly bundles: readonly Bundle[];
  readonly findMandate: FindMandate;
}

/** The id of an officer's authority to act for a person that holds on a day (代办授权); null: he has none. The accounts' domain says it. */
export type FindMandate = (tx: Tx, officerId: string, personId: string, on: string) => Promise<string | null>;
