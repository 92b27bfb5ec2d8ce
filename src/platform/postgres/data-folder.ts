import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  lchownSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

import { dataFolderDenied, diskFull } from "./problems.ts";

/** Where everything of one embedded server lies. Nothing is kept outside, save the socket when the path is too long. */
export type DataFolder = {
  readonly path: string;
  /** PostgreSQL's own folder (PGDATA). */
  readonly cluster: string;
  /** Superuser password, 0600. */
  readonly password: string;
  readonly log: string;
  /** One file per running client. */
  readonly clients: string;
  readonly lock: string;
  /** What the last start noted about the server: pid with start, and its socket folder. */
  readonly record: string;
};

/** Creates the folder (0700) when missing. The path is resolved through links: processes are recognised by it. */
export function openDataFolder(path: string): DataFolder {
  const wanted = resolve(path);
  try {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    return describe(realpathSync(wanted));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "ENOSPC" ? diskFull(wanted) : dataFolderDenied(wanted, message);
  }
}

function describe(path: string): DataFolder {
  return {
    path,
    cluster: join(path, "cluster"),
    password: join(path, "password"),
    log: join(path, "postgres.log"),
    clients: join(path, "clients"),
    lock: join(path, "start.lock"),
    record: join(path, "server.json"),
  };
}

/**
 * Gives what root has just made to the folder's owner. Otherwise one start with sudo would leave files behind that the
 * ordinary user can neither read nor append to the next morning.
 */
export function giveToOwner(folder: DataFolder, path: string): void {
  if (process.geteuid?.() !== 0) return;
  const owner = statSync(folder.path);
  // Of a link itself, never of what it points to: the owner of the folder could aim it anywhere.
  lchownSync(path, owner.uid, owner.gid);
}

/**
 * Appears whole or not at all, so that a reader after a crash never meets half a file. Mode 0600. The draft is created
 * anew (`wx`): root in a user's folder must not write through a link the user has put there.
 */
export function writeWhole(folder: DataFolder, path: string, content: string): void {
  const draft = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  writeFileSync(draft, content, { mode: 0o600, flag: "wx", flush: true });
  giveToOwner(folder, draft);
  renameSync(draft, path);
}
