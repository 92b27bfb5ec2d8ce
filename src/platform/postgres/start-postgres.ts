import { chooseAccount, type AsRoot } from "./account.ts";
import { toUrl, type PostgresConnection } from "./address.ts";
import { prepareBinaries } from "./binaries.ts";
import { forgetClient, listOtherClients, registerClient } from "./clients.ts";
import { getMajor } from "./cluster.ts";
import { openDataFolder, type DataFolder } from "./data-folder.ts";
import { withLock, withLockNow } from "./lock.ts";
import { rotateLog } from "./log.ts";
import { onProcessEnd } from "./process-end.ts";
import { listChildren } from "./processes.ts";
import { attach, findServer, launch, requestStop, stopServer } from "./server-process.ts";

export type StartOptions = {
  /** Folder of this server alone; made when missing. One machine or container at a time. */
  readonly dataFolder: string;
  /** Folder with postgres, initdb and pg_ctl, of major 15 to 18. Default: WENGANG_POSTGRES_BIN, else the npm package. */
  readonly binaries?: string;
  /** False only for throw-away clusters of tests: no fsync, a power cut may lose everything. Default true. */
  readonly durable?: boolean;
  /** Server settings over the derived ones. Of no effect when the server runs already. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Includes recovery after a power cut, which reads up to max_wal_size of log. Default ten minutes. */
  readonly startTimeoutMs?: number;
  /** After that the stop does without the last writes, and the next start recovers. Default one minute. */
  readonly stopTimeoutMs?: number;
  /** How root runs the server; by default a namespace where the system allows one. */
  readonly asRoot?: AsRoot;
  /** Where root copies programs another account cannot reach; the first usable one is taken. */
  readonly binariesCache?: readonly string[];
};

export type PostgresServer = {
  /** Superuser, for migrations and roles only; the program itself connects as its own roles. */
  readonly connection: PostgresConnection;
  /** The same as one line, for child processes. */
  readonly url: string;
  readonly major: number;
  readonly dataFolder: string;
  /** Postmaster first, then its backends and workers; empty when it is down. */
  readonly pids: () => number[];
  /** Gives the server up; the last client's call stops it and returns when it is down. */
  readonly stop: () => Promise<void>;
  /** Gives the server up and leaves it running, even without clients; the next start attaches to it. */
  readonly detach: () => Promise<void>;
};

/** How long an ending process waits for another one that is starting or stopping the same server. */
const EXIT_PATIENCE_MS = 5_000;

const LOG_CHECK_MS = 60_000;

/** Starts the data folder's server, or attaches to the one that runs. Throws `PostgresProblem`. */
export async function startPostgres(options: StartOptions): Promise<PostgresServer> {
  const timeoutMs = options.startTimeoutMs ?? 600_000;
  const deadline = Date.now() + timeoutMs;
  const folder = openDataFolder(options.dataFolder);
  return withLock(folder, timeoutMs, async () => {
    // Registered before the server exists: an exit in the middle of the start then takes the server down with it.
    const client = new Client(folder, options.stopTimeoutMs ?? 60_000);
    try {
      const running = await attach(folder, deadline, timeoutMs);
      return client.serve(running ?? (await launchServer(folder, options, deadline, timeoutMs)));
    } catch (error) {
      client.giveUp();
      throw error;
    }
  });
}

/** Only where none runs: choosing the account may change the owner of the whole folder. */
function launchServer(
  folder: DataFolder,
  options: StartOptions,
  deadline: number,
  timeoutMs: number,
): Promise<PostgresConnection> {
  const account = chooseAccount(folder, options.asRoot);
  const wanted = options.binaries ?? (process.env.WENGANG_POSTGRES_BIN || undefined);
  const binaries = prepareBinaries(wanted, account, options.binariesCache);
  const { durable = true, settings = {} } = options;
  return launch({ folder, binaries, account, durable, settings, deadline, timeoutMs });
}

/** One holder of the server, from registration to release. Registered and released under the folder's lock. */
class Client {
  readonly #folder: DataFolder;
  readonly #stopTimeoutMs: number;
  readonly #file: string;
  readonly #logCheck: NodeJS.Timeout;
  readonly #forgetProcessEnd: () => void;
  #released: Promise<void> | null = null;

  constructor(folder: DataFolder, stopTimeoutMs: number) {
    this.#folder = folder;
    this.#stopTimeoutMs = stopTimeoutMs;
    this.#file = registerClient(folder);
    this.#forgetProcessEnd = onProcessEnd(() => this.#releaseNow());
    this.#logCheck = setInterval(() => this.#rotateLog(), LOG_CHECK_MS).unref();
  }

  serve(connection: PostgresConnection): PostgresServer {
    return {
      connection,
      url: toUrl(connection),
      major: getMajor(this.#folder),
      dataFolder: this.#folder.path,
      pids: () => {
        const server = findServer(this.#folder);
        return server === null ? [] : [server.pid, ...listChildren(server.pid)];
      },
      stop: () => this.#release(true),
      detach: () => this.#release(false),
    };
  }

  /** For a start that failed, inside its lock. */
  giveUp(): void {
    this.#quit();
    this.#released = Promise.resolve();
  }

  /** Whichever of stop and detach comes first counts; later calls wait for it. */
  #release(stopWhenLast: boolean): Promise<void> {
    this.#released ??= withLock(this.#folder, this.#stopTimeoutMs + EXIT_PATIENCE_MS, async () => {
      const others = this.#quit();
      // Asked and done under one lock: a process that comes now either is counted or starts a server of its own.
      if (stopWhenLast && others === 0) await stopServer(this.#folder, this.#stopTimeoutMs);
    });
    return this.#released;
  }

  /** At the end of the process: the server is told to stop and does so by itself; nobody is left to wait for it. */
  #releaseNow(): void {
    try {
      withLockNow(this.#folder, EXIT_PATIENCE_MS, () => {
        if (this.#quit() === 0) requestStop(this.#folder);
      });
    } catch {
      // The folder is gone or out of reach: whatever ended the process must keep its own exit code and message.
    }
  }

  #rotateLog(): void {
    try {
      withLockNow(this.#folder, 0, () => rotateLog(this.#folder));
    } catch {
      // A log that cannot be rotated (disk full, file held open on Windows) is no reason to end the program.
    }
  }

  /** Number of living clients left. */
  #quit(): number {
    clearInterval(this.#logCheck);
    this.#forgetProcessEnd();
    forgetClient(this.#file);
    return listOtherClients(this.#folder, this.#file).length;
  }
}
