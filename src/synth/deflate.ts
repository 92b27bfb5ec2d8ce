/**
 * Deflate (RFC 1951) with fixed Huffman codes. Node's zlib compresses better, but finds its matches by what the processor
 * offers: the same input can give other bytes on another machine, and files made from a seed must be equal everywhere.
 */
export class Deflater {
  readonly #head = new Int32Array(1 << HASH_BITS);
  readonly #previous = new Int32Array(WINDOW);
  #out = Buffer.alloc(0);
  #at = 0;
  #bits = 0;
  #bitCount = 0;

  /** Bytes that are complete by now. Matches do not reach back into earlier chunks, so chunks should not be small. */
  write(chunk: Buffer): Buffer {
    // A literal has 9 bits at most; block head and end have 10.
    this.#begin(Math.ceil((chunk.length * 9) / 8) + 8);
    this.#put(0b010, 3); // not the last block; fixed codes
    this.#compress(chunk);
    this.#putLiteral(END_OF_BLOCK);
    return this.#out.subarray(0, this.#at);
  }

  /** The last bytes. Nothing can be written afterwards. */
  end(): Buffer {
    this.#begin(8);
    this.#put(0b011, 3); // the last block; fixed codes; empty
    this.#putLiteral(END_OF_BLOCK);
    this.#put(0, 7); // pushes out what is left of the last byte
    return this.#out.subarray(0, this.#at);
  }

  #compress(input: Buffer): void {
    this.#head.fill(-1);
    const lastHashed = input.length - MIN_MATCH;
    let i = 0;
    while (i < input.length) {
      const match = i <= lastHashed ? this.#longestMatch(input, i) : NO_MATCH;
      const length = match >>> DISTANCE_BITS;
      if (length >= MIN_MATCH) this.#putMatch(length, match & DISTANCE_MASK);
      else this.#putLiteral(input[i]!);
      for (const end = i + Math.max(1, length); i < end; i++) {
        if (i > lastHashed) continue;
        const hash = hashAt(input, i);
        this.#previous[i & (WINDOW - 1)] = this.#head[hash]!;
        this.#head[hash] = i;
      }
    }
  }

  /** Length and distance in one number; NO_MATCH when nothing of four bytes or more repeats. */
  #longestMatch(input: Buffer, at: number): number {
    const longest = Math.min(MAX_MATCH, input.length - at);
    let length = MIN_MATCH - 1;
    let distance = 0;
    let candidate = this.#head[hashAt(input, at)]!;
    for (let tries = 0; tries < TRIES && candidate >= 0 && at - candidate < WINDOW; tries++) {
      if (input[candidate + length] === input[at + length]) {
        let same = 0;
        while (same < longest && input[candidate + same] === input[at + same]) same++;
        if (same > length) {
          length = same;
          distance = at - candidate;
          if (same === longest) break;
        }
      }
      const older = this.#previous[candidate & (WINDOW - 1)]!;
      if (older >= candidate) break; // the slot has been taken by a later position
      candidate = older;
    }
    return distance === 0 ? NO_MATCH : (length << DISTANCE_BITS) | distance;
  }

  #putMatch(length: number, distance: number): void {
    const lengthCode = LENGTH_CODES[length]!;
    this.#putLiteral(257 + lengthCode);
    this.#put(length - LENGTH_BASES[lengthCode]!, LENGTH_EXTRA[lengthCode]!);
    const distanceCode = distanceCodeOf(distance);
    this.#put(reversed(distanceCode, 5), 5);
    this.#put(distance - DISTANCE_BASES[distanceCode]!, DISTANCE_EXTRA[distanceCode]!);
  }

  #putLiteral(symbol: number): void {
    this.#put(SYMBOL_CODES[symbol]!, SYMBOL_LENGTHS[symbol]!);
  }

  #put(bits: number, count: number): void {
    this.#bits |= bits << this.#bitCount;
    this.#bitCount += count;
    while (this.#bitCount >= 8) {
      this.#out[this.#at++] = this.#bits & 0xff;
      this.#bits >>>= 8;
      this.#bitCount -= 8;
    }
  }

  #begin(capacity: number): void {
    this.#out = Buffer.allocUnsafe(capacity);
    this.#at = 0;
  }
}

const WINDOW = 1 << 15;
const HASH_BITS = 15;
const TRIES = 8;
const MIN_MATCH = 4;
const MAX_MATCH = 258;
const END_OF_BLOCK = 256;
const DISTANCE_BITS = 16;
const DISTANCE_MASK = 0xffff;
const NO_MATCH = 0;

function hashAt(input: Buffer, at: number): number {
  const four = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
  return Math.imul(four, 0x9e3779b1) >>> (32 - HASH_BITS);
}

/** Huffman codes are sent from their highest bit on, everything else from the lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}

const SYMBOL_LENGTHS = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
const SYMBOL_CODES = Uint16Array.from({ length: 288 }, (_, symbol) => {
  const code =
    symbol < 144
      ? 0x30 + symbol
      : symbol < 256
        ? 0x190 + symbol - 144
        : symbol < 280
          ? symbol - 256
          : 0xc0 + symbol - 280;
  return reversed(code, SYMBOL_LENGTHS[symbol]!);
});

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, code) => Math.max(0, (code >> 1) - 1));
const DISTANCE_BASES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
];
const LENGTH_CODES = Uint8Array.from({ length: MAX_MATCH + 1 }, (_, length) =>
  Math.max(
    0,
    LENGTH_BASES.findLastIndex((base) => base <= length),
  ),
);

function distanceCodeOf(distance: number): number {
  if (distance <= 4) return distance - 1;
  const highest = 31 - Math.clz32(distance - 1);
  return highest * 2 + (((distance - 1) >> (highest - 1)) & 1);
}
