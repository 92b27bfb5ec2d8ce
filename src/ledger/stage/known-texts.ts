/** 64 MB at a load of at most three quarters: three million texts. More than fit are read like new ones. */
const MOST_SLOTS = 2 ** 22;
const WORDS = 4;
const SLOTS_PER_WORD = 32;

/**
 * The hashes of the texts that may be recalled, whole, in memory that threads share: 16 bytes a text, and a bit that says
 * that it was met. A hit is a text whose line said what it says when the memory was loaded.
 */
export class KnownTexts {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Uint32Array;
  /** One bit a slot, after all hashes. */
  readonly #met: Int32Array;
  readonly #mask: number;
  #count = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    const slots = slotsIn(buffer.byteLength);
    this.#words = new Uint32Array(buffer, 0, slots * WORDS);
    this.#met = new Int32Array(buffer, slots * WORDS * 4);
    this.#mask = slots - 1;
  }

  static forCount(count: number): KnownTexts {
    const slots = Math.min(2 ** Math.ceil(Math.log2(Math.max(64, count * 1.4))), MOST_SLOTS);
    return new KnownTexts(new SharedArrayBuffer(slots * WORDS * 4 + slots / 8));
  }

  /** The 16 bytes of a hash. Nothing is added when there is no more room. */
  add(bytes: Uint8Array, start: number): void {
    if (this.#count > (this.#mask + 1) * 0.75) return;
    const words = this.#words;
    const first = wordAt(bytes, start);
    for (let slot = first & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (!this.#isFree(at)) continue;
      words[at] = first;
      for (let word = 1; word < WORDS; word++) words[at + word] = wordAt(bytes, start + 4 * word);
      this.#count++;
      return;
    }
  }

  /** Whether a text is known by its hash, 32 hexadecimal digits, and whether any thread has met it before. */
  meet(hash: string): "unknown" | "known" | "met" {
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
      )
        return this.#mark(slot) ? "met" : "known";
    }
  }

  /** Whether it was marked before. */
  #mark(slot: number): boolean {
    const bit = 1 << (slot % SLOTS_PER_WORD);
    return (Atomics.or(this.#met, Math.floor(slot / SLOTS_PER_WORD), bit) & bit) !== 0;
  }

  /** No hash is all zeros. */
  #isFree(at: number): boolean {
    const words = this.#words;
    return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
  }
}

/** A slot has 16 bytes and a bit. */
function slotsIn(bytes: number): number {
  return (bytes * 8) / (WORDS * SLOTS_PER_WORD + 1);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Value of a hexadecimal digit by its character code. */
const HEX = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

/** Eight digits: a call of the engine for each of four words costs as much as the hash. */
function wordOf(hash: string, from: number): number {
  let word = 0;
  for (let at = from; at < from + 8; at++) word = (word << 4) | HEX[hash.charCodeAt(at)]!;
  return word >>> 0;
}
