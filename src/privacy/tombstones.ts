import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * Who was erased, as it lies with the keys: outside of the database and of every backup, so that restoring one does not bring the list
 * back to an earlier day. Keyed hashes of numbers, with a number of the act; nothing that tells of anybody without the key.
 */
export interface Tombstone {
  readonly tombstoneId: string;
  readonly keyHash: string;
  readonly erasedOn: string;
}

const LINE = /^([0-9a-f-]{36}) ([0-9a-f-]{36}) (\d{4}-\d{2}-\d{2})$/;
const pathIn = (keyFolder: string) => join(keyFolder, "erased.list");

/** Lines that a crash cut short are no tombstones: their act did not happen, and would write them again. */
export function readTombstones(keyFolder: string): Tombstone[] {
  const path = pathIn(keyFolder);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      const found = LINE.exec(line);
      return found ? [{ tombstoneId: found[1]!, keyHash: found[2]!, erasedOn: found[3]! }] : [];
    });
}

/**
 * Written and on the disk before the rows go. A process that dies in between leaves a line without its act; the next start does the
 * act, which somebody had agreed to.
 */
export function writeTombstones(keyFolder: string, tombstones: readonly Tombstone[]): void {
  if (tombstones.length === 0) return;
  const file = openSync(pathIn(keyFolder), "a", 0o600);
  try {
    // A line of its own, whatever a crash left before it.
    writeSync(
      file,
      `\n${tombstones.map(({ tombstoneId, keyHash, erasedOn }) => `${tombstoneId} ${keyHash} ${erasedOn}`).join("\n")}\n`,
    );
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
