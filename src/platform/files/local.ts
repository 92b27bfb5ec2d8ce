import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Keys } from "../keys.ts";
import { platformProblems, refuse, Refusal } from "../problem.ts";
import { decryptStream, encryptStream } from "./cipher.ts";
import { findSealed } from "./place.ts";
import type { FileStore } from "./store.ts";

/** A ledger is hundreds of megabytes; at Node's 64 KB a turn of the loop for each piece costs more than deciphering it. */
const PIECE = 2 ** 20;
const PARTIAL = ".partial";
const KEY = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/** Counts and digests plain bytes on their way, and refuses more than `limit`. */
export function meter(limit: number): { stream: Transform; result: () => { bytes: number; sha256: string } } {
  const digest = createHash("sha256");
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) return done(new Refusal(platformProblems.tooLarge(`${Math.floor(limit / 1024 ** 2)} MB`)));
      digest.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: digest.digest("hex") }) };
}

export function localFileStore(folder: string, keys: Keys): FileStore {
  const key = Buffer.from(keys.derive("files"), "hex");
  const pathOf = (name: string) => {
    if (!KEY.test(name)) throw new Error(`not a file key: ${name}`);
    return join(folder, name);
  };
  const read = async (name: string) => {
    const source = createReadStream(pathOf(name), { highWaterMark: PIECE });
    const plain = decryptStream(key);
    source.on("error", (cause) => plain.destroy(cause));
    return source.pipe(plain);
  };
  return {
    async put(name, body, limitBytes) {
      const path = pathOf(name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const { stream, result } = meter(limitBytes);
      const partial = `${path}${PARTIAL}`;
      try {
        await pipeline(body, stream, encryptStream(key), createWriteStream(partial, { mode: 0o600, flush: true }));
        await rename(partial, path);
      } catch (cause) {
        await rm(partial, { force: true });
        throw cause;
      }
      return result();
    },
    read,
    async asLocalFile(name) {
      // Asked for by a row that outlives its bytes.
      if (!existsSync(pathOf(name))) refuse(platformProblems.fileGone());
      return copyToTemp(await read(name));
    },
    async inPlace(name) {
      if (!existsSync(pathOf(name))) refuse(platformProblems.fileGone());
      return { place: await findSealed(pathOf(name), key), release: async () => {} };
    },
    async remove(name) {
      await rm(name.endsWith(PARTIAL) ? `${pathOf(name.slice(0, -PARTIAL.length))}${PARTIAL}` : pathOf(name), {
        force: true,
      });
    },
    async *list(prefix) {
      const within = join(folder, prefix);
      if (!existsSync(within)) return;
      for (const entry of await readdir(within, { withFileTypes: true })) {
        // Gone since: somebody else was faster.
        const found = entry.isFile() ? await stat(join(within, entry.name)).catch(() => null) : null;
        if (found) yield { key: `${prefix}${entry.name}`, writtenAt: found.mtime };
      }
    },
  };
}

export async function copyToTemp(body: Readable): Promise<{ path: string; release(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "wengang-file-"));
  const path = join(folder, "content");
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(body, createWriteStream(path, { mode: 0o600 }));
  } catch (cause) {
    await release();
    throw cause;
  }
  return { path, release };
}
