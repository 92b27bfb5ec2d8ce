import { wordOf } from "./known-texts.ts";

/** A row of a text file has more bytes than this, so that a slot a row stays free of crowding. */
const LEAST_ROW_BYTES = 64;
const MOST_SLOTS = 2 ** 24;
const LEAST_SLOTS = 2 ** 10;

/**
 * Whether any line of a file was read twice, by any thread: four bytes a line in shared memory instead of a grouping of all rows,
 * which takes the server two seconds of a province. It may say so of lines that only look alike; never the other way round.
 */
export class SeenKeys {
  readonly buffer: SharedArrayBuffer;
  /** Number of keys, and whether one came twice or found no room. */
  readonly #state: Int32Array;
  readonly #marks: Int32Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#state = new Int32Array(buffer, 0, 2);
    this.#marks = new Int32Array(buffer, 8);
    this.#mask = this.#marks.length - 1;
  }

  static forFile(bytes: number): SeenKeys {
    const slots = 2 ** Math.floor(Math.log2(Math.max(LEAST_SLOTS, bytes / LEAST_ROW_BYTES)));
    return new SeenKeys(new SharedArrayBuffer(8 + 4 * Math.min(slots, MOST_SLOTS)));
  }

  /** The key's hash, 32 hexadecimal digits. */
  see(hash: string): void {
    if (this.#state[0]! > (this.#mask + 1) * 0.75) this.#state[1] = 1;
    if (this.#state[1] === 1) return;
    // Nothing is marked by zero.
    const mark = wordOf(hash, 8) | 1;
    for (let slot = wordOf(hash, 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = Atomics.compareExchange(this.#marks, slot, 0, mark);
      if (found === 0) return void Atomics.add(this.#state, 0, 1);
      if (found === mark) return void (this.#state[1] = 1);
    }
  }

  get repeated(): boolean {
    return this.#state[1] === 1;
  }
}
