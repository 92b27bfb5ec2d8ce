import { createCipheriv, createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "../problem.ts";
import { decryptStream, encryptStream } from "./cipher.ts";
import { findSealed, openPlace } from "./place.ts";

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

/** A sealed file on the disk for as long as the work takes. */
async function withSealed(sealed: Uint8Array, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wengang-sealed-"));
  try {
    const path = join(folder, "content");
    await writeFile(path, sealed);
    await work(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const reads = fc.array(fc.record({ from: fc.nat(420), length: fc.integer({ min: 1, max: 90 }) }), { maxLength: 12 });

test("a sealed file is read in place from anywhere, in any order, as if it were plain", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), reads, async (content, wanted) => {
      const plain = Buffer.from(content);
      await withSealed(await buffer(Readable.from([plain]).pipe(encryptStream(key))), async (path) => {
        const file = await openPlace(await findSealed(path, key));
        expect(file.size).toBe(plain.length);
        let next = 0;
        for (const [n, { from, length }] of wanted.entries()) {
          // Every second one goes on where the last one ended.
          const position = n % 2 === 0 ? from : next;
          const into = Buffer.alloc(length + 3, 0xee);
          const count = await file.read(into, 2, length, position);
          next = position + count;
          expect(into.subarray(2, 2 + count).equals(plain.subarray(position, position + length))).toBe(true);
          expect([...into.subarray(0, 2), ...into.subarray(2 + length)]).toEqual([0xee, 0xee, 0xee]);
        }
        await file.close();
      });
    }),
    { numRuns: 60 },
  );
});

test("the counter of the cipher goes on over its end", async () => {
  const iv = Buffer.alloc(16, 0xff);
  const plain = Buffer.from("村民务工台账".repeat(20));
  const cipher = createCipheriv("aes-256-ctr", key, iv);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac("sha256", key).update(iv).update(body).digest();
  await withSealed(Buffer.concat([iv, body, mac]), async (path) => {
    const file = await openPlace(await findSealed(path, key));
    const into = Buffer.alloc(100);
    await file.read(into, 0, 100, 37);
    expect(into.equals(plain.subarray(37, 137))).toBe(true);
    await file.close();
  });
});

test("a sealed file of which a bit was changed, or an end is missing, is not read in place", async () => {
  const sealed = await buffer(Readable.from([Buffer.alloc(200, 1)]).pipe(encryptStream(key)));
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.boolean(), async (at, shorter) => {
      const damaged = Buffer.from(shorter ? sealed.subarray(0, at) : sealed);
      if (!shorter) damaged[at]! ^= 1;
      await withSealed(damaged, async (path) => expect(findSealed(path, key)).rejects.toThrow("已损坏"));
    }),
    { numRuns: 60 },
  );
});

test("a sealed file that has gone since is said to have gone", async () => {
  await withSealed(await buffer(Readable.from([]).pipe(encryptStream(key))), async (path) => {
    const place = await findSealed(path, key);
    await rm(path);
    await expect(openPlace(place)).rejects.toThrow(Refusal);
  });
});
