import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownTexts } from "./known-texts.ts";

/** Few different digits, so that hashes share their beginnings and their places. */
const hash = fc
  .stringMatching(/^(?:0000000[01]|ffffffff|[0-9a-f]{8})(?:[0-2a]{8}){3}$/)
  .filter((text) => /[^0]/.test(text));

test("texts are known by their whole hash, and no others", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { maxLength: 200 }), fc.array(hash, { maxLength: 200 }), (known, asked) => {
      const texts = KnownTexts.forCount(known.length);
      for (const one of known) texts.add(Buffer.from(`ffff${one}`, "hex"), 2);
      const shared = new KnownTexts(texts.buffer);
      const met = new Set<string>();
      for (const one of [...known, ...asked]) {
        expect(shared.meet(one)).toBe(!known.includes(one) ? "unknown" : met.has(one) ? "met" : "known");
        met.add(one);
      }
    }),
  );
});

test("more texts than there is room for are not known, and those before them still are", () => {
  const texts = KnownTexts.forCount(10);
  const hashes = Array.from({ length: 500 }, (_, n) => `${n.toString(16).padStart(8, "0")}${"1".repeat(24)}`);
  for (const one of hashes) texts.add(Buffer.from(one, "hex"), 0);
  const known = hashes.filter((one) => texts.meet(one) === "known");
  expect(known.length).toBeGreaterThan(10);
  expect(known).toEqual(hashes.slice(0, known.length));
  expect(known.length).toBeLessThan(hashes.length);
});
