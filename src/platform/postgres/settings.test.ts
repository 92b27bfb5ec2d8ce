import fc from "fast-check";
import { expect, test } from "vitest";

import { explainStartFailure } from "./problems.ts";
import { findProcessStart, isSameProcess } from "./processes.ts";
import { deriveSettings, toArguments, type Address } from "./settings.ts";

const GB = 1024 ** 3;
const socket: Address = { kind: "socket", folder: "/data", port: 5432 };

const megabytes = (value: string | undefined) => Number(/^(\d+)MB$/.exec(value ?? "")?.[1]);

test("a large machine gets the measured sizes", () => {
  const settings = deriveSettings(
    { memory: 24 * GB, freeDisk: 500 * GB, sharedMemory: 12 * GB, cores: 2 },
    socket,
    true,
  );
  expect(settings).toMatchObject({
    shared_buffers: "2048MB",
    maintenance_work_mem: "512MB",
    max_wal_size: "8192MB",
    checkpoint_timeout: "15min",
    wal_buffers: "64MB",
    random_page_cost: "1.1",
    jit: "off",
  });
  expect(settings).not.toHaveProperty("fsync");
  expect(settings).not.toHaveProperty("dynamic_shared_memory_type");
});

test("on any machine the server leaves memory and disk to others", () => {
  fc.assert(
    fc.property(fc.bigInt(512n * 1024n ** 2n, 2n ** 40n), fc.bigInt(512n * 1024n ** 2n, 2n ** 44n), (memory, disk) => {
      const resources = { memory: Number(memory), freeDisk: Number(disk), sharedMemory: null, cores: 2 };
      const settings = deriveSettings(resources, socket, true);
      expect(megabytes(settings.shared_buffers) * 1024 ** 2).toBeLessThanOrEqual(resources.memory / 4);
      expect(megabytes(settings.shared_buffers)).toBeLessThanOrEqual(2048);
      expect(megabytes(settings.maintenance_work_mem) * 1024 ** 2).toBeLessThanOrEqual(resources.memory / 8);
      expect(megabytes(settings.wal_buffers) * 1024 ** 2).toBeLessThanOrEqual(resources.memory / 64);
      expect(megabytes(settings.max_wal_size) * 1024 ** 2).toBeLessThanOrEqual(resources.freeDisk / 4);
      expect(megabytes(settings.max_wal_size)).toBeLessThanOrEqual(8192);
    }),
  );
});

test("only a throw-away cluster goes without fsync", () => {
  const resources = { memory: GB, freeDisk: 9 * GB, sharedMemory: GB, cores: 2 };
  expect(deriveSettings(resources, socket, false)).toMatchObject({
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
  });
});

test("a container's small shared memory is not used for parallel queries", () => {
  const resources = { memory: GB, freeDisk: 9 * GB, sharedMemory: 64 * 1024 ** 2, cores: 2 };
  expect(deriveSettings(resources, socket, true)).toMatchObject({ dynamic_shared_memory_type: "mmap" });
});

test("the server listens in one place only, whatever the folder's name", () => {
  const resources = { memory: GB, freeDisk: 9 * GB, sharedMemory: GB, cores: 2 };
  const odd: Address = { kind: "socket", folder: '/a, b/"c"', port: 5432 };
  expect(deriveSettings(resources, odd, true)).toMatchObject({
    listen_addresses: "",
    unix_socket_directories: '"/a, b/""c"""',
  });
  expect(deriveSettings(resources, { kind: "loopback", port: 7000 }, true)).toMatchObject({
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: "7000",
  });
  expect(toArguments({ jit: "off" })).toEqual(["-c", "jit=off"]);
});

test.each([
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', "disk-full"],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Permission denied', "address-refused"],
  ["FATAL:  could not create any Unix-domain sockets", "address-refused"],
  ["FATAL:  could not map anonymous shared memory: Cannot allocate memory", "memory-refused"],
  ['FATAL:  data directory "/data" has wrong ownership', "data-folder-denied"],
  ["PANIC:  could not locate a valid checkpoint record", "start-failed"],
])("%s is explained as %s", (log, code) => {
  const problem = explainStartFailure("/data", "/data/postgres.log", log);
  expect(problem).toMatchObject({ code, log });
  expect(problem.message).toMatch(/请/);
});

test("a process is known by pid and start", () => {
  const start = findProcessStart(process.pid);
  expect(isSameProcess(process.pid, start?.key ?? "")).toBe(true);
  expect(isSameProcess(process.pid, "another life")).toBe(false);
  expect(Math.abs((start?.startedAt ?? 0) - (Date.now() / 1000 - process.uptime()))).toBeLessThan(2);
  expect(findProcessStart(0)).toBeNull();
  expect(findProcessStart(999_999_999)).toBeNull();
});
