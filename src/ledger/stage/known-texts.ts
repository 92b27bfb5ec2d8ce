/** 88 MB at a load of at most three quarters: three million texts. More than fit are read like new ones. */
const MOST_SLOTS = 2 ** 22;
const WORDS = 4;
/** Of a slot: the hash, and where its text was met. */
const SLOT_BYTES = 4 * WORDS + 4 + 2;

/** A hash as the four words at `at`, the first digits first. */
export type VisitText = (words: Uint32Array, at: number) => void;
export type VisitMet = (words: Uint32Array, at: number, sheet: number, row: number) => void;

/**
 * The hashes of the texts that may be recalled, whole, in memory that threads share: 16 bytes a text, and the row in which it
 * was met first. A hit is a text whose line said what it says when the memory was loaded.
 */
export class KnownTexts {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Uint32Array;
  /** By slot: the row, from 1; 0 where the text was not met. */
  readonly #rows: Uint32Array;
  /** By slot, written by the one thread that has written the row. */
  readonly #sheets: Uint16Array;
  readonly #mask: number;
  #count = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    const slots = buffer.byteLength / SLOT_BYTES;
    this.#words = new Uint32Array(buffer, 0, slots * WORDS);
    this.#rows = new Uint32Array(buffer, slots * 4 * WORDS, slots);
    this.#sheets = new Uint16Array(buffer, slots * 4 * (WORDS + 1), slots);
    this.#mask = slots - 1;
  }

  static forCount(count: number): KnownTexts {
    const slots = Math.min(2 ** Math.ceil(Math.log2(Math.max(64, count * 1.4))), MOST_SLOTS);
    return new KnownTexts(new SharedArrayBuffer(slots * SLOT_BYTES));
  }

  /** The 16 bytes of a hash. False, and nothing is added, when there is no more room. */
  add(bytes: Uint8Array, start: number): boolean {
    if (this.#count > (this.#mask + 1) * 0.75) return false;
    const words = this.#words;
    const first = wordAt(bytes, start);
    for (let slot = first & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (!this.#isFree(at)) continue;
      words[at] = first;
      for (let word = 1; word < WORDS; word++) words[at + word] = wordAt(bytes, start + 4 * word);
      this.#count++;
      return true;
    }
  }

  /**
   * Whether a text that stands in the given row (from 1) is known by its hash, 32 hexadecimal digits, and whether any thread has
   * met it before, in another row.
   */
  meet(hash: string, sheet: number, row: number): "unknown" | "known" | "met" {
    const words = this.#words;
    const first = wordOf(hash, 0);
    for (let slot = first & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (this.#isFree(at)) return "unknown";
      if (
        words[at] === first &&
        words[at + 1] === wordOf(hash, 8) &&
        words[at + 2] === wordOf(hash, 16) &&
        words[at + 3] === wordOf(hash, 24)
      ) {
        if (Atomics.compareExchange(this.#rows, slot, 0, row) !== 0) return "met";
        this.#sheets[slot] = sheet;
        return "known";
      }
    }
  }

  /** Places for texts, more than there are texts. */
  get slots(): number {
    return this.#mask + 1;
  }

  /** Every text in the slots from `from` to `to`, exclusive, once; after all have been met that will be. */
  visit(from: number, to: number, met: VisitMet, unmet: VisitText): void {
    for (let slot = from; slot < Math.min(to, this.slots); slot++) {
      const at = slot * WORDS;
      const row = this.#rows[slot]!;
      if (row > 0) met(this.#words, at, this.#sheets[slot]!, row);
      else if (!this.#isFree(at)) unmet(this.#words, at);
    }
  }

  /** No hash is all zeros. */
  #isFree(at: number): boolean {
    const words = this.#words;
    return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Value of a hexadecimal digit by its character code. */
const HEX = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

/** Eight digits: a call of the engine for each of four words costs as much as the hash. */
export function wordOf(hash: string, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at++) word = (word << 4) | HEX[hash.charCodeAt(at)]!;
  return word >>> 0;
}
