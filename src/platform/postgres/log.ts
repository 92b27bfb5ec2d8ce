import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";

import { giveToOwner, type DataFolder } from "./data-folder.ts";

/** Two older logs of this size are kept beside the current one. */
const LOG_LIMIT = 10 * 1024 * 1024;

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/** Opens the log for appending, but not through a link (Windows has no such flag); the descriptor becomes the server's standard error. */
export function openLog(folder: DataFolder): number {
  const fresh = !existsSync(folder.log);
  const descriptor = openSync(folder.log, O_APPEND | O_CREAT | O_WRONLY | (O_NOFOLLOW ?? 0), 0o600);
  if (fresh) giveToOwner(folder, folder.log);
  return descriptor;
}

/**
 * Moves a grown log aside. The server holds the file open as its standard error and cannot be told to reopen it, so the
 * log is copied and emptied in place (the server appends, hence goes on at the new end). Lines written between the two
 * steps are lost; the server's own log collector would cost a process and does not rotate one fixed name by size.
 */
export function rotateLog(folder: DataFolder, limit = LOG_LIMIT): boolean {
  if (logSize(folder) < limit) return false;
  if (existsSync(`${folder.log}.1`)) renameSync(`${folder.log}.1`, `${folder.log}.2`);
  copyFileSync(folder.log, `${folder.log}.1`);
  giveToOwner(folder, `${folder.log}.1`);
  truncateSync(folder.log);
  return true;
}

export function logSize(folder: DataFolder): number {
  return statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines written since `offset`, at most 4 KB: enough for the cause, not so much that it hides the sentence. */
export function readLogTail(folder: DataFolder, offset = 0): string {
  const size = logSize(folder);
  const from = Math.max(offset > size ? 0 : offset, size - 4096);
  if (size <= from) return "";
  const descriptor = openSync(folder.log, "r");
  try {
    const buffer = Buffer.alloc(size - from);
    const read = readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString("utf8", 0, read).trim();
  } finally {
    closeSync(descriptor);
  }
}
