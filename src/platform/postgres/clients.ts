import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { giveToOwner, writeWhole, type DataFolder } from "./data-folder.ts";
import { findProcessStart, isSameProcess } from "./processes.ts";

/**
 * Who uses the server: one file per handle, with the pid and the start of its process. A process that was killed leaves
 * its file behind; it counts no longer, and whoever looks next removes it. Only to be called under the folder's lock.
 */
type ClientRecord = { readonly pid: number; readonly start: string };

/** Returns the client's file. */
export function registerClient(folder: DataFolder): string {
  mkdirSync(folder.clients, { recursive: true, mode: 0o700 });
  giveToOwner(folder, folder.clients);
  const record: ClientRecord = { pid: process.pid, start: findProcessStart(process.pid)?.key ?? "" };
  // One process may hold several handles, in several threads: the pid alone would not do as a name.
  const file = join(folder.clients, `${process.pid}-${randomBytes(4).toString("hex")}.json`);
  writeWhole(folder, file, JSON.stringify(record));
  return file;
}

export function forgetClient(file: string): void {
  rmSync(file, { force: true });
}

/** Pids of the living clients other than `file`; sweeps what the dead left. */
export function listOtherClients(folder: DataFolder, file: string): number[] {
  const alive: number[] = [];
  for (const name of readdirSync(folder.clients)) {
    if (name === basename(file)) continue;
    const other = join(folder.clients, name);
    const record = name.endsWith(".json") ? readClient(other) : null;
    if (record !== null && isSameProcess(record.pid, record.start)) alive.push(record.pid);
    else rmSync(other, { force: true });
  }
  return alive;
}

function readClient(file: string): ClientRecord | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ClientRecord;
  } catch {
    return null;
  }
}
