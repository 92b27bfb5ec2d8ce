import type { Command } from "commander";
import type { FastifyRequest } from "fastify";
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Config } from "./config.ts";
import type { OutputOf, RequestOf, Route } from "./contract.ts";
import type { Database, Sight, Tx } from "./db/database.ts";
import type { FileStore, StoredFile } from "./files/store.ts";
import type { PublicPage } from "./http/public-pages.ts";
import type { Keys } from "./keys.ts";
import type { RecentFigures } from "./load/recent-figures.ts";
import type { Log } from "./log.ts";
import type { HeldField, Holdings } from "./privacy/index.ts";
import type { EventHandler, TaskDefinition, TaskRequest } from "./tasks/definition.ts";
import type { Gauge, Telemetry } from "./telemetry/index.ts";

/** What stands behind the batch number that a domain's row keeps. */
export interface BatchOrigin {
  /** Who applied it, or took it back. */
  readonly officerName: string;
  /** Its business day; when it was written into the row is another matter. */
  readonly businessDate: string;
}

/** An officer as colleagues know him: to whom work may be given. */
export interface Colleague {
  readonly officerId: string;
  readonly name: string;
  readonly organisation: string;
  readonly region: string;
  readonly duties: readonly string[];
}

/** What every part of the program needs and that exists once per process. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly keys: Keys;
  readonly database: Database;
  readonly files: FileStore;
  readonly telemetry: Telemetry;
  readonly figures: RecentFigures;
  /** Counts a request that a limit or the load refused; `routeClass` names what was asked for. */
  refused(cause: "limit" | "load", routeClass: string): void;
  /**
   * The business date in a region: today in China, or the fixed date of a demo or replay. Never read from the clock elsewhere.
   * Without a region: of the installation at large.
   */
  businessDate(region?: string | null): string;
  readonly demo: boolean;
  /** What the field register says of a column, "registry.person.health"; of one that holds nobody's facts, nothing. */
  heldField(column: string): HeldField | undefined;
  /** Of batches that rows the caller may see bear the numbers of: whoever sees the row may know where it comes from. */
  batchOrigins(batchIds: readonly string[]): Promise<ReadonlyMap<string, BatchOrigin>>;
  /** Officers at work who answer for `region` or a part of it and hold a duty that fits. Null: nobody. */
  officersIn(region: string | null, fits: (duty: string) => boolean): Promise<readonly Colleague[]>;
}

/** Who acts. Made by the identity domain from a session, or by the command line for an operator. */
export interface Caller {
  readonly officerId: string | null;
  readonly name: string;
  readonly organisation: string;
  readonly permissions: ReadonlySet<string>;
  readonly sight: Sight;
  /** What the domain that signs people in needs to know again; opaque to the platform. */
  readonly session: {
    readonly id: string;
    readonly csrf: string;
    readonly singleSignOn?: boolean;
    readonly mustEnrol?: boolean;
    /** The password is one that somebody else knows, or too old. */
    readonly mustChangePassword?: boolean;
  } | null;
}

/** What a handler gets: the caller's transaction and everything that must happen with the act. */
export interface ActionContext {
  readonly tx: Tx;
  readonly caller: Caller;
  readonly services: Services;
  readonly businessDate: string;
  readonly requestId: string;
  readonly request: {
    readonly ip: string;
    readonly userAgent: string;
    readonly cookies?: Readonly<Record<string, string | undefined>>;
  };
  /** Adds to this act's audit row: what it touched and how many. */
  audit(detail: AuditDetail): void;
  /** Queues background work that exists only if this transaction commits. */
  enqueue(task: TaskRequest): Promise<string>;
  /** Publishes an event to other domains, delivered after commit. */
  emit(name: string, payload: Record<string, unknown>): Promise<void>;
  /** Cookies to set on the answer; null removes one. */
  setCookie(name: string, value: string | null, options?: { maxAgeSeconds?: number; httpOnly?: boolean }): void;
}

export interface AuditDetail {
  subject?: string;
  /** Region of what was touched; default: the caller's. */
  region?: string;
  count?: number;
  /**
   * Persons of a page of a list. The log keeps none of them: each becomes a keyed mark of 48 bits, by which only he himself can be told
   * that he stood there (谁查看过).
   */
  persons?: readonly (string | null | undefined)[];
  [key: string]: unknown;
}

export interface UploadedFile extends StoredFile {
  readonly fields: Readonly<Record<string, string>>;
}

export interface DownloadBody {
  readonly fileName: string;
  readonly mediaType: string;
  readonly body: Readable | Buffer | string;
}

export interface Handler {
  readonly route: Route;
  readonly run: (context: ActionContext, input: never, file: UploadedFile | undefined) => Promise<unknown>;
}

/** Ties a route of the contract to its code; the types of input and output come from the route. */
export function handle<I extends z.ZodType, O extends z.ZodType>(
  route: Route<I, O> & { kind: "query" | "action" },
  run: (context: ActionContext, input: z.output<I>) => Promise<z.input<O>>,
): Handler {
  return { route, run };
}

export function handleUpload<I extends z.ZodType, O extends z.ZodType>(
  route: Route<I, O> & { kind: "upload" },
  run: (context: ActionContext, input: z.output<I>, file: UploadedFile) => Promise<z.input<O>>,
): Handler {
  return { route, run: run as Handler["run"] };
}

export function handleDownload<I extends z.ZodType>(
  route: Route<I> & { kind: "download" },
  run: (context: ActionContext, input: z.output<I>) => Promise<DownloadBody>,
): Handler {
  return { route, run };
}

/** Lets a command do what the screen does: the same handlers, permissions, scope and audit, in an officer's name. */
export interface CommandActs {
  run<R extends Route>(route: R, as: string, input: RequestOf<R>, filePath?: string): Promise<OutputOf<R>>;
  /** Works on the queue until the task is done; throws its refusal. */
  finish(taskId: string, onProgress?: (stage: string, done: number) => void): Promise<void>;
}

/** A column that holds envelopes (`Keys.seal`): a new version of the key seals them anew. The worker reads and updates it. */
export interface EnvelopeColumn {
  /** With its schema. */
  readonly table: string;
  readonly column: string;
  /** The primary key's columns with their types, in its order. */
  readonly key: readonly (readonly [column: string, type: string])[];
  /** For an append-only history whose JSON holds the envelope as text under `secret`: the function that puts another in its place. */
  readonly resealedBy?: string;
}

/** Everything a domain gives to the program; `app.ts` lists the modules and nothing else knows them. */
export interface DomainModule {
  readonly name: string;
  /** Folder of SQL migrations. */
  readonly migrations?: string;
  readonly handlers?: readonly Handler[];
  /** Pages for everybody, written by the server. */
  readonly publicPages?: readonly PublicPage[];
  readonly tasks?: readonly TaskDefinition[];
  readonly subscribers?: Readonly<Record<string, EventHandler>>;
  /** Figures about the installation for whoever watches over it: ages and counts, no business data. */
  readonly gauges?: readonly Gauge[];
  /** Permission → Chinese label and the duties that carry it. */
  readonly permissions?: Readonly<Record<string, { readonly label: string; readonly duties: readonly string[] }>>;
  /** For the domain that has batches; others keep only their numbers. */
  readonly batchOrigins?: (
    services: Services,
    batchIds: readonly string[],
  ) => Promise<ReadonlyMap<string, BatchOrigin>>;
  /** For the domain that has officers. */
  readonly officersIn?: (services: Services, region: string) => Promise<readonly Colleague[]>;
  /** For the domain that has accounts of citizens: who asks at addresses that begin with `prefix`, where no officer is known. */
  readonly accounts?: {
    readonly prefix: string;
    readonly identify: (services: Services, request: FastifyRequest) => Promise<Caller | null>;
  };
  /** Adds commands to `wengang`. */
  readonly commands?: (program: Command, open: () => Promise<Services>, acts: CommandActs) => void;
  readonly envelopes?: readonly EnvelopeColumn[];
  /** What it holds of people: for the field register, and for what goes when its time is over. */
  readonly holdings?: Holdings;
  /** A mark of what `prepare` brings besides the migrations' own: it runs again in an installation that has another. */
  readonly edition?: () => string;
  /** Fills a new installation with what it cannot do without (divisions, dictionaries). Idempotent. */
  readonly prepare?: (services: Services) => Promise<void>;
  /** At every start of the program, before anybody is served: what a restored backup may have undone. Costs next to nothing. */
  readonly begin?: (services: Services) => Promise<void>;
  /** Fills a demo installation, behind the printed address. In the order of the modules; what an attempt that was cut off has done stays. */
  readonly seedDemo?: (services: Services) => Promise<void>;
}

/** The identity domain's part in every request. */
export interface Gate {
  /** Who sends this request; a caller without rights when nobody is signed in. */
  identify(services: Services, request: FastifyRequest): Promise<Caller>;
  /** Writes the audit row inside the act's transaction. */
  record(context: ActionContext, entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  readonly act: string;
  readonly kind: Exclude<Route["audit"], "none">;
  readonly detail: AuditDetail;
  readonly outcome: "done" | "refused";
  readonly problem?: string;
}
