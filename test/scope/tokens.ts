import type { Sight } from "../../src/platform/db/database.ts";

/**
 * Every secret of the made-up world carries the places it belongs to in its own text, so that a leak is found by reading the
 * whole answer and not by knowing where to look. A datum that two places may see carries both.
 *
 * 名 name and mask, which a minimal card shows · 私 whatever else is said of a person or stands in a batch · 厂 an employer as
 * written · 员 accounts and organisations · 审 the audit log
 */
export type SecretClass = "名" | "私" | "厂" | "员" | "审";

export interface Secret {
  readonly class: SecretClass;
  readonly places: readonly string[];
  /** Places that see the minimal card of the person it belongs to. */
  readonly cards?: readonly string[];
}

export function secretText(secret: Secret): string {
  const places = secret.places.map(lettersOf).join("与");
  const cards = secret.cards?.length ? `见${secret.cards.map(lettersOf).join("与")}` : "";
  return `秘${places}${cards}${secret.class}`;
}

/** Digits would be found in codes and numbers by chance; ten letters stand for them. */
function lettersOf(code: string): string {
  return code.replaceAll(/\d/g, (digit) => "ABCDEFGHIJ"[Number(digit)]!);
}

function codeOf(letters: string): string {
  return letters.replaceAll(/[A-J]/g, (letter) => String("ABCDEFGHIJ".indexOf(letter)));
}

const WRITTEN = /秘([A-J与]+)(?:见([A-J与]+))?([名私厂员审])/gu;

/** Ids and numbers, which cannot carry text: each is known by its digits. */
export class SecretNumbers {
  readonly #known = new Map<string, Secret>();

  add(number: string, secret: Secret): string {
    this.#known.set(number, secret);
    return number;
  }

  *in(text: string): Generator<[string, Secret]> {
    for (const [found] of text.matchAll(/\d{11,19}X?/g)) {
      const secret = this.#known.get(found);
      if (secret) yield [found, secret];
    }
  }
}

export interface Reading {
  readonly sight: Sight;
  /** The route is one that shows minimal cards. */
  readonly cards: boolean;
  /** The audit log names whoever acted in the reader's area, from wherever he is. */
  readonly log?: boolean;
  /** Typed by officers of this test before: the audit log keeps what they asked for. */
  readonly echoes?: ReadonlySet<string>;
}

/** The secrets in a text that its reader must not see. */
export function leaksIn(text: string, numbers: SecretNumbers, reading: Reading): string[] {
  const leaks: string[] = [];
  const check = (found: string, secret: Secret) => {
    if (!mayRead(secret, reading) && !reading.echoes?.has(found)) leaks.push(found);
  };
  for (const match of text.matchAll(WRITTEN)) {
    const [found, places, cards, kind] = match as unknown as [string, string, string | undefined, SecretClass];
    check(found, { class: kind, places: places.split("与").map(codeOf), cards: cards?.split("与").map(codeOf) ?? [] });
  }
  for (const [found, secret] of numbers.in(text)) check(found, secret);
  return leaks;
}

/** The secrets that somebody wrote into a question. */
export function secretsIn(text: string, numbers: SecretNumbers): string[] {
  return [...[...text.matchAll(WRITTEN)].map(([found]) => found), ...[...numbers.in(text)].map(([found]) => found)];
}

function mayRead(secret: Secret, { sight, cards, log }: Reading): boolean {
  const within = (prefix: string | null, codes: readonly string[]) =>
    prefix !== null && codes.some((code) => code.startsWith(prefix));
  if (cards && secret.class === "名" && within(sight.region, secret.cards ?? [])) return true;
  if (log && (secret.class === "员" || within(sight.administers, secret.places))) return true;
  if (secret.class === "审")
    return sight.audits && (within(sight.region, secret.places) || within(sight.administers, secret.places));
  if (within(sight.region, secret.places)) return true;
  if (secret.class !== "员") return false;
  // One's own administrators, and by name whoever works above.
  const own = sight.region ?? sight.administers ?? "-";
  return within(sight.administers, secret.places) || secret.places.some((code) => own.startsWith(code));
}
