/**
 * What lies inside the encrypted file: frames of several streams, interleaved as they came, and the list of contents at the end.
 * A frame: kind (1 byte), stream (2), length (4), payload. Payloads of `data` are zstd frames of their own.
 */
export const frameKinds = { open: 1, data: 2, close: 3, manifest: 4 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export const HEAD_BYTES = 7;

export interface Frame {
  readonly kind: FrameKind;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frameHead(kind: FrameKind, stream: number, length: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = kind;
  head.writeUInt16BE(stream, 1);
  head.writeUInt32BE(length, 3);
  return head;
}

/** Cuts pieces of any size into frames. Throws when they end inside one. */
export async function* readFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let held: Buffer[] = [];
  let bytes = 0;
  const take = (length: number): Buffer => {
    const all = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [all.subarray(length)];
    bytes -= length;
    return all.subarray(0, length);
  };
  let head: Buffer | null = null;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    for (;;) {
      if (head === null) {
        if (bytes < HEAD_BYTES) break;
        head = take(HEAD_BYTES);
      }
      const length = head.readUInt32BE(3);
      if (bytes < length) break;
      yield { kind: head[0] as FrameKind, stream: head.readUInt16BE(1), payload: take(length) };
      head = null;
    }
  }
  if (head !== null || bytes > 0) throw new Error("the contents end inside a frame");
}

/** A table's rows, in PostgreSQL's binary form of COPY. */
export interface TablePart {
  readonly table: string;
  readonly columns: readonly string[];
}

/** A file of the store, its plain content. */
export interface FilePart {
  readonly file: string;
}

export type Part = TablePart | FilePart;

export interface PartEnd {
  readonly rows: number;
  /** Plain bytes, and their SHA-256. */
  readonly bytes: number;
  readonly sha256: string;
  /** A file that its table names and the store does not have. */
  readonly missing?: boolean;
}

export interface Manifest {
  readonly parts: readonly (PartEnd & { readonly name: string })[];
  readonly sequences: readonly { readonly name: string; readonly last: string; readonly called: boolean }[];
  readonly finishedAt: string;
}

/** In clear at the front: what must be known before anything is decrypted. */
export interface BackupHeader {
  readonly format: "wengang-backup-1";
  readonly salt: string;
  /** Fingerprint of the master key it is encrypted under. */
  readonly key: string;
  readonly createdAt: string;
  readonly postgres: number;
  readonly migrations: readonly { readonly domain: string; readonly name: string; readonly digest: string }[];
  readonly partitions: readonly { readonly name: string; readonly parent: string; readonly bound: string }[];
}
