import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { narrow, within, type Scope } from "../scope.ts";
import type { AccessGround } from "./contract.ts";

export interface StoredCard {
  readonly person_id: string;
  readonly name: string;
  readonly sex: number | null;
  readonly identity_mask: string;
  readonly home_county: string;
  readonly region: string;
  readonly ground: AccessGround;
  readonly valid_from: string;
  readonly valid_to: string | null;
}

/** People of other places in the area, on one ground or any; those whose home is here have their own pages and are left out. */
export async function listStoredCards(
  tx: Tx,
  scope: Scope,
  filter: { ground?: AccessGround | undefined; region?: string | undefined; name?: string | undefined },
  businessDate: string,
  page: { page: number; size: number },
): Promise<{ rows: StoredCard[]; total: number }> {
  const sought = narrow(scope, filter.region);
  if (sought === null || scope === null) return { rows: [], total: 0 };
  const cards = sql`
    FROM registry.person_card(${filter.ground ?? null}, ${sought}) card
    WHERE ${within("card.region", sought)} AND NOT ${within("card.home_county", scope)}
      AND card.valid_from <= ${businessDate} AND (card.valid_to IS NULL OR card.valid_to >= ${businessDate})
      ${filter.name ? sql`AND position(${filter.name} IN card.name) > 0` : sql``}`;
  const { rows } = await sql<StoredCard>`SELECT card.* ${cards} ORDER BY card.region, card.person_id, card.valid_from
    LIMIT ${page.size} OFFSET ${(page.page - 1) * page.size}`.execute(tx);
  const counted = await sql<{ total: string }>`SELECT count(*) AS total ${cards}`.execute(tx);
  return { rows, total: Number(counted.rows[0]!.total) };
}
