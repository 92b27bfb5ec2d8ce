import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import staticFiles from "@fastify/static";
import { SpanKind } from "@opentelemetry/api";
import { randomUUID, timingSafeEqual } from "node:crypto";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { existsSync } from "node:fs";
import type {
  ActionContext,
  Caller,
  DomainModule,
  DownloadBody,
  Gate,
  Handler,
  Services,
  UploadedFile,
} from "../module.ts";
import { platformProblems, Refusal, type Problem } from "../problem.ts";
import { classRules, routeClassOf } from "../load/route-class.ts";
import { contextOf, traceIds } from "../telemetry/index.ts";
import { mountHealth } from "./health.ts";
import { measureRequests } from "./measure-requests.ts";
import { cookieName } from "./cookies.ts";
import { securityHeaders } from "./headers.ts";
import { addApiViewer } from "./openapi.ts";
import { mountPublicPages } from "./public-pages.ts";
import { problemAnswer, runAct, type Act } from "./run-action.ts";
import { Turnstile } from "./turnstile.ts";

const UPLOAD_LIMIT_BYTES = 2 * 1024 ** 3;
/** A photograph of a document; accounts are anybody's. */
const ACCOUNT_UPLOAD_LIMIT_BYTES = 10 * 1024 ** 2;
const JSON_LIMIT_BYTES = 8 * 1024 ** 2;
const STATEMENT_TIMEOUT = "57014";
const POOL_RETRY_SECONDS = 10;

export interface ServerOptions {
  readonly services: Services;
  readonly modules: readonly DomainModule[];
  readonly gate: Gate;
  /** Folder of the built pages; absent in tests that only speak to the API. */
  readonly webFolder?: string;
  /** True once the process has been told to stop: it is no longer ready, and still answers. */
  readonly isStopping?: () => boolean;
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { services, modules, gate } = options;
  const server = Fastify({
    loggerInstance: services.log as FastifyBaseLogger,
    bodyLimit: JSON_LIMIT_BYTES,
    trustProxy: [...services.config.trustedProxies],
    logController: new LogController({ disableRequestLogging: true }),
    // What is being answered is answered to its end; the door gives it a limit (server.ts).
    forceCloseConnections: "idle",
    return503OnClosing: false,
  });
  await server.register(helmet, securityHeaders(services.config.secureCookie));
  await server.register(cookie);
  // A form of another site may send text/plain without asking first; JSON it may not.
  server.removeContentTypeParser("text/plain");
  await server.register(multipart, { limits: { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 20 } });
  const turnstile = new Turnstile(services);
  server.addHook("onClose", async () => turnstile.stop());
  measureRequests(server, services.telemetry);
  server.setErrorHandler((cause, request, reply) => answerError(services, cause, request, reply));

  mountHealth(server, services, modules, options.isStopping ?? (() => false));
  server.addHook("onSend", async (request, reply) => {
    // What no route says otherwise of is kept nowhere on the way.
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  server.get("/api/health", async (_request, reply) => {
    try {
      const { rows } = await services.database.pools.worker.query<{ filling: boolean }>(
        "SELECT demo AND seeded_at IS NULL AS filling FROM platform.installation",
      );
      // A demonstration whose data are still being filled in.
      const filling = rows[0]!.filling;
      return { status: "正常", businessDate: services.businessDate(), demo: services.demo, filling };
    } catch {
      return reply.status(503).send({ status: "数据库无法连接" });
    }
  });
  const handlers = modules.flatMap((module) => module.handlers ?? []);
  await addApiViewer(
    server,
    handlers.map((handler) => handler.route),
  );
  for (const handler of handlers) mount(server, services, gate, turnstile, handler);
  mountPublicPages(
    server,
    services,
    turnstile,
    modules.flatMap((module) => module.publicPages ?? []),
    options.webFolder,
  );
  if (options.webFolder && existsSync(options.webFolder)) await servePages(server, options.webFolder);
  server.setNotFoundHandler((request, reply) => {
    if (request.method === "GET" && !request.url.startsWith("/api/") && options.webFolder)
      return reply.header("cache-control", "no-cache").sendFile("index.html");
    return sendProblem(reply, platformProblems.notFound("该地址"));
  });
  return server;
}

async function servePages(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(staticFiles, {
    root: folder,
    wildcard: false,
    preCompressed: true,
    // Built files carry their digest in the name; the page that names them must be asked for each time.
    setHeaders: (response, path) =>
      response.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache"),
  });
}

function mount(server: FastifyInstance, services: Services, gate: Gate, turnstile: Turnstile, handler: Handler): void {
  const { route } = handler;
  const routeClass = routeClassOf(route);
  const timeoutMs = classRules[routeClass].statementMs;
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    turnstile.before(routeClass, request);
    const caller = await gate.identify(services, request);
    await turnstile.count(routeClass, request, caller);
    if (route.method !== "GET") requireSameSite(request, caller);
    const file =
      route.kind === "upload" ? await turnstile.load.receive(() => receiveFile(services, request, caller)) : undefined;
    const act: Act = {
      handler,
      caller,
      input: inputOf(request, file),
      ...(file ? { file } : {}),
      request: { ip: request.ip, userAgent: request.headers["user-agent"] ?? "", cookies: request.cookies },
      setCookie: cookieSetter(services, reply),
      timeoutMs,
    };
    const result = await turnstile.load
      .run(routeClass, () => runAct(services, gate, act))
      .catch(async (cause: unknown) => {
        if (file) await services.files.remove(file.key);
        throw cause;
      });
    if (route.kind === "download") return sendDownload(reply, result as DownloadBody);
    return reply.header("cache-control", "no-store").send(route.output.parse(result));
  };
  const name = `${route.method} ${route.path}`;
  const attributes = { "http.request.method": route.method, "http.route": route.path };
  server.route({
    method: route.method,
    url: route.path,
    handler: (request, reply) =>
      services.telemetry.span(
        name,
        { kind: SpanKind.SERVER, attributes, parent: contextOf(request.headers["traceparent"]) },
        async (span) => {
          // Here and not in the server's error handler, which knows no trace any more.
          await answer(request, reply).catch((cause: unknown) => answerError(services, cause, request, reply));
          span.setAttribute("http.response.status_code", reply.statusCode);
          return reply;
        },
      ),
  });
}

/**
 * A signed-in change must carry the session's token in a header, which no other site can read (CSRF). Before signing in there is no
 * token; there the browser's own word counts, lest another site, or another host of this one, sign somebody in to an account of its choice.
 */
function requireSameSite(request: FastifyRequest, caller: Caller): void {
  if (!["same-origin", "none", undefined].includes(request.headers["sec-fetch-site"] as string | undefined))
    throw new Refusal(platformProblems.forged());
  if (!caller.session) return;
  const sent = Buffer.from(String(request.headers["x-csrf-token"] ?? ""));
  const expected = Buffer.from(caller.session.csrf);
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw new Refusal(platformProblems.forged());
}

function inputOf(request: FastifyRequest, file: UploadedFile | undefined): unknown {
  // A change is read from its body alone: addresses stand in logs and histories, and one source cannot contradict another.
  const sent =
    request.method === "GET" ? (request.query as object) : file ? file.fields : ((request.body as object | null) ?? {});
  return { ...sent, ...(request.params as object) };
}

async function receiveFile(services: Services, request: FastifyRequest, caller: Caller): Promise<UploadedFile> {
  if (caller.officerId === null && !caller.sight.self) throw new Refusal(platformProblems.notSignedIn());
  const limit = caller.sight.self ? ACCOUNT_UPLOAD_LIMIT_BYTES : UPLOAD_LIMIT_BYTES;
  const part = await request.file({ limits: { fileSize: limit } });
  if (!part) throw new Refusal(platformProblems.invalidInput("没有收到文件，请重新选择文件后上传。", ["file"]));
  const key = `upload/${randomUUID()}`;
  const stored = await services.files.put(key, part.file, limit);
  if (part.file.truncated) {
    await services.files.remove(key);
    throw new Refusal(platformProblems.tooLarge(caller.sight.self ? "10 MB" : "2 GB"));
  }
  // Fields must precede the file in the form; browsers keep the order in which they are appended.
  const fields = Object.fromEntries(
    Object.entries(part.fields).flatMap(([name, value]) =>
      value && "value" in value ? [[name, String(value.value)]] : [],
    ),
  );
  return { fileId: "", key, name: part.filename.slice(0, 200), ...stored, fields };
}

function cookieSetter(services: Services, reply: FastifyReply): ActionContext["setCookie"] {
  return (name, value, options) => {
    const base = {
      path: "/",
      sameSite: "lax" as const,
      httpOnly: options?.httpOnly ?? true,
      secure: services.config.secureCookie,
    };
    const called = cookieName(services.config, name);
    if (value === null) void reply.clearCookie(called, base);
    else
      void reply.setCookie(called, value, {
        ...base,
        ...(options?.maxAgeSeconds ? { maxAge: options.maxAgeSeconds } : {}),
      });
  };
}

function sendDownload(reply: FastifyReply, download: DownloadBody) {
  return reply
    .header("content-type", download.mediaType)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(download.fileName)}`)
    .header("cache-control", "no-store")
    .send(download.body);
}

function sendProblem(reply: FastifyReply, problem: Problem) {
  if (problem.retryAfter !== undefined) void reply.header("retry-after", String(problem.retryAfter));
  return reply.status(problem.status).header("cache-control", "no-store").send(problemAnswer(problem));
}

function answerError(services: Services, cause: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (cause instanceof Refusal) {
    if (cause.problem.status === 403)
      services.log.warn(
        { problem: cause.problem.code, act: `${request.method} ${request.url.split("?")[0]}`, ip: request.ip },
        "refused",
      );
    return sendProblem(reply, cause.problem);
  }
  const error = cause as { statusCode?: number; code?: string; message?: string };
  if (error.code === STATEMENT_TIMEOUT) return sendProblem(reply, platformProblems.tooSlow());
  // The pool gave no connection in time.
  if (error.message?.includes("timeout exceeded when trying to connect"))
    return sendProblem(reply, platformProblems.busy(POOL_RETRY_SECONDS));
  if (error.statusCode === 413) return sendProblem(reply, platformProblems.tooLarge("8 MB"));
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return sendProblem(reply, platformProblems.invalidInput("请求的格式有误，请刷新页面后重试。", []));
  }
  services.log.error({ err: cause, url: request.url.split("?")[0] }, "request failed");
  const { trace_id: traceId } = traceIds();
  if (traceId) void reply.header("x-trace-id", traceId);
  return reply.status(500).send({
    code: "platform.fault",
    message: "系统内部出错，本次操作没有生效。请稍后重试；若仍失败，请联系系统管理员并告知时间。",
  });
}
