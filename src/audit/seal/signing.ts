import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sm2 } from "sm-crypto-v2";
import { sha256 } from "./chain.ts";

export const signatureAlgorithms = ["ed25519", "sm2"] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** The public key as the file for third parties says it. */
  readonly publicKey: string;
  /** First 16 hexadecimal digits of the digest of the public key: names the key in a digest. */
  readonly keyMark: string;
  sign(text: string): Buffer;
}

const FILES: Record<SignatureAlgorithm, { secret: string; open: string }> = {
  ed25519: { secret: "audit-ed25519.key", open: "audit-ed25519.pub" },
  sm2: { secret: "audit-sm2.key", open: "audit-sm2.pub" },
};

/**
 * The key that signs digests. It lies with the keys, outside data and backups: whoever holds the database must not be able to
 * sign another past. Made when missing; its public half lies beside it, to be handed to whoever checks.
 */
export function loadSigner(keyFolder: string, algorithm: SignatureAlgorithm): Signer {
  const secretFile = join(keyFolder, FILES[algorithm].secret);
  if (!existsSync(secretFile)) makeKey(keyFolder, algorithm);
  const secret = readFileSync(secretFile, "utf8").trim();
  const publicKey = readFileSync(join(keyFolder, FILES[algorithm].open), "utf8");
  const keyMark = markOf(publicKey);
  if (algorithm === "sm2") {
    const open = sm2Point(publicKey);
    return {
      algorithm,
      publicKey,
      keyMark,
      sign: (text) => Buffer.from(sm2.doSignature(Buffer.from(text), secret, { hash: true, publicKey: open }), "hex"),
    };
  }
  const key = createPrivateKey(secret);
  return { algorithm, publicKey, keyMark, sign: (text) => signBytes(null, Buffer.from(text), key) };
}

function makeKey(keyFolder: string, algorithm: SignatureAlgorithm): void {
  mkdirSync(keyFolder, { recursive: true, mode: 0o700 });
  const write = (secret: string, open: string) => {
    writeFileSync(join(keyFolder, FILES[algorithm].open), open, { mode: 0o644 });
    writeFileSync(join(keyFolder, FILES[algorithm].secret), secret, { mode: 0o600, flag: "wx" });
  };
  if (algorithm === "sm2") {
    const pair = sm2.generateKeyPairHex();
    write(`${pair.privateKey}\n`, `SM2 ${pair.publicKey}\n`);
    return;
  }
  const pair = generateKeyPairSync("ed25519");
  write(
    pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
}

export function markOf(publicKey: string): string {
  return sha256(publicKey.trim()).slice(0, 16);
}

/** `publicKey` is the text of a `.pub` file. False also when the text is no key at all. */
export function isSignedBy(publicKey: string, text: string, signature: Buffer): boolean {
  try {
    if (publicKey.startsWith("SM2 ")) {
      return sm2.doVerifySignature(Buffer.from(text), signature.toString("hex"), sm2Point(publicKey), { hash: true });
    }
    return verifyBytes(null, Buffer.from(text), createPublicKey(publicKey), signature);
  } catch {
    return false;
  }
}

function sm2Point(publicKey: string): string {
  return publicKey.trim().replace(/^SM2 /, "");
}
