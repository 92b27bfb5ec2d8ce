import fc from "fast-check";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { decryptStream, encryptStream } from "./cipher.ts";

const key = Buffer.alloc(32, 7);

/** The bytes in pieces of the given lengths, over and over, the last one as it comes. */
function pieces(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length]!;
    cut.push(bytes.subarray(at, at + length));
    at += length;
  }
  return cut;
}

const lengths = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 });

test("what was enciphered comes back, however the file is cut when it is read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), lengths, lengths, async (content, written, read) => {
      const plain = Buffer.from(content);
      const sealed = await buffer(Readable.from(pieces(plain, written)).pipe(encryptStream(key)));
      const opened = await buffer(Readable.from(pieces(sealed, read)).pipe(decryptStream(key)));
      expect(opened.equals(plain)).toBe(true);
    }),
  );
});

test("a file of which a bit was changed, or an end is missing, is not taken as whole", async () => {
  const sealed = await buffer(Readable.from([Buffer.alloc(200, 1)]).pipe(encryptStream(key)));
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.boolean(), lengths, async (at, shorter, read) => {
      const damaged = Buffer.from(shorter ? sealed.subarray(0, at) : sealed);
      if (!shorter) damaged[at]! ^= 1;
      await expect(buffer(Readable.from(pieces(damaged, read)).pipe(decryptStream(key)))).rejects.toThrow("已损坏");
    }),
  );
});
