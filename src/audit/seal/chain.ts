import { createHash } from "node:crypto";

/**
 * How seals hang together. A seal names its rows, binds their digests in the order of their numbers and the seal before it;
 * the digest of a day binds the day's last seal, and by it everything before. Written down here once, for the sealer, the
 * check beside the database and the check of a file by a third party.
 */
export interface Seal {
  readonly sealId: string;
  readonly sealedAt: string;
  /** Numbers of the rows, as PostgreSQL prints an int8multirange: `{[1,5),[7,8)}`. */
  readonly entries: string;
  readonly count: number;
  /** Hexadecimal SHA-256 of the rows' digests, one after another. */
  readonly root: string;
  readonly previous: string;
  readonly digest: string;
}

/** What the first seal hangs on. */
export const CHAIN_START = "0".repeat(64);

export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

export function sealDigest(seal: Omit<Seal, "digest">): string {
  const { sealId, sealedAt, entries, count, root, previous } = seal;
  return sha256(JSON.stringify(["wengang-seal-1", sealId, sealedAt, entries, count, root, previous]));
}

/** Ranges of row numbers, last one included. */
export function rangesOf(entries: string): (readonly [bigint, bigint])[] {
  return [...entries.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, to]) => [BigInt(from!), BigInt(to!) - 1n] as const);
}

export function sizeOf(ranges: readonly (readonly [bigint, bigint])[]): bigint {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1n, 0n);
}

/** Which place a row has among the rows of its seal, from 0; -1 when it is none of them. */
export function placeOf(ranges: readonly (readonly [bigint, bigint])[], entryId: bigint): number {
  let before = 0n;
  for (const [from, to] of ranges) {
    if (entryId >= from && entryId <= to) return Number(before + entryId - from);
    before += to - from + 1n;
  }
  return -1;
}

/** What a day's digest says; the text is signed as it stands. */
export interface DigestText {
  readonly format: "wengang-audit-digest-1";
  readonly number: string;
  readonly day: string;
  readonly lastSeal: string;
  /** The last seal's digest. */
  readonly seal: string;
  /** Rows sealed since the log began. */
  readonly entries: string;
  /** SHA-256 of the digest text before this one. */
  readonly previous: string;
}
