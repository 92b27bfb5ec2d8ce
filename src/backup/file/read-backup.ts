import { createHash, type Hash } from "node:crypto";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { Keys } from "../../platform/keys.ts";
import { Refusal } from "../../platform/problem.ts";
import { backupProblems } from "../problems.ts";
import { frameKinds, readFrames, type BackupHeader, type Manifest, type Part, type PartEnd } from "./frames.ts";
import { openSealedFile } from "./sealed-file.ts";
import { backupKeyOf } from "./write-backup.ts";

/** Where the parts of a backup go. Calls of one stream come one after another, those of several streams at the same time. */
export interface PartReader {
  data(block: Buffer): Promise<void>;
  end(): Promise<void>;
  abort(cause: Error): Promise<void>;
}

export interface BackupContents {
  readonly header: BackupHeader;
  readonly bytes: number;
  readonly manifest: Manifest;
}

/** Blocks of one stream that may wait for their turn. */
const MOST_WAITING = 4;

/** Reads the front only: enough to say whether the key and the version fit. */
export async function readHeader(path: string, keys: Keys): Promise<BackupHeader> {
  const file = await openSealedFile(path);
  await file.close();
  return checkKey(path, file.header as unknown as BackupHeader, keys);
}

function checkKey(path: string, header: BackupHeader, keys: Keys): BackupHeader {
  if (header.format !== "wengang-backup-1") throw new Refusal(backupProblems.notABackup(path));
  if (header.key !== keys.fingerprint) throw new Refusal(backupProblems.wrongKey(String(header.key), keys.fingerprint));
  return header;
}

/**
 * Reads a backup from front to end: every chunk opened, every block unpacked, every part's digest and the list of contents
 * compared. Throws a refusal at the first thing that does not fit. `receive` gets each part; without it nothing is done with them.
 */
export async function readBackup(
  path: string,
  keys: Keys,
  receive: (part: Part) => Promise<PartReader | null> = async () => null,
  onProgress: (done: number, total: number) => Promise<void> = async () => {},
): Promise<BackupContents> {
  const file = await openSealedFile(path);
  const open = new Map<number, OpenPart>();
  try {
    const header = checkKey(path, file.header as unknown as BackupHeader, keys);
    const ended: (PartEnd & { name: string })[] = [];
    let manifest: Manifest | undefined;
    let done = 0;
    const counted = async function* () {
      for await (const piece of file.read(backupKeyOf(keys))) {
        done += piece.length;
        await onProgress(Math.min(done, file.bytes), file.bytes);
        yield piece;
      }
    };
    for await (const { kind, stream, payload } of readFrames(counted())) {
      if (kind === frameKinds.open) {
        const part = JSON.parse(payload.toString()) as Part;
        open.set(stream, new OpenPart(part, await receive(part)));
      } else if (kind === frameKinds.data) await open.get(stream)!.data(Buffer.from(payload));
      else if (kind === frameKinds.close) {
        const part = open.get(stream)!;
        open.delete(stream);
        const end = JSON.parse(payload.toString()) as PartEnd;
        if (!(await part.end(end))) throw new Refusal(backupProblems.damaged(path));
        ended.push({ name: part.name, ...end });
      } else manifest = JSON.parse(payload.toString()) as Manifest;
    }
    if (manifest === undefined || JSON.stringify(manifest.parts) !== JSON.stringify(ended))
      throw new Refusal(backupProblems.damaged(path));
    return { header, bytes: file.bytes, manifest };
  } catch (cause) {
    await Promise.all([...open.values()].map((part) => part.abort(cause as Error)));
    throw cause;
  } finally {
    await file.close();
  }
}

/** Unpacks a stream's blocks in the background, a few ahead of the one that is taken up. */
class OpenPart {
  readonly name: string;
  readonly #reader: PartReader | null;
  readonly #digest: Hash = createHash("sha256");
  #bytes = 0;
  #work: Promise<void> = Promise.resolve();
  #waiting: Promise<void>[] = [];

  constructor(part: Part, reader: PartReader | null) {
    this.name = "table" in part ? part.table : `file:${part.file}`;
    this.#reader = reader;
  }

  async data(block: Buffer): Promise<void> {
    const unpacked = promisify(zstdDecompress)(block);
    unpacked.catch(() => {}); // reported below
    this.#work = this.#work.then(async () => {
      const plain = await unpacked;
      this.#digest.update(plain);
      this.#bytes += plain.length;
      await this.#reader?.data(plain);
    });
    this.#work.catch(() => {}); // reported by whoever awaits it
    this.#waiting.push(this.#work);
    if (this.#waiting.length > MOST_WAITING) await this.#waiting.shift();
  }

  async end({ bytes, sha256 }: PartEnd): Promise<boolean> {
    await this.#work;
    if (this.#bytes !== bytes || this.#digest.digest("hex") !== sha256) return false;
    await this.#reader?.end();
    return true;
  }

  async abort(cause: Error): Promise<void> {
    await this.#work.catch(() => {});
    await this.#reader?.abort(cause);
  }
}
