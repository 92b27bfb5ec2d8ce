import { hash as argon2Hash, verify, type Options } from "@node-rs/argon2";
import { randomBytes, randomInt } from "node:crypto";

/** The package's `Algorithm` is a const enum, which type stripping cannot read; 2 is Argon2id. */
const ARGON2ID = 2 as NonNullable<Options["algorithm"]>;

/** Argon2id with 19 MiB, two passes, one lane: the least that OWASP's cheat sheet accepts, about 20 ms of one core here. */
const parameters: Options = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return argon2Hash(password, parameters);
}

let nobodysHash: Promise<string> | undefined;

/** Null stands for an account that does not exist or may not be tried: the work is done all the same, so that time tells nothing. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword(randomBytes(16).toString("hex"));
  const matches = await verify(stored ?? (await nobodysHash), password);
  return stored !== null && matches;
}

/** No 0 O o 1 l I: it is read out over the telephone and typed from paper. */
const groups = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"] as const;

/** Four groups of four, about 90 bits, e.g. `KMPT-rwxe-2794-hXq3`; keeps the rules for passwords. */
export function oneTimePassword(): string {
  const pick = (from: string, count: number) =>
    Array.from({ length: count }, () => from[randomInt(from.length)]).join("");
  return [...groups.map((group) => pick(group, 4)), pick(groups.join(""), 4)].join("-");
}
