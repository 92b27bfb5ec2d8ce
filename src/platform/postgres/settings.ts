import { statfsSync } from "node:fs";
import os from "node:os";

const MB = 1024 * 1024;
const GB = 1024 * MB;

type Resources = {
  /** Memory this process may use: the machine's, or the container's limit when smaller. */
  readonly memory: number;
  /** Free bytes on the data folder's disk. */
  readonly freeDisk: number;
  /** Size of /dev/shm; null where there is none. */
  readonly sharedMemory: number | null;
  readonly cores: number;
};

export type Address =
  | { readonly kind: "socket"; readonly folder: string; readonly port: number }
  | { readonly kind: "loopback"; readonly port: number };

export function measureResources(dataFolder: string): Resources {
  const limit = process.constrainedMemory();
  const disk = statfsSync(dataFolder);
  return {
    memory: limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem(),
    freeDisk: disk.bavail * disk.bsize,
    sharedMemory: measureSharedMemory(),
    cores: os.availableParallelism(),
  };
}

function measureSharedMemory(): number | null {
  if (process.platform !== "linux") return null;
  try {
    const shm = statfsSync("/dev/shm");
    return shm.blocks * shm.bsize;
  } catch {
    return 0;
  }
}

/**
 * Server settings, passed on the command line at every start, so that they follow the machine when memory is added or
 * the folder moves; a value in postgresql.conf would be frozen at the first start. Measured on 2 cores and 24 GiB with
 * 2.54 M persons. work_mem stays at the server's default: batch tasks raise it for themselves with SET LOCAL.
 */
export function deriveSettings(resources: Resources, address: Address, durable: boolean): Record<string, string> {
  const { memory, freeDisk, sharedMemory, cores } = resources;
  return {
    ...deriveAddress(address),
    shared_buffers: megabytes(clamp(memory / 4, 64 * MB, 2 * GB)),
    effective_cache_size: megabytes(clamp(memory / 2, 128 * MB, 64 * GB)),
    // Who builds an index works too: with two helpers on two cores, the server's own choice, it took a tenth longer.
    max_parallel_maintenance_workers: String(clamp(cores - 1, 0, 4)),
    maintenance_work_mem: megabytes(clamp(memory / 16, 32 * MB, 512 * MB)),
    // A month's ledger writes several GB of log; room for it spares checkpoints in the middle of the apply. On a disk
    // that is nearly full the log itself must not take the rest.
    max_wal_size: megabytes(
      freeDisk < 8 * GB ? clamp(freeDisk / 4, 128 * MB, 2 * GB) : clamp(freeDisk / 10, 2 * GB, 8 * GB),
    ),
    checkpoint_timeout: "15min",
    // An apply runs on one core. With room for a fifth of a second of log, and a writer that looks often, its log is written by the
    // other one; where the room is full, who applies writes it page by page. The writer sleeps when nothing is written.
    wal_buffers: megabytes(clamp(memory / 256, 4 * MB, 64 * MB)),
    wal_writer_delay: "20ms",
    random_page_cost: "1.1",
    // Nothing replicates from this server and backups are not made of its log, so that a table made or emptied in the
    // transaction that fills it (a first load, index builds) needs none.
    wal_level: "minimal",
    max_wal_senders: "0",
    // The shipped build has no LLVM, and where there is one it gained nothing on our queries.
    jit: "off",
    // Docker gives 64 MB of /dev/shm; a parallel hash join needs more and fails with "could not resize shared memory".
    ...(sharedMemory !== null && sharedMemory < 512 * MB ? { dynamic_shared_memory_type: "mmap" } : {}),
    // CURRENT_DATE must be the office's date wherever the machine's clock lives.
    timezone: "Asia/Shanghai",
    log_timezone: "Asia/Shanghai",
    log_line_prefix: "%m [%p] %u ",
    // The log is read by people without a right to personal data. DETAIL of a broken constraint and CONTEXT of a COPY
    // quote whole rows, a failed statement may carry an ID number: terse and no statements.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    // Off only for throw-away test clusters: a power cut may lose everything, which kill -9 alone never shows.
    ...(durable ? {} : { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
  };
}

/** Never the network: a socket only our own account can open, or the loopback where there are no sockets. */
function deriveAddress(address: Address): Record<string, string> {
  if (address.kind === "loopback") {
    return { listen_addresses: "127.0.0.1", port: String(address.port), unix_socket_directories: "" };
  }
  return {
    listen_addresses: "",
    port: String(address.port),
    // A list of quoted names: an unquoted comma or a space in the path would cut it in two.
    unix_socket_directories: `"${address.folder.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
  };
}

export function toArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / MB)}MB`;
}
