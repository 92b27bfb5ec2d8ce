import type { z } from "zod";
import { BACKGROUND_HEADER, problemBody, type OutputOf, type RequestOf, type Route } from "../platform/contract.ts";

/** What the server refused, as an exception for the screen: `problem.message` is a sentence an officer can act on. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: z.output<typeof problemBody>;
  constructor(status: number, problem: z.output<typeof problemBody>) {
    super(problem.message);
    this.name = "ProblemError";
    this.status = status;
    this.problem = problem;
  }
}

const connection: { csrf: string | null; signedOut: () => void } = { csrf: null, signedOut: () => {} };

/** The session's token, sent with every change; null when nobody is signed in. */
export function setCsrfToken(csrf: string | null): void {
  connection.csrf = csrf;
}

/** Called when the server answers that the session has ended. */
export function onSignedOut(handler: () => void): void {
  connection.signedOut = handler;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The screen asks by itself: nobody need sit before it, and the session's idle time runs on. */
  readonly background?: boolean;
}

/** Asks one route of the contract. Throws `ProblemError` for every refusal, also when there is no network. */
export async function call<R extends Route>(
  route: R,
  input: RequestOf<R>,
  options: CallOptions = {},
): Promise<OutputOf<R>> {
  const { url, rest } = addressOf(route, input);
  const reading = route.method === "GET";
  const response = await reach(url, {
    method: route.method,
    headers: {
      accept: "application/json",
      ...(options.background ? { [BACKGROUND_HEADER]: "1" } : {}),
      ...(reading ? {} : changeHeaders({ "content-type": "application/json" })),
    },
    ...(reading ? {} : { body: JSON.stringify(rest) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return (await response.json()) as OutputOf<R>;
}

/** Sends a file with its fields and tells how far it is (0…1). `fetch` cannot report that, hence the older interface. */
export function upload<R extends Route & { kind: "upload" }>(
  route: R,
  input: RequestOf<R>,
  file: File,
  options: { onProgress?: (part: number) => void; signal?: AbortSignal } = {},
): Promise<OutputOf<R>> {
  const { url, rest } = addressOf(route, input);
  const form = new FormData();
  // Fields precede the file: the server reads the form as a stream.
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== null) form.append(name, textOf(value));
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(changeHeaders({ accept: "application/json" })))
      request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as OutputOf<R>);
      else reject(refused(request.status, parseJson(request.responseText)));
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () =>
      reject(new ProblemError(0, { code: "screen.cancelled", message: "上传已取消，文件没有保存。" })),
    );
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** Fetches a file and hands it to the browser under the name the server gives. A refusal becomes a `ProblemError`, not a broken file. */
export async function download<R extends Route & { kind: "download" }>(route: R, input: RequestOf<R>): Promise<void> {
  const { url } = addressOf(route, input);
  const response = await reach(url, { method: "GET" });
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ? decodeURIComponent(name) : route.summary;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The route's address with its `:name` parts filled in; for GET, what is left becomes the query string. */
export function addressOf(route: Route, input: unknown): { url: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...(input as Record<string, unknown> | undefined) };
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(textOf(value));
  });
  if (route.method !== "GET") return { url: path, rest };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, textOf(one));
  }
  const text = query.toString();
  return { url: text ? `${path}?${text}` : path, rest: {} };
}

/** Forms and addresses carry text; what is more than that goes as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function changeHeaders(headers: Record<string, string>): Record<string, string> {
  return connection.csrf ? { ...headers, "x-csrf-token": connection.csrf } : headers;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { credentials: "same-origin", ...init }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw unreachable();
  });
  if (response.ok) return response;
  throw refused(response.status, await response.json().catch(() => null));
}

function refused(status: number, body: unknown): ProblemError {
  if (status === 401) connection.signedOut();
  const parsed = problemBody.safeParse(body);
  if (parsed.success) return new ProblemError(status, parsed.data);
  return new ProblemError(status, {
    code: "screen.unreadable-answer",
    message: "服务器的回答无法识别，本次操作可能没有生效。请刷新页面核对后再操作。",
  });
}

function unreachable(): ProblemError {
  return new ProblemError(0, {
    code: "screen.unreachable",
    message: "连不上服务器，本次操作没有提交。请检查网络后重试。",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
