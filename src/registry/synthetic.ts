import type { Services } from "../platform/module.ts";
import type { Tx } from "../platform/db/database.ts";
import { regionsWithPersons } from "./persons/counts-store.ts";

/** Where and when synthetic rows are to stand: a division that has persons, and the business date they are made for. */
export interface SyntheticScope {
  readonly region: string;
  readonly asOf: string;
}

const COUNTY_DIGITS = 6;
const EVERYWHERE = "";

/** Lets a domain fill its registers of a demo: once per county that has persons, in a transaction of the worker's each. */
export async function fillCounties(
  services: Services,
  fill: (tx: Tx, scope: SyntheticScope) => Promise<void>,
): Promise<void> {
  const { worker } = services.database;
  const regions = await worker.transaction().execute((tx) => regionsWithPersons(tx, EVERYWHERE));
  for (const region of regions.filter((one) => one.length === COUNTY_DIGITS))
    await worker.transaction().execute((tx) => fill(tx, { region, asOf: services.businessDate(region) }));
}

/**
 * SQL: a number from 0 up to `below`, the same for the same `id` and purpose on every machine. What synthetic rows are drawn by, as
 * random() would make another province at every start.
 */
export const drawSql = (id: string, purpose: string, below: number): string =>
  `(('x' || left(md5((${id})::text || ':${purpose}'), 7))::bit(28)::int % ${below})`;
