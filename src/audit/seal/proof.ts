import { createHash, type Hash } from "node:crypto";
import { z } from "zod";
import { placeOf, rangesOf, sealDigest, sha256, sizeOf, type DigestText, type Seal } from "./chain.ts";
import { isSignedBy, markOf, signatureAlgorithms, type SignatureAlgorithm } from "./signing.ts";

/**
 * 存证文件: rows of the log with what proves them, one JSON document per line, checked without a database.
 * head · digests that bind the seals · seals, each followed by its rows · end, signed, with the digest of all lines before.
 */
export interface ProofHead {
  readonly format: "wengang-audit-proof-1";
  /** Every row of every seal is here, and no seal between the first and the last is left out. */
  readonly complete: boolean;
  /** What was asked for, or which month this is; said again on the check's answer. */
  readonly about: Readonly<Record<string, unknown>>;
}

export interface ProofDigest {
  readonly text: string;
  readonly algorithm: SignatureAlgorithm;
  readonly keyMark: string;
  /** Hexadecimal. */
  readonly signature: string;
}

export type ProofLine =
  | { readonly head: ProofHead }
  | { readonly digest: ProofDigest }
  /** `leaves`: digests of all rows, hexadecimal in a row, where not all rows are here. */
  | { readonly seal: Seal; readonly leaves?: string }
  | { readonly row: string }
  /** A row too young to be sealed. */
  | { readonly loose: string }
  | { readonly end: { readonly sha256: string; readonly rows: number } & Omit<ProofDigest, "text"> };

export interface ProofAnswer {
  readonly about: Readonly<Record<string, unknown>>;
  readonly complete: boolean;
  readonly rows: number;
  readonly seals: number;
  readonly digests: number;
  /** Rows sealed after the last digest: chained, not yet signed for. */
  readonly unsigned: number;
  /** Rows too young to be sealed. */
  readonly loose: number;
  readonly days: { readonly first: string; readonly last: string } | null;
  /** Chinese sentences; empty: nothing was changed, removed, inserted or reordered. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 50;

/** A file is whatever somebody sends: nothing of it is taken for granted before these accept it. */
const zNumber = z.string().regex(/^\d{1,19}$/);
const zSignature = { algorithm: z.enum(signatureAlgorithms), keyMark: z.string(), signature: z.string() };
const zLine = z.union([
  z.object({
    head: z.object({
      format: z.literal("wengang-audit-proof-1"),
      complete: z.boolean(),
      about: z.record(z.string(), z.unknown()),
    }),
  }),
  z.object({ digest: z.object({ text: z.string(), ...zSignature }) }),
  z.object({
    seal: z.object({
      sealId: zNumber,
      sealedAt: z.string(),
      entries: z.string(),
      count: z.int(),
      root: z.string(),
      previous: z.string(),
      digest: z.string(),
    }),
    leaves: z.string().optional(),
  }),
  z.object({ row: z.string() }),
  z.object({ loose: z.string() }),
  z.object({ end: z.object({ sha256: z.string(), rows: z.int(), ...zSignature }) }),
]) satisfies z.ZodType<ProofLine>;
const zDigestText = z.object({
  format: z.literal("wengang-audit-digest-1"),
  number: zNumber,
  day: z.string(),
  lastSeal: zNumber,
  seal: z.string(),
  entries: z.string(),
  previous: z.string(),
}) satisfies z.ZodType<DigestText>;
const zRow = z.tuple([zNumber], z.unknown());

/** The JSON of a text, when it has this shape. */
function parsed<T>(shape: z.ZodType<T>, text: string): T | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Checks a proof line by line; memory holds the digests and one seal's leaves. */
export class ProofCheck {
  readonly #keys: ReadonlyMap<string, string>;
  readonly #problems: string[] = [];
  readonly #digests = new Map<string, DigestText>();
  readonly #lines: Hash = createHash("sha256");
  #head: ProofHead | undefined;
  #previousDigest: { text: DigestText; hash: string } | undefined;
  #seal:
    | { seal: Seal; ranges: (readonly [bigint, bigint])[]; leaves: string | null; own: string[]; last: number }
    | undefined;
  #before: Seal | undefined;
  #lineNumber = 0;
  #rows = 0;
  #seals = 0;
  #loose = 0;
  #rowsSinceDigest = 0;
  #ended = false;

  /** `publicKeys`: texts of the `.pub` files that the asker trusts. */
  constructor(publicKeys: readonly string[]) {
    this.#keys = new Map(publicKeys.map((text) => [markOf(text), text]));
  }

  add(text: string): void {
    if (this.#ended) return this.#say("结尾之后还有内容，文件被人添加过。");
    this.#lineNumber++;
    const line = parsed(zLine, text);
    if (line !== undefined && "end" in line) return this.#end(line.end);
    this.#lines.update(text).update("\n");
    if (line !== undefined && "head" in line) this.#head = line.head;
    else if (this.#head === undefined) this.#say("这不是本系统的存证文件，或由更新的版本写出。");
    else if (line === undefined) this.#say(`第 ${this.#lineNumber} 行不是完整的存证内容，文件已损坏。`);
    else if ("digest" in line) this.#digest(line.digest);
    else if ("seal" in line) this.#openSeal(line.seal, line.leaves ?? null);
    else if ("row" in line) this.#row(line.row);
    else this.#loose++;
  }

  answer(): ProofAnswer {
    if (!this.#ended) this.#say("存证文件不完整：没有签名的结尾，后面的内容被截去了。");
    const days = [...this.#digests.values()].map(({ day }) => day).toSorted();
    return {
      about: this.#head?.about ?? {},
      complete: this.#head?.complete ?? false,
      rows: this.#rows,
      seals: this.#seals,
      digests: this.#digests.size,
      unsigned: this.#rowsSinceDigest,
      loose: this.#loose,
      days: days.length > 0 ? { first: days[0]!, last: days.at(-1)! } : null,
      problems: this.#problems,
    };
  }

  #say(problem: string): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
  }

  #signed(text: string, { keyMark, signature }: Omit<ProofDigest, "text">, what: string): boolean {
    const key = this.#keys.get(keyMark);
    if (key === undefined)
      this.#say(`${what}由密钥 ${keyMark} 签名，而给出的公钥中没有它；请用 --key 指明对应的公钥文件。`);
    else if (isSignedBy(key, text, Buffer.from(signature, "hex"))) return true;
    else this.#say(`${what}的签名不符，内容被改动过。`);
    return false;
  }

  #digest(digest: ProofDigest): void {
    const says = parsed(zDigestText, digest.text);
    if (says === undefined) return this.#say(`第 ${this.#lineNumber} 行的每日摘要不完整，文件已损坏。`);
    if (!this.#signed(digest.text, digest, `${says.day} 的每日摘要`)) return;
    const before = this.#previousDigest;
    if (before && BigInt(says.number) === BigInt(before.text.number) + 1n && says.previous !== before.hash)
      this.#say(`${says.day} 的每日摘要与前一份接不上。`);
    this.#previousDigest = { text: says, hash: sha256(digest.text) };
    this.#digests.set(says.lastSeal, says);
  }

  #openSeal(seal: Seal, leaves: string | null): void {
    this.#closeSeal();
    const follows = this.#before !== undefined && BigInt(seal.sealId) === BigInt(this.#before.sealId) + 1n;
    if (follows && seal.previous !== this.#before!.digest)
      this.#say(`封存 ${seal.sealId} 与前一个接不上，其间被改动过。`);
    if (!follows) this.#leaveChain(seal.sealId);
    const ranges = rangesOf(seal.entries);
    if (sizeOf(ranges) !== BigInt(seal.count) || sealDigest(seal) !== seal.digest)
      this.#say(`封存 ${seal.sealId} 的内容被改动过。`);
    if (leaves !== null && sha256(Buffer.from(leaves, "hex")) !== seal.root)
      this.#say(`封存 ${seal.sealId} 的记录清单被改动过。`);
    this.#seals++;
    this.#seal = { seal, ranges, leaves, own: [], last: -1 };
  }

  /** A run of seals proves something only when a signed digest ends it. */
  #leaveChain(next: string | null): void {
    const before = this.#before;
    if (before === undefined) return;
    if (next !== null && this.#head!.complete)
      this.#say(`封存 ${before.sealId} 与 ${next} 之间缺少封存，有记录被移除。`);
    else if (next !== null && !this.#digests.has(before.sealId))
      this.#say(`封存 ${before.sealId} 之后缺少到当日摘要为止的封存，无法证明。`);
  }

  #row(text: string): void {
    const open = this.#seal;
    if (open === undefined) return this.#say("有记录不属于任何封存。");
    this.#rows++;
    this.#rowsSinceDigest++;
    const entryId = parsed(zRow, text)?.[0];
    if (entryId === undefined) return this.#say(`第 ${this.#lineNumber} 行的记录不完整，文件已损坏。`);
    const place = placeOf(open.ranges, BigInt(entryId));
    const leaf = sha256(text);
    if (place === -1) return this.#say(`记录 ${entryId} 不在封存 ${open.seal.sealId} 之中，是后来加进去的。`);
    if (place <= open.last) this.#say(`记录 ${entryId} 重复或次序被调换。`);
    open.last = place;
    open.own.push(leaf);
    if (open.leaves !== null && open.leaves.slice(place * 64, place * 64 + 64) !== leaf)
      this.#say(`记录 ${entryId} 的内容被改动过。`);
  }

  #closeSeal(): void {
    const open = this.#seal;
    if (open === undefined) return;
    if (this.#head!.complete && open.leaves === null) {
      if (open.own.length < open.seal.count)
        this.#say(
          `封存 ${open.seal.sealId} 应有 ${open.seal.count} 条记录，只有 ${open.own.length} 条，有记录被移除。`,
        );
      else if (sha256(Buffer.from(open.own.join(""), "hex")) !== open.seal.root)
        this.#say(`封存 ${open.seal.sealId} 中有记录的内容或次序被改动过。`);
    } else if (open.own.length > 0 && open.leaves === null)
      this.#say(`封存 ${open.seal.sealId} 缺少记录清单，无法证明。`);
    const bound = this.#digests.get(open.seal.sealId);
    if (bound !== undefined) {
      if (bound.seal !== open.seal.digest)
        this.#say(`封存 ${open.seal.sealId} 与 ${bound.day} 的每日摘要不符，被改动过。`);
      this.#rowsSinceDigest = 0;
    }
    this.#before = open.seal;
    this.#seal = undefined;
  }

  #end(end: { sha256: string; rows: number } & Omit<ProofDigest, "text">): void {
    this.#closeSeal();
    this.#ended = true;
    const { rows } = end;
    if (this.#lines.digest("hex") !== end.sha256 || rows !== this.#rows + this.#loose)
      this.#say("存证文件的内容与结尾的签名不符：有内容被改动、移除、加入或调换。");
    this.#signed(endText(end.sha256, rows), end, "存证文件的结尾");
  }
}

export function endText(digest: string, rows: number): string {
  return JSON.stringify(["wengang-audit-proof-end-1", digest, rows]);
}
