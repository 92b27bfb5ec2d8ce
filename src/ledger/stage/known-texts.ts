/** 64 MB at a load of at most three quarters: three million texts. More than fit are read like new ones. */
export const MOST_SLOTS = 2 ** 22;
const WORDS = 4;

/**
 * The hashes of the texts that may be recalled, whole, in memory that threads share: 16 bytes a text. A hit is a text whose
 * line said what it says when the memory was loaded.
 */
export class KnownTexts {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Uint32Array;
  readonly #mask: number;
  #count = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Uint32Array(buffer);
    this.#mask = this.#words.length / WORDS - 1;
  }

  static forCount(count: number): KnownTexts {
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(64, count * 2)));
    return new KnownTexts(new SharedArrayBuffer(Math.min(wanted, MOST_SLOTS) * WORDS * 4));
  }

  /** The 16 bytes of a hash. Nothing is added when there is no more room. */
  add(bytes: Buffer, start: number): void {
    if (this.#count > (this.#mask + 1) * 0.75) return;
    const words = this.#words;
    const hash = [0, 4, 8, 12].map((offset) => bytes.readUInt32BE(start + offset)) as [number, number, number, number];
    for (let slot = hash[0] & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (!this.#isFree(at)) continue;
      words.set(hash, at);
      this.#count++;
      return;
    }
  }

  /** A hash as 32 hexadecimal digits. */
  has(hash: string): boolean {
    const words = this.#words;
    const first = wordOf(hash, 0);
    for (let slot = first & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (this.#isFree(at)) return false;
      if (
        words[at] === first &&
        words[at + 1] === wordOf(hash, 1) &&
        words[at + 2] === wordOf(hash, 2) &&
        words[at + 3] === wordOf(hash, 3)
      )
        return true;
    }
  }

  /** No hash is all zeros. */
  #isFree(at: number): boolean {
    const words = this.#words;
    return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  }
}

function wordOf(hash: string, word: number): number {
  return Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
}
