import { asOfFor } from "#policy";
import type { Tx } from "../../platform/db/database.ts";
import type { Services } from "../../platform/module.ts";
import { payableTo, type Payable } from "../applications/offers.ts";
import type { SubsidiesOptions } from "../options.ts";
import { findPrepayment, gatherActual, type StoredPrepayment } from "./store.ts";

/** The measure of a prepayment, if it still pays. */
export async function measureOf(
  options: SubsidiesOptions,
  tx: Tx,
  { rule_path }: Pick<StoredPrepayment, "rule_path">,
): Promise<Payable | null> {
  const all = [...(await payableTo(options, tx, "employer")), ...(await payableTo(options, tx, "person"))];
  return all.find(({ measure }) => measure.definition.file === rule_path) ?? null;
}

/** What screening found of a prepayment's payee, asked with the worker's eyes: what other counties have claimed counts. */
export const foundOf = (
  worker: Tx,
  services: Services,
  one: Payable,
  { region, payee_key, fund }: Pick<StoredPrepayment, "region" | "payee_key" | "fund">,
  until: string | null = null,
): Promise<{ items: number; actualFen: number }> =>
  gatherActual(worker, one, { region, payeeKey: payee_key, fund, asOf: asOfFor(services, one.measure), until });

/** Whether nothing was found since that would take off what is owed: nobody is decided on for a sum that is known to be too high. */
export async function isAsSettled(
  options: SubsidiesOptions,
  services: Services,
  prepaymentId: string,
): Promise<boolean> {
  return services.database.worker.transaction().execute(async (tx) => {
    const stored = await findPrepayment(tx, "", prepaymentId);
    const one = stored && (await measureOf(options, tx, stored));
    return !one || (await foundOf(tx, services, one, stored, stored.settled_on)).items === 0;
  });
}
