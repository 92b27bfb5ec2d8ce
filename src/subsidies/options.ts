import type { FactSource } from "#kernel";
import { CurrentRulebook } from "#policy";
import type { Tx } from "../platform/db/database.ts";
import { shippedBundles, type Bundle } from "./applications/bundles.ts";
import { payeeFinder, type FindPayee, type PayeeSource } from "./payees.ts";

/** What the parts of this domain share. */
export interface SubsidiesOptions {
  readonly rulebook: CurrentRulebook;
  readonly findPayee: FindPayee;
  readonly bundles: readonly Bundle[];
  readonly findMandate: FindMandate;
}

/** The id of an officer's authority to act for a person that holds on a day (代办授权); null: he has none. The accounts' domain says it. */
export type FindMandate = (tx: Tx, officerId: string, personId: string, on: string) => Promise<string | null>;

/** What other domains bring along: the facts that rules read, who is paid, who may act for whom. */
export interface SubsidiesFacts {
  readonly sources: readonly FactSource[];
  readonly payees: readonly PayeeSource[];
  readonly findMandate: FindMandate;
}

export const optionsOf = ({ sources, payees, findMandate }: SubsidiesFacts): SubsidiesOptions => ({
  rulebook: new CurrentRulebook(sources),
  findPayee: payeeFinder(payees),
  bundles: shippedBundles(),
  findMandate,
});
