import { spawnSync } from "node:child_process";
import { chownSync, existsSync, readFileSync, statSync } from "node:fs";

import type { DataFolder } from "./data-folder.ts";
import { dataFolderUnreachable } from "./problems.ts";

/**
 * As whom the server runs. PostgreSQL refuses root, and root is what a container and many an office server give us.
 * - `self`: an ordinary user runs it as himself.
 * - `namespace`: root runs it inside a user namespace where root looks like `nobody`. Files stay root's, so it works
 *   from a 0700 checkout or home folder, with nothing copied and nothing changed on the host.
 * - `other`: where namespaces are forbidden (most containers), root starts it as another account.
 */
export type Account =
  | { readonly kind: "self" }
  | { readonly kind: "namespace"; readonly uid: number; readonly gid: number }
  | { readonly kind: "other"; readonly uid: number; readonly gid: number; readonly name: string };

export type AsRoot = "namespace" | "other";

type Invocation = {
  readonly command: string;
  readonly args: string[];
  readonly options: { uid?: number; gid?: number };
};

/** The command that runs `program` as that account. In a namespace the pid stays the program's: unshare does not fork. */
export function runAs(account: Account, program: string, args: readonly string[]): Invocation {
  switch (account.kind) {
    case "self":
      return { command: program, args: [...args], options: {} };
    case "namespace":
      return { command: "unshare", args: [...mapTo(account), program, ...args], options: {} };
    case "other":
      return { command: program, args: [...args], options: { uid: account.uid, gid: account.gid } };
  }
}

function mapTo({ uid, gid }: { uid: number; gid: number }): string[] {
  return ["--user", `--map-user=${uid}`, `--map-group=${gid}`];
}

/** Chooses the account and, where it is not ours, makes the data folder its own. `asRoot` overrides the probe. */
export function chooseAccount(folder: DataFolder, asRoot?: AsRoot): Account {
  if (process.platform === "win32" || process.geteuid?.() !== 0) return { kind: "self" };
  const account = chooseForRoot(folder, asRoot);
  if (account.kind === "other") handOver(folder, account);
  return account;
}

function chooseForRoot(folder: DataFolder, asRoot: AsRoot | undefined): Account {
  const users = listUsers();
  // Data that belong to an ordinary user stay his: one `sudo npm start` must not lock him out of his own database.
  const cluster = existsSync(folder.cluster);
  const owner = statSync(cluster ? folder.cluster : folder.path);
  const ownerName = users.find((user) => user.uid === owner.uid)?.name;
  // initdb (not the server) insists that its account has a name.
  if (owner.uid !== 0 && (cluster || ownerName !== undefined)) {
    return { kind: "other", uid: owner.uid, gid: owner.gid, name: ownerName ?? String(owner.uid) };
  }
  // The uid seen inside the namespace must have a name too: an invented one fails with "user does not exist".
  const nobody = users.find((user) => user.name === "nobody") ?? users.find((user) => user.uid !== 0);
  if (asRoot !== "other" && nobody !== undefined) {
    const probe = spawnSync("unshare", [...mapTo(nobody), "true"], { stdio: "ignore" });
    if (probe.status === 0 || asRoot === "namespace") return { kind: "namespace", uid: nobody.uid, gid: nobody.gid };
  }
  const stranger = users.find((user) => user.name === "postgres") ?? nobody;
  return { kind: "other", ...(stranger ?? { uid: 65_534, gid: 65_534, name: "nobody" }) };
}

function listUsers(): { name: string; uid: number; gid: number }[] {
  if (!existsSync("/etc/passwd")) return [];
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 7)
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function handOver(folder: DataFolder, account: Account & { kind: "other" }): void {
  if (statSync(folder.path).uid !== account.uid) {
    // A folder used before through a namespace holds a cluster of root's; after an upgrade of the host it may no
    // longer be allowed, and the data have to move on. Links are not followed out of the folder.
    spawnSync("chown", ["-R", "-h", `${account.uid}:${account.gid}`, folder.path], { stdio: "ignore" });
    chownSync(folder.path, account.uid, account.gid);
  }
  // Trying beats reckoning with owners, groups and access lists of every folder above.
  const enter = spawnSync("/bin/sh", ["-c", 'cd "$0"', folder.path], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    stdio: "ignore",
  });
  if (enter.status !== 0) throw dataFolderUnreachable(folder.path, account.name);
}
