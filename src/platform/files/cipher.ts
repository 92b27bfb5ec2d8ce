import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Transform } from "node:stream";

export const IV_BYTES = 16;
export const MAC_BYTES = 32;

export const damagedFile = (): Error => new Error("文件已损坏或密钥不符，无法读取。");

/**
 * Encrypt-then-MAC of a whole stream: AES-256-CTR, then HMAC-SHA-256 over iv and ciphertext as a trailer.
 * A stream of any length in constant memory; GCM in one go would be limited to 64 GiB and must not release bytes unchecked.
 */
export function encryptStream(key: Buffer): Transform {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-ctr", key, iv);
  const mac = createHmac("sha256", key).update(iv);
  let started = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!started) this.push(iv);
      started = true;
      const out = cipher.update(chunk);
      mac.update(out);
      done(null, out);
    },
    flush(done) {
      if (!started) this.push(iv);
      done(null, mac.digest());
    },
  });
}

/** Reverses `encryptStream`; the stream ends with an error when the trailer does not fit, so a damaged file is never taken as whole. */
export function decryptStream(key: Buffer): Transform {
  let held: Buffer = Buffer.alloc(0);
  let decipher: ReturnType<typeof createDecipheriv> | undefined;
  const mac = createHmac("sha256", key);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // Large pieces are not joined with what was held back of the one before: that would copy the whole file once more.
      const pieces = chunk.length < MAC_BYTES || !decipher ? [Buffer.concat([held, chunk])] : [held, chunk];
      if (!decipher) {
        const start = pieces[0]!;
        held = start;
        if (start.length < IV_BYTES + MAC_BYTES) return done();
        const iv = start.subarray(0, IV_BYTES);
        decipher = createDecipheriv("aes-256-ctr", key, iv);
        mac.update(iv);
        pieces[0] = start.subarray(IV_BYTES);
      }
      const last = pieces.pop()!;
      const ready = Math.max(0, last.length - MAC_BYTES);
      for (const body of [...pieces, last.subarray(0, ready)]) {
        if (body.length === 0) continue;
        mac.update(body);
        this.push(decipher.update(body));
      }
      held = Buffer.from(last.subarray(ready));
      done();
    },
    flush(done) {
      const whole = decipher !== undefined && held.length === MAC_BYTES && timingSafeEqual(held, mac.digest());
      done(whole ? null : damagedFile());
    },
  });
}
