import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownTexts } from "./known-texts.ts";

/** Few different digits, so that hashes share their beginnings and their places. */
const hash = fc
  .stringMatching(/^(?:0000000[01]|ffffffff|[0-9a-f]{8})(?:[0-2a]{8}){3}$/)
  .filter((text) => /[^0]/.test(text));

test("texts are known by their whole hash, and no others", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { maxLength: 200 }), fc.array(hash, { maxLength: 200 }), (known, others) => {
      const asked = [...known.slice(known.length / 3), ...others];
      const texts = KnownTexts.forCount(known.length);
      for (const one of known) texts.add(Buffer.from(`ffff${one}`, "hex"), 2);
      const shared = new KnownTexts(texts.buffer);
      const met = new Map<string, number>();
      for (const [n, one] of asked.concat(asked).entries()) {
        expect(shared.meet(one, n % 3, n + 1)).toBe(!known.includes(one) ? "unknown" : met.has(one) ? "met" : "known");
        if (!met.has(one)) met.set(one, n);
      }
      const hex = (words: Uint32Array, at: number) =>
        Array.from(words.subarray(at, at + 4), (word) => word.toString(16).padStart(8, "0")).join("");
      const found: string[] = [];
      texts.visit(
        0,
        Infinity,
        (words, at, sheet, row) => found.push(`${hex(words, at)} ${sheet} ${row}`),
        (words, at) => found.push(hex(words, at)),
      );
      const expected = known.map((one) => (met.has(one) ? `${one} ${met.get(one)! % 3} ${met.get(one)! + 1}` : one));
      expect(found.toSorted()).toEqual(expected.toSorted());
    }),
  );
});

test("more texts than there is room for are not known, and those before them still are", () => {
  const texts = KnownTexts.forCount(10);
  const hashes = Array.from({ length: 500 }, (_, n) => `${n.toString(16).padStart(8, "0")}${"1".repeat(24)}`);
  for (const one of hashes) texts.add(Buffer.from(one, "hex"), 0);
  const known = hashes.filter((one) => texts.meet(one, 0, 1) === "known");
  expect(known.length).toBeGreaterThan(10);
  expect(known).toEqual(hashes.slice(0, known.length));
  expect(known.length).toBeLessThan(hashes.length);
});
