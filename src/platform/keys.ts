import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  randomFillSync,
} from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The installation's secrets, all derived from one master key that lies outside the data folder (trust.md):
 * losing the key means losing the encrypted fields, so it is part of every disaster plan and of no backup.
 */
export interface Keys {
  /** Public mark of the master key; stored in the database, and start is refused when it differs. */
  readonly fingerprint: string;
  /** 32 hexadecimal digits that stand for `text` in comparison, uniqueness and look-up. */
  keyedHash(purpose: HashPurpose, text: string): string;
  /** The same for bytes that follow `head`, many times over: 32 hexadecimal digits for `bytes` from `start` to before `end`. */
  byteHasher(purpose: HashPurpose, head: string): (bytes: Buffer, start: number, end: number) => string;
  /** Encrypts to one envelope: algorithm id, key version, nonce, ciphertext, tag. */
  seal(plain: string): Buffer;
  open(envelope: Uint8Array): string;
  /** A password for a database role or another derived secret, in hexadecimal. */
  derive(purpose: string): string;
}

export type HashPurpose = "identity" | "phone" | "bank-account" | "row";

const ALGORITHM_AES_256_GCM = 1;
const KEY_VERSION = 1;
const HEADER = Buffer.from([ALGORITHM_AES_256_GCM, KEY_VERSION]);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HASH_HEX_DIGITS = 32;

export function createKeys(master: Buffer): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", master, "wengang", purpose, 32));
  // 64 hexadecimal digits fill exactly one SHA-256 block, so the prefix is a proper key; cutting the digest to 128 bits
  // hides the inner state, which is what makes a plain prefix unsafe. One-shot hash() is six times as fast as createHmac.
  const prefix: Record<HashPurpose, string> = {
    identity: derive("hash:identity").toString("hex"),
    phone: derive("hash:phone").toString("hex"),
    "bank-account": derive("hash:bank-account").toString("hex"),
    row: derive("hash:row").toString("hex"),
  };
  // A key object is made once: from a buffer, each cipher would make its own, at a fifth of its whole cost.
  const envelopeKey = createSecretKey(derive("envelope:1"));
  const nextNonce = nonceSource();
  return {
    fingerprint: derive("fingerprint").toString("hex").slice(0, 16),
    keyedHash: (purpose, text) => hash("sha256", prefix[purpose] + text, "hex").slice(0, HASH_HEX_DIGITS),
    byteHasher(purpose, head) {
      const start = Buffer.from(prefix[purpose] + head);
      let scratch = Buffer.concat([start, Buffer.alloc(4096)]);
      return (bytes, from, to) => {
        const length = start.length + to - from;
        if (length > scratch.length) scratch = Buffer.concat([start, Buffer.alloc(2 * length)]);
        bytes.copy(scratch, start.length, from, to);
        return hash("sha256", scratch.subarray(0, length), "hex").slice(0, HASH_HEX_DIGITS);
      };
    },
    seal(plain) {
      const nonce = nextNonce();
      const cipher = createCipheriv("aes-256-gcm", envelopeKey, nonce);
      cipher.setAAD(HEADER);
      const body = cipher.update(plain, "utf8");
      cipher.final();
      return Buffer.concat([HEADER, nonce, body, cipher.getAuthTag()]);
    },
    open(envelope) {
      const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
      if (bytes[0] !== ALGORITHM_AES_256_GCM || bytes[1] !== KEY_VERSION)
        throw new Error("密文的算法或密钥版本无法识别。");
      const nonce = bytes.subarray(HEADER.length, HEADER.length + NONCE_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", envelopeKey, nonce);
      decipher.setAAD(HEADER);
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const body = bytes.subarray(HEADER.length + NONCE_BYTES, bytes.length - TAG_BYTES);
      return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
    },
    derive: (purpose) => derive(`secret:${purpose}`).toString("hex"),
  };
}

const NONCES_AT_ONCE = 1024;

/** Random nonces, drawn in blocks: one call to the system's generator per envelope would cost as much as the cipher. */
function nonceSource(): () => Buffer {
  const block = Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE);
  let used = NONCES_AT_ONCE;
  return () => {
    if (used === NONCES_AT_ONCE) {
      randomFillSync(block);
      used = 0;
    }
    return Buffer.from(block.subarray(used * NONCE_BYTES, ++used * NONCE_BYTES));
  };
}

/**
 * Loads the master key, or makes one when `mayCreate`. Throws a Chinese sentence when it is missing or malformed:
 * a new key over old data would make every encrypted field unreadable.
 */
export function loadKeys(folder: string, mayCreate: boolean): Keys {
  const file = join(folder, "master.key");
  if (!existsSync(file)) {
    if (!mayCreate) throw new Error(`找不到主密钥 ${file}。已有数据必须使用原来的密钥；请从保管处取回后再启动。`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  }
  const text = readFileSync(file, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`主密钥 ${file} 的内容不完整，请从保管处恢复原件。`);
  return createKeys(Buffer.from(text, "hex"));
}
