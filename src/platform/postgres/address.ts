import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import { basename, join } from "node:path";

import { SUPERUSER } from "./cluster.ts";
import { giveToOwner, writeWhole, type DataFolder } from "./data-folder.ts";
import type { Address } from "./settings.ts";

/** What `pg` needs to connect as the superuser. `host` is a socket folder or 127.0.0.1. */
export type PostgresConnection = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

/** Only part of the socket's file name: no port is opened, so servers of several data folders share the number. */
const SOCKET_PORT = 5432;

/** Bytes of a socket's path, without the closing zero: sun_path holds 108 on Linux and 104 on macOS. */
const SOCKET_PATH_LIMIT = process.platform === "linux" ? 107 : 103;

const SHORT_FOLDER_PREFIX = "wengang-socket-";

/** A new address for a server about to start. */
export async function chooseAddress(folder: DataFolder): Promise<Address> {
  if (process.platform === "win32") return { kind: "loopback", port: await findFreePort() };
  if (fits(folder.path)) return { kind: "socket", folder: folder.path, port: SOCKET_PORT };
  return { kind: "socket", folder: makeShortFolder(folder), port: SOCKET_PORT };
}

export function connectTo(address: Address, password: string): PostgresConnection {
  return {
    host: address.kind === "socket" ? address.folder : "127.0.0.1",
    port: address.port,
    user: SUPERUSER,
    password,
    database: "postgres",
  };
}

/** The same as an address line, which child processes take as DATABASE_URL; the query's host is how libpq names a socket. */
export function toUrl({ host, port, user, password, database }: PostgresConnection): string {
  if (!host.startsWith("/")) return `postgresql://${user}:${password}@${host}:${port}/${database}`;
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

/** Removes a socket file no server stands behind. Its lock file holds a pid too, which a stranger may have by now. */
export function removeSocket(socketFolder: string): void {
  for (const suffix of ["", ".lock"]) {
    rmSync(join(socketFolder, `.s.PGSQL.${SOCKET_PORT}${suffix}`), { force: true });
  }
  if (isShortFolder(socketFolder)) rmSync(socketFolder, { recursive: true, force: true });
}

function fits(socketFolder: string): boolean {
  return Buffer.byteLength(join(socketFolder, `.s.PGSQL.${SOCKET_PORT}`)) <= SOCKET_PATH_LIMIT;
}

/** Readable by its owner only, and with a random name, so that nobody can put a socket of his own in its place. */
function makeShortFolder(folder: DataFolder): string {
  const parent = fits(join(os.tmpdir(), `${SHORT_FOLDER_PREFIX}xxxxxx`)) ? os.tmpdir() : "/tmp";
  const short = mkdtempSync(join(parent, SHORT_FOLDER_PREFIX));
  chmodSync(short, 0o700);
  giveToOwner(folder, short);
  return short;
}

function isShortFolder(path: string): boolean {
  return basename(path).startsWith(SHORT_FOLDER_PREFIX);
}

/** Free at this moment; another program may take it before the server does, which the start then tries again. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : SOCKET_PORT));
    });
  });
}

/** Noted at each start: with it a reused pid is told from ours, and a short socket folder is found again after a crash. */
type ServerRecord = {
  readonly pid: number;
  /** `ProcessStart.key` of that pid. */
  readonly start: string;
  readonly address: Address;
};

export function readRecord(folder: DataFolder): ServerRecord | null {
  try {
    return JSON.parse(readFileSync(folder.record, "utf8")) as ServerRecord;
  } catch {
    return null;
  }
}

export function writeRecord(folder: DataFolder, record: ServerRecord): void {
  writeWhole(folder, folder.record, `${JSON.stringify(record)}\n`);
}
