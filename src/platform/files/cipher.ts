import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Transform } from "node:stream";

const IV_BYTES = 16;
const MAC_BYTES = 32;

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
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (!decipher) {
        if (held.length < IV_BYTES + MAC_BYTES) return done();
        const iv = held.subarray(0, IV_BYTES);
        decipher = createDecipheriv("aes-256-ctr", key, iv);
        mac.update(iv);
        held = held.subarray(IV_BYTES);
      }
      const ready = held.length - MAC_BYTES;
      if (ready <= 0) return done();
      const body = held.subarray(0, ready);
      mac.update(body);
      held = Buffer.from(held.subarray(ready));
      done(null, decipher.update(body));
    },
    flush(done) {
      const whole = decipher !== undefined && held.length === MAC_BYTES && timingSafeEqual(held, mac.digest());
      done(whole ? null : new Error("文件已损坏或密钥不符，无法读取。"));
    },
  });
}
