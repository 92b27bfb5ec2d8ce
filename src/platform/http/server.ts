import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import staticFiles from "@fastify/static";
import underPressure from "@fastify/under-pressure";
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
import { addApiViewer } from "./openapi.ts";
import { mountPublicPages } from "./public-pages.ts";
import { problemAnswer, runAct, type Act } from "./run-action.ts";

const UPLOAD_LIMIT_BYTES = 2 * 1024 ** 3;
/** A photograph of a document; accounts are anybody's. */
const ACCOUNT_UPLOAD_LIMIT_BYTES = 10 * 1024 ** 2;
const JSON_LIMIT_BYTES = 8 * 1024 ** 2;

export interface ServerOptions {
  readonly services: Services;
  readonly modules: readonly DomainModule[];
  readonly gate: Gate;
  /** Folder of the built pages; absent in tests that only speak to the API. */
  readonly webFolder?: string;
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { services, modules, gate } = options;
  const server = Fastify({
    loggerInstance: services.log as FastifyBaseLogger,
    bodyLimit: JSON_LIMIT_BYTES,
    trustProxy: "loopback",
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // The component library writes its style sheets at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: services.config.secureCookie,
  });
  await server.register(cookie);
  await server.register(multipart, { limits: { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 20 } });
  await server.register(rateLimit, {
    global: true,
    max: 1200,
    timeWindow: "1 minute",
    errorResponseBuilder: (_request, context) =>
      Object.assign(new Error("rate"), { refusal: platformProblems.tooMany(Math.ceil(context.ttl / 1000)) }),
  });
  await server.register(underPressure, {
    maxEventLoopDelay: 4000,
    pressureHandler: (_request, reply) => void sendProblem(reply, platformProblems.busy()),
  });
  server.setErrorHandler((cause, request, reply) => answerError(services, cause, request, reply));

  server.get("/api/health", async (_request, reply) => {
    try {
      const { rows } = await services.database.pools.app.query<{ filling: boolean }>(
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
  for (const handler of handlers) mount(server, services, gate, handler);
  mountPublicPages(
    server,
    services,
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

function mount(server: FastifyInstance, services: Services, gate: Gate, handler: Handler): void {
  const { route } = handler;
  server.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const caller = await gate.identify(services, request);
      if (route.method !== "GET") requireSameSite(request, caller);
      const file = route.kind === "upload" ? await receiveFile(services, request, caller) : undefined;
      const act: Act = {
        handler,
        caller,
        input: inputOf(request, file),
        ...(file ? { file } : {}),
        request: { ip: request.ip, userAgent: request.headers["user-agent"] ?? "", cookies: request.cookies },
        setCookie: cookieSetter(services, reply),
      };
      const result = await runAct(services, gate, act).catch(async (cause: unknown) => {
        if (file) await services.files.remove(file.key);
        throw cause;
      });
      if (route.kind === "download") return sendDownload(reply, result as DownloadBody);
      return reply.header("cache-control", "no-store").send(route.output.parse(result));
    },
  });
}

/**
 * A signed-in change must carry the session's token in a header, which no other site can read (CSRF). Before signing in there is no
 * token; there the browser's own word counts, lest another site sign somebody in to an account of its choice.
 */
function requireSameSite(request: FastifyRequest, caller: Caller): void {
  if (request.headers["sec-fetch-site"] === "cross-site") throw new Refusal(platformProblems.forged());
  if (!caller.session) return;
  const sent = Buffer.from(String(request.headers["x-csrf-token"] ?? ""));
  const expected = Buffer.from(caller.session.csrf);
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw new Refusal(platformProblems.forged());
}

function inputOf(request: FastifyRequest, file: UploadedFile | undefined): unknown {
  const body = request.method === "GET" || file ? {} : ((request.body as Record<string, unknown> | null) ?? {});
  return { ...(request.query as object), ...body, ...file?.fields, ...(request.params as object) };
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
    if (value === null) void reply.clearCookie(name, base);
    else
      void reply.setCookie(name, value, {
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
  return reply.status(problem.status).header("cache-control", "no-store").send(problemAnswer(problem));
}

function answerError(services: Services, cause: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (cause instanceof Refusal) return sendProblem(reply, cause.problem);
  const error = cause as { statusCode?: number; code?: string; refusal?: Problem };
  if (error.refusal) return sendProblem(reply, error.refusal);
  if (error.statusCode === 413) return sendProblem(reply, platformProblems.tooLarge("8 MB"));
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return sendProblem(reply, platformProblems.invalidInput("请求的格式有误，请刷新页面后重试。", []));
  }
  services.log.error({ err: cause, url: request.url.split("?")[0] }, "request failed");
  return reply.status(500).send({
    code: "platform.fault",
    message: "系统内部出错，本次操作没有生效。请稍后重试；若仍失败，请联系系统管理员并告知时间。",
  });
}
