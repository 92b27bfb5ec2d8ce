import fc from "fast-check";
import { expect, test } from "vitest";
import { SeenKeys } from "./seen-keys.ts";

const key = fc.stringMatching(/^[0-9a-f]{32}$/);
const seen = (keys: readonly string[], bytes = 100_000) => {
  const all = SeenKeys.forFile(bytes);
  // As two threads would, each with its own view of the memory.
  const views = [all, new SeenKeys(all.buffer)];
  for (const [n, one] of keys.entries()) views[n % 2]!.see(one);
  return all.repeated;
};

test("a key seen twice is noticed, in whatever order and by whomever", () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(), (keys, which, where) => {
      const twice = keys.toSpliced(where % (keys.length + 1), 0, keys[which % keys.length]!);
      expect(seen(twice)).toBe(true);
    }),
  );
});

test("of keys that all differ hardly any look alike", () => {
  const random = fc.sample(key, { numRuns: 700, seed: 7 });
  expect(seen([...new Set(random)])).toBe(false);
});

test("more keys than there is room for may hold one twice", () => {
  const many = Array.from({ length: 900 }, (_, n) => `${n.toString(16).padStart(8, "0")}`.repeat(4));
  expect(seen(many.slice(0, 700), 1)).toBe(false);
  expect(seen(many, 1)).toBe(true);
});
