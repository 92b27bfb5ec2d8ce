import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

import { giveToOwner, type DataFolder } from "./data-folder.ts";
import { dataFolderDenied, folderBusy } from "./problems.ts";

/**
 * One process at a time may start, attach to or stop the server of a data folder.
 *
 * The lock is the kernel's, taken through SQLite on an empty file: it vanishes with its holder however that dies, so
 * no lock is ever stale and none has to be broken. (A lock file with a pid in it cannot be taken over safely: two
 * processes find it stale, and the slower one removes the lock of the faster.)
 *
 * Trap: POSIX drops such a lock when its process closes *any* descriptor of the file. Nothing but this module may open it.
 */
const SQLITE_BUSY = 5;

/** Locks held by this thread, so that the exit hook, which cannot wait for its own thread, knows it may go ahead. */
const held = new Set<string>();

export async function withLock<T>(folder: DataFolder, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lock = tryLock(folder, 0);
  while (lock === null) {
    if (Date.now() > deadline) throw folderBusy(folder.path, Math.round(timeoutMs / 1000));
    await sleep(25);
    lock = tryLock(folder, 0);
  }
  held.add(folder.lock);
  try {
    return await work();
  } finally {
    held.delete(folder.lock);
    lock.close();
  }
}

/**
 * The same without an event loop, for the exit hook and the log rotation. Runs nothing and returns null when another
 * process keeps the lock longer than `timeoutMs`.
 */
export function withLockNow<T>(folder: DataFolder, timeoutMs: number, work: () => T): T | null {
  if (held.has(folder.lock)) return work();
  const lock = tryLock(folder, timeoutMs);
  if (lock === null) return null;
  try {
    return work();
  } finally {
    lock.close();
  }
}

function tryLock(folder: DataFolder, timeoutMs: number): DatabaseSync | null {
  createOnce(folder);
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(folder.lock, { timeout: timeoutMs });
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw dataFolderDenied(folder.path, `${folder.lock}: ${(error as Error).message}`);
  }
}

/** `wx` opens the file only when it is not there yet, hence when nobody can hold its lock (see the trap above). */
function createOnce(folder: DataFolder): void {
  try {
    closeSync(openSync(folder.lock, "wx", 0o600));
    giveToOwner(folder, folder.lock);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw dataFolderDenied(folder.path, message);
  }
}
