import { sql } from "kysely";
import type { Tx } from "../../platform/db/database.ts";
import { identityHash, asUuid, openPersonSecret, sealPersonSecret, type PersonSecret } from "../numbers.ts";
import { sourceNumbers } from "../sources.ts";
import type { IdentityKind } from "../dictionaries/index.ts";
import type { ChangeOrigin } from "./change.ts";
import { lockRow, recordChange, updateRow, type LockedRow, type RowAddress } from "./store.ts";

interface Bearer {
  readonly address: RowAddress;
  readonly row: LockedRow;
  readonly secret: PersonSecret;
}

/**
 * Gives each of two persons the other's identity number: masks, envelopes and the keys by which later tables find them. False when
 * one of them is not in the scope.
 */
export async function swapIdentities(
  tx: Tx,
  persons: readonly [string, string],
  origin: Omit<ChangeOrigin, "source">,
): Promise<boolean> {
  const bearers: Bearer[] = [];
  for (const personId of persons) {
    const address: RowAddress = { entity: "person", personId, entityKey: {} };
    const row = await lockRow(tx, origin.scope, address);
    if (!row) return false;
    const secret = openPersonSecret(origin.keys, Buffer.from(row.columns["secret"]!.slice(2), "hex"));
    bearers.push({ address, row, secret });
  }
  const [one, other] = bearers as [Bearer, Bearer];
  await giveNumber(tx, one, other, origin);
  await giveNumber(tx, other, one, origin);
  const keys = bearers.map(({ row, secret }) => keyOf(origin, row, secret));
  await sql`UPDATE registry.person_key k SET person_id = n.person_id, home_region = n.home
    FROM unnest(${keys}::uuid[], ${[persons[1], persons[0]]}::bigint[], ${[other.row.homeRegion, one.row.homeRegion]}::text[]) AS n(key_hash, person_id, home)
    WHERE k.key_hash = n.key_hash`.execute(tx);
  return true;
}

/** The key under which the bearer's present number is known. */
function keyOf({ keys }: Pick<ChangeOrigin, "keys">, row: LockedRow, { identity }: PersonSecret): string {
  return asUuid(identityHash(keys, row.columns["identity_kind"] as IdentityKind, identity));
}

async function giveNumber(tx: Tx, to: Bearer, from: Bearer, origin: Omit<ChangeOrigin, "source">): Promise<void> {
  const after = {
    identity_mask: from.row.columns["identity_mask"] ?? null,
    identity_kind: from.row.columns["identity_kind"] ?? null,
    secret: `\\x${sealPersonSecret(origin.keys, { ...to.secret, identity: from.secret.identity }).toString("hex")}`,
    cell_sources: { ...to.row.cellSources, identity: sourceNumbers.officer },
    recorded_on: origin.businessDate,
    batch_id: null,
  };
  await updateRow(tx, origin.scope, to.address, after);
  await recordChange(tx, {
    ...to.address,
    act: "update",
    before: {
      ...Object.fromEntries(Object.keys(after).map((column) => [column, to.row.columns[column] ?? null])),
      cell_sources: to.row.cellSources,
    },
    after,
    source: sourceNumbers.officer,
    reason: origin.reason,
    officer: origin.officer,
    homeRegion: to.row.homeRegion,
  });
}
