import type { Readable } from "node:stream";
import type { SealedFile } from "./place.ts";

export interface StoredFile {
  readonly fileId: string;
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Where uploaded and produced files lie: a local folder by default, an S3-compatible bucket by configuration.
 * Contents are encrypted with a key of the installation before they leave the process.
 */
export interface FileStore {
  /** Stores a stream; returns its size and digest of the plain bytes. Nothing remains when the stream fails. */
  put(key: string, body: Readable, limitBytes: number): Promise<{ bytes: number; sha256: string }>;
  read(key: string): Promise<Readable>;
  /** A plain temporary copy for libraries that need a path; removed by `release`. */
  asLocalFile(key: string): Promise<{ path: string; release(): Promise<void> }>;
  /** The file as it lies, enciphered and found undamaged, for `openPlace`: nothing plain is written. To be released when read. */
  inPlace(key: string): Promise<{ place: SealedFile; release(): Promise<void> }>;
  remove(key: string): Promise<void>;
  /** What lies under a prefix ("export/"), with the moment it was written; what a crash left half written is among it. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly writtenAt: Date }>;
}
