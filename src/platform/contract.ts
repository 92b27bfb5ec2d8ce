import { z } from "zod";

/**
 * A route is one thing a user can ask of the program, declared once and shared by server, screen and OpenAPI.
 * query: reads only; action: changes, in one transaction with its audit row; upload: an action with a file; download: a stream.
 */
export interface Route<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: "query" | "action" | "upload" | "download";
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/api/…` with `:name` parameters, which are fields of `input`. */
  readonly path: string;
  readonly input: I;
  readonly output: O;
  /**
   * Who may: everyone, every officer signed in, holders of one permission, or every citizen's or enterprise's account ("account").
   * Officers and accounts never share a route: an account has no permission, an officer no scope *self*.
   */
  readonly access: "public" | "signed-in" | "account" | { readonly permission: string };
  /** Chinese words for the act, used in refusals, the audit log and the API viewer. */
  readonly summary: string;
  /** What the audit log keeps. Queries that show persons are audited too (trust.md). */
  readonly audit: "none" | "query" | "export" | "change" | "unmask" | "sign-in";
}

interface RouteOptions<I extends z.ZodType, O extends z.ZodType> {
  path: string;
  input: I;
  output: O;
  access: Route["access"];
  summary: string;
  audit?: Route["audit"];
}

export function query<I extends z.ZodType, O extends z.ZodType>(
  options: RouteOptions<I, O>,
): Route<I, O> & { kind: "query" } {
  return { audit: "none", ...options, kind: "query", method: "GET" };
}

export function action<I extends z.ZodType, O extends z.ZodType>(
  options: RouteOptions<I, O> & { method?: "POST" | "PUT" | "DELETE" },
): Route<I, O> & { kind: "action" } {
  return { audit: "change", method: "POST", ...options, kind: "action" };
}

export function upload<I extends z.ZodType, O extends z.ZodType>(
  options: RouteOptions<I, O>,
): Route<I, O> & { kind: "upload" } {
  return { audit: "change", ...options, kind: "upload", method: "POST" };
}

export function download<I extends z.ZodType>(
  options: Omit<RouteOptions<I, z.ZodType>, "output">,
): Route<I> & { kind: "download" } {
  return { audit: "export", ...options, output: z.unknown(), kind: "download", method: "GET" };
}

/** Requests the screen makes by itself carry this header; they do not keep an unattended desk signed in. */
export const BACKGROUND_HEADER = "x-background";

/** Ids are strings in JSON: person ids pass 2^53. */
export const id = z.string().regex(/^\d{1,19}$/, "编号格式不正确");
export const plainDate = z.iso.date("日期应写作 2025-04-18");
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "月份应写作 2025-04");
export const fen = z.int();
export const regionCode = z
  .string()
  .regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/, "区域代码应为 2、4、6、9 或 12 位数字");

/** Server-side paging of every list. */
export const paging = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  size: z.coerce.number().int().min(1).max(200).default(50),
};

/** As a workbook, or as plain text for other programs. */
export const exportFormats = ["xlsx", "csv"] as const;
export type ExportFormat = (typeof exportFormats)[number];
/** What an export of persons is for (trust.md): kept in the audit log and written above the list. */
export const exportPurpose = z.string().trim().min(4, "请写明导出用途，至少 4 个字").max(100, "用途最多 100 个字");

export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ rows: z.array(row), total: z.int() });
}

export const problemBody = z.object({
  code: z.string(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type InputOf<R extends Route> = z.output<R["input"]>;
/** What a caller writes: defaults may be left out. */
export type RequestOf<R extends Route> = z.input<R["input"]>;
export type OutputOf<R extends Route> = z.output<R["output"]>;

/** How far background work is: what a route about a task answers. */
export const taskState = z.object({
  taskId: id,
  state: z.enum(["queued", "running", "done", "failed"]),
  /** What it does now, in words. */
  stage: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type TaskState = z.output<typeof taskState>;

/**
 * A life cycle as one table, shared by server and screen: for each state, the acts that may be done and where they lead.
 * The button exists exactly when the server would accept the act.
 */
export interface Flow<S extends string, A extends string> {
  readonly states: Readonly<Record<S, Partial<Record<A, S>>>>;
}

export function defineFlow<S extends string, A extends string>(states: Record<S, Partial<Record<A, S>>>): Flow<S, A> {
  return { states };
}

/** The state after `act`, or null when the act is not possible in `state`. */
export function nextState<S extends string, A extends string>(flow: Flow<S, A>, state: S, act: NoInfer<A>): S | null {
  return flow.states[state][act] ?? null;
}

export function possibleActs<S extends string, A extends string>(flow: Flow<S, A>, state: S): A[] {
  return Object.keys(flow.states[state]) as A[];
}
