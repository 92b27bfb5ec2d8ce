import { createCipheriv, createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ShortSealer } from "./envelopes.ts";
import { createKeys } from "./keys.ts";

const header = Buffer.from([1, 1]);
const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 80 });

test("a short text is sealed as the ordinary cipher seals it, bit by bit", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.array(ascii, { maxLength: 8 }), (master, texts) => {
      const key = createSecretKey(Buffer.from(master));
      const sealer = new ShortSealer(key, header);
      for (const text of texts) {
        const envelope = sealer.seal(text)!;
        const nonce = envelope.subarray(2, 14);
        const cipher = createCipheriv("aes-256-gcm", key, nonce);
        cipher.setAAD(header);
        const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
        expect(envelope.toString("hex")).toBe(
          Buffer.concat([header, nonce, body, cipher.getAuthTag()]).toString("hex"),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("every envelope opens to its text, has a nonce of its own, and no changed byte is taken", () => {
  const keys = createKeys(randomBytes(32));
  const nonces = new Set<string>();
  const texts = Array.from({ length: 700 }, (_, n) => `43312419850312${n}\t1397430${n}\t`);
  for (const text of [...texts, "", "麻成林", "x".repeat(80), "x".repeat(81), "é"]) {
    const envelope = keys.seal(text);
    expect(keys.open(envelope)).toBe(text);
    nonces.add(envelope.subarray(2, 14).toString("hex"));
  }
  expect(nonces.size).toBe(705);
  const envelope = keys.seal("433124198503120017\t13974300001\t");
  for (let at = 0; at < envelope.length; at++) {
    const changed = Buffer.from(envelope);
    changed[at]! ^= 1;
    expect(() => keys.open(changed)).toThrow();
  }
});
