import type { Keys } from "../platform/keys.ts";
import type { IdentityKind } from "./dictionaries/index.ts";

/**
 * Keyed hashes stand for numbers of persons in look-up and uniqueness, in the form of the uuid columns (32 hexadecimal
 * digits). `number` is the normalised form that `readIdentityNumber` and the like return.
 */
export function identityHash(keys: Keys, kind: IdentityKind, number: string): string {
  return keys.keyedHash("identity", `${kind}|${number}`);
}

export function phoneHash(keys: Keys, number: string): string {
  return keys.keyedHash("phone", number);
}

export function bankAccountHash(keys: Keys, number: string): string {
  return keys.keyedHash("bank-account", number);
}

/** Written as uuid columns print it; PostgreSQL reads both forms. */
export function asUuid(hash: string): string {
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`;
}

/** The first 63 bits of a hash as a positive bigint in decimal: how ids are proposed without asking the database. */
export function bigintOfHash(hashHex: string): string {
  return (BigInt(`0x${hashHex.slice(0, 16)}`) >> 1n).toString();
}

/** The id that a new person's first number proposes; an existing key decides otherwise (trust.md). */
export function newPersonId(identityHashHex: string): string {
  return bigintOfHash(identityHashHex);
}

/** The last four digits, which a caller often remembers. */
export function phoneTail(number: string): string {
  return number.slice(-4);
}

/** What a person's envelope (registry.person.secret) holds. */
export interface PersonSecret {
  readonly identity: string;
  readonly phone: string | null;
  readonly bankAccount: string | null;
}

/** One envelope per row, fields apart by tabs, which no number contains: a province's worth is written in one load. */
export function sealPersonSecret(keys: Keys, secret: PersonSecret): Buffer {
  return keys.seal(`${secret.identity}\t${secret.phone ?? ""}\t${secret.bankAccount ?? ""}`);
}

export function openPersonSecret(keys: Keys, envelope: Uint8Array): PersonSecret {
  const [identity = "", phone = "", bankAccount = ""] = keys.open(envelope).split("\t");
  return { identity, phone: phone || null, bankAccount: bankAccount || null };
}
