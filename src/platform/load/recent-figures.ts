interface Kept {
  readonly at: number;
  readonly value: Promise<unknown>;
}

const MOST_KEPT = 2_000;

/**
 * Figures over an area that many look at and that take a walk over its rows. Who asks within the age of the last answer is given that
 * one, and who asks while it is being worked out waits for it; who has changed something since is always answered anew, so that
 * everybody sees his own acts at once and others' after the age at the latest. In this process only.
 */
export class RecentFigures {
  readonly #ageMs: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #wrote = new Map<string, number>();

  /** An age of 0 keeps nothing. */
  constructor(ageMs: number, now: () => number = () => performance.now()) {
    this.#ageMs = ageMs;
    this.#now = now;
  }

  /** An officer's act has changed something. */
  wrote(officerId: string): void {
    if (this.#ageMs === 0) return;
    shrink(this.#wrote, (at) => this.#now() - at > this.#ageMs);
    this.#wrote.set(officerId, this.#now());
  }

  /** `key` names the figures and everything that they depend on: scope, day, question. */
  async get<T>(officerId: string | null, key: string, workOut: () => Promise<T>): Promise<T> {
    if (this.#ageMs === 0) return workOut();
    const now = this.#now();
    const known = this.#kept.get(key);
    const wrote = officerId === null ? undefined : this.#wrote.get(officerId);
    if (known && now - known.at <= this.#ageMs && (wrote === undefined || wrote < known.at))
      return (await known.value) as T;
    const value = workOut();
    shrink(this.#kept, ({ at }) => now - at > this.#ageMs);
    this.#kept.set(key, { at: now, value });
    try {
      return await value;
    } catch (cause) {
      // Whoever waited fails with it; the next works it out anew.
      if (this.#kept.get(key)?.value === value) this.#kept.delete(key);
      throw cause;
    }
  }
}

/** Forgets what is too old once there is much of it, and all of it if that was not enough. */
function shrink<T>(map: Map<string, T>, old: (value: T) => boolean): void {
  if (map.size < MOST_KEPT) return;
  for (const [key, value] of map) if (old(value)) map.delete(key);
  if (map.size >= MOST_KEPT) map.clear();
}
