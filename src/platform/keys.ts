import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  randomFillSync,
  type KeyObject,
} from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
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
  /** Encrypts to one envelope under the newest version: algorithm id, key version, nonce, ciphertext, tag. */
  seal(plain: string): Buffer;
  /** Opens an envelope of any version. */
  open(envelope: Uint8Array): string;
  /**
   * The same content under the newest version. Equal envelopes become equal ones, so that what was compared by its envelope (the
   * history of a cell) can be compared afterwards.
   */
  reseal(envelope: Uint8Array): Buffer;
  /** Marks of all versions, the first version first; envelopes are sealed under the last. */
  versions(): readonly string[];
  /** A password for a database role or another derived secret, in hexadecimal. */
  derive(purpose: string): string;
}

export type HashPurpose = "identity" | "phone" | "bank-account" | "row";

const ALGORITHM_AES_256_GCM = 1;
const HEADER_BYTES = 2;
/** The version is one byte. */
const MOST_VERSIONS = 255;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HASH_HEX_DIGITS = 32;

/** Where the versions of the envelope key come from; asked again when another process may have added one. */
type VersionSource = () => readonly Buffer[];

/**
 * `master` is the first version: hashes, role passwords, files and backups stand on it for good. The envelopes of later versions
 * stand on those alone.
 */
export function createKeys(master: Buffer, source: VersionSource = () => [master]): Keys {
  const derive = (purpose: string, from = master) => Buffer.from(hkdfSync("sha256", from, "wengang", purpose, 32));
  // 64 hexadecimal digits fill exactly one SHA-256 block, so the prefix is a proper key; cutting the digest to 128 bits
  // hides the inner state, which is what makes a plain prefix unsafe. One-shot hash() is six times as fast as createHmac.
  const prefix: Record<HashPurpose, string> = {
    identity: derive("hash:identity").toString("hex"),
    phone: derive("hash:phone").toString("hex"),
    "bank-account": derive("hash:bank-account").toString("hex"),
    row: derive("hash:row").toString("hex"),
  };
  // A key object is made once: from a buffer, each cipher would make its own, at a fifth of its whole cost.
  const envelopes = new EnvelopeKeys(source, (from, version) => ({
    cipher: createSecretKey(derive(`envelope:${version}`, from)),
    nonces: derive(`reseal:${version}`, from),
    mark: fingerprintOf(from),
  }));
  const nextNonce = nonceSource();
  const sealWith = (plain: string | Buffer, nonceOf: (key: EnvelopeKey) => Buffer) => {
    const { version, key } = envelopes.newest();
    const header = Buffer.from([ALGORITHM_AES_256_GCM, version]);
    const nonce = nonceOf(key);
    const cipher = createCipheriv("aes-256-gcm", key.cipher, nonce);
    cipher.setAAD(header);
    const body = typeof plain === "string" ? cipher.update(plain, "utf8") : cipher.update(plain);
    cipher.final();
    return Buffer.concat([header, nonce, body, cipher.getAuthTag()]);
  };
  const open = (envelope: Uint8Array): Buffer => {
    const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
    const key = bytes[0] === ALGORITHM_AES_256_GCM ? envelopes.of(bytes[1]!) : undefined;
    if (key === undefined) throw new Error("密文的算法或密钥版本无法识别。");
    const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", key.cipher, nonce);
    decipher.setAAD(bytes.subarray(0, HEADER_BYTES));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const body = decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, bytes.length - TAG_BYTES));
    decipher.final();
    return body;
  };
  return {
    fingerprint: fingerprintOf(master),
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
    seal: (plain) => sealWith(plain, nextNonce),
    open: (envelope) => open(envelope).toString("utf8"),
    reseal: (envelope) =>
      sealWith(open(envelope), (key) =>
        createHmac("sha256", key.nonces).update(envelope).digest().subarray(0, NONCE_BYTES),
      ),
    versions: () => envelopes.marks(),
    derive: (purpose) => derive(`secret:${purpose}`).toString("hex"),
  };
}

function fingerprintOf(master: Buffer): string {
  return Buffer.from(hkdfSync("sha256", master, "wengang", "fingerprint", 32))
    .toString("hex")
    .slice(0, 16);
}

interface EnvelopeKey {
  readonly cipher: KeyObject;
  /** Makes the nonces of `reseal`. */
  readonly nonces: Buffer;
  readonly mark: string;
}

/** How long after a new version was added every process seals under it. */
export const VERSION_LAG_MS = 1_000;

/** All versions of the envelope key; looks for a newer one once a second, and at once when an envelope names one. */
class EnvelopeKeys {
  readonly #source: VersionSource;
  readonly #derive: (from: Buffer, version: number) => EnvelopeKey;
  #keys: EnvelopeKey[] = [];
  #looked = 0;

  constructor(source: VersionSource, derive: (from: Buffer, version: number) => EnvelopeKey) {
    this.#source = source;
    this.#derive = derive;
    this.#look();
  }

  newest(): { version: number; key: EnvelopeKey } {
    if (Date.now() - this.#looked > VERSION_LAG_MS) this.#look();
    return { version: this.#keys.length, key: this.#keys.at(-1)! };
  }

  of(version: number): EnvelopeKey | undefined {
    if (version > this.#keys.length) this.#look();
    return this.#keys[version - 1];
  }

  marks(): string[] {
    this.#look();
    return this.#keys.map(({ mark }) => mark);
  }

  #look(): void {
    const masters = this.#source();
    for (let known = this.#keys.length; known < masters.length; known++)
      this.#keys.push(this.#derive(masters[known]!, known + 1));
    this.#looked = Date.now();
  }
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
  const [first] = readVersions(file);
  // Read again only when the file has changed: it is asked for every second.
  let [masters, changedAt]: [readonly Buffer[], number] = [readVersions(file), statSync(file).mtimeMs];
  return createKeys(first!, () => {
    const now = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? changedAt;
    if (now !== changedAt) [masters, changedAt] = [readVersions(file), now];
    return masters;
  });
}

/** One version per line, the first on top. */
function readVersions(file: string): readonly Buffer[] {
  const lines = readFileSync(file, "utf8").trim().split(/\s+/);
  if (lines.length > MOST_VERSIONS || !lines.every((line) => /^[0-9a-f]{64}$/.test(line)))
    throw new Error(`主密钥 ${file} 的内容不完整，请从保管处恢复原件。`);
  return lines.map((line) => Buffer.from(line, "hex"));
}

/** Adds a version, which every process uses within a second. On disk before it is used: what it sealed must stay readable. */
export function addKeyVersion(folder: string): void {
  const file = join(folder, "master.key");
  const masters = [...readVersions(file), randomBytes(32)];
  if (masters.length > MOST_VERSIONS) throw new Error("密钥版本已用完，不能再更换。");
  const draft = `${file}.new`;
  writeFileSync(draft, masters.map((master) => `${master.toString("hex")}\n`).join(""), { mode: 0o600, flush: true });
  renameSync(draft, file);
}
