import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isPlainDate } from "./dates/index.ts";

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const programVersion = (
  JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string }
).version;

/** Where the program itself calls. Over a network only with TLS; what speaks none is put behind a proxy on this machine. */
const encryptedAddress = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}, "应为 https 地址；只有本机地址可以用 http");

/** A port; "off" for none. */
const portOrOff = z.union([z.literal("off").transform(() => null), z.coerce.number().int().min(0).max(65_535)]);

export const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default("127.0.0.1"),
  WENGANG_DATA: z.string().default(join(projectRoot, "data")),
  WENGANG_KEYS: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  WENGANG_POSTGRES_BIN: z.string().optional(),
  WENGANG_DATE: z.string().refine(isPlainDate, "应为 YYYY-MM-DD").optional(),
  WENGANG_LOG: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).optional(),
  WENGANG_PASSWORD_DAYS: z.coerce.number().int().min(0).max(3650).default(0),
  WENGANG_BREACHED_PASSWORDS: z.string().refine(existsSync, "没有这个文件").optional(),
  WENGANG_SECURE_COOKIE: z.enum(["0", "1"]).default("0"),
  WENGANG_AUDIT_SIGNATURE: z.enum(["ed25519", "sm2"]).default("ed25519"),
  WENGANG_BACKUPS: z.string().optional(),
  WENGANG_TRUSTED_PROXIES: z.string().default("loopback"),
  WENGANG_METRICS_HOST: z.string().default("127.0.0.1"),
  WENGANG_METRICS_PORT: portOrOff.default(9464),
  WENGANG_WORKER_METRICS_PORT: portOrOff.default(9465),
  WENGANG_SLOW_MS: z.coerce.number().int().min(0).max(3_600_000).default(1_000),
  WENGANG_FIGURES_SECONDS: z.coerce.number().int().min(0).max(300).default(10),
  WENGANG_LATE_MS: z.coerce.number().int().min(50).max(3_600_000).default(400),
  WENGANG_DATABASE_CONNECTIONS: z.coerce.number().int().min(6).max(200).default(12),
  WENGANG_STOP_SECONDS: z.coerce.number().int().min(1).max(3_600).default(30),
  WENGANG_STOP_DELAY_SECONDS: z.coerce.number().int().min(0).max(300).default(0),
  WENGANG_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  WENGANG_OIDC_ISSUER: encryptedAddress.optional(),
  WENGANG_OIDC_CLIENT_ID: z.string().optional(),
  WENGANG_OIDC_CLIENT_SECRET: z.string().optional(),
  WENGANG_OIDC_CLIENT_SECRET_FILE: z.string().optional(),
  WENGANG_OIDC_LABEL: z.string().default("统一身份认证"),
  WENGANG_OIDC_LOGIN_CLAIM: z.string().default("preferred_username"),
  WENGANG_OIDC_SCOPE: z.string().default("openid profile"),
  WENGANG_SMS_URL: encryptedAddress.optional(),
  WENGANG_SMS_TOKEN_FILE: z.string().optional(),
  WENGANG_WECHAT_URL: encryptedAddress.optional(),
  WENGANG_WECHAT_TOKEN_FILE: z.string().optional(),
  WENGANG_S3_ENDPOINT: encryptedAddress.optional(),
  WENGANG_S3_BUCKET: z.string().optional(),
  WENGANG_S3_REGION: z.string().default("us-east-1"),
  WENGANG_S3_KEY_ID: z.string().optional(),
  WENGANG_S3_SECRET: z.string().optional(),
});

/** Where messages go, and the bearer token that is shown there. */
interface Relay {
  readonly url: string;
  readonly token: string;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Everything the installation writes: the embedded database, uploaded files, the built pages. */
  readonly dataFolder: string;
  /** Keys lie beside the data folder, never inside it, so that a copy of the data alone opens nothing (trust.md). */
  readonly keyFolder: string;
  /** Where scheduled backups go; beside the data by default, better another disk. */
  readonly backupFolder: string;
  /** How the daily digests of the audit log are signed. */
  readonly auditSignature: "ed25519" | "sm2";
  readonly databaseUrl: string | undefined;
  readonly postgresBinaries: string | undefined;
  /** The business date when it is not today: demo and replay. */
  readonly businessDate: string | undefined;
  readonly logLevel: string;
  readonly secureCookie: boolean;
  /** Whose word on the asker's address is believed (X-Forwarded-For): addresses, networks, or `loopback`. */
  readonly trustedProxies: readonly string[];
  /** Where metrics are read: an address of their own, never that of the pages; null: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number | null; readonly workerPort: number | null };
  /** Statements that take longer are noted, without their values; 0: none. */
  readonly slowMs: number;
  /** How old figures over an area may be (load/recent-figures.ts); 0: always counted anew. */
  readonly figuresMs: number;
  /** Lateness of the event loop from which what is heavy gives way. */
  readonly lateMs: number;
  /** Connections for requests; the worker and the auditor have theirs besides. */
  readonly databaseConnections: number;
  readonly stop: {
    /** How long requests and tasks that run may go on after the order to stop. */
    readonly limitMs: number;
    /** How long it goes on taking requests after it has said that it is not ready: until the proxy has looked. */
    readonly delayMs: number;
  };
  readonly passwords: {
    /** Days after which an officer must choose a new one; 0: never. */
    readonly days: number;
    /** The operator's list of leaked ones (identity/sessions/breached-passwords.ts). */
    readonly breachedFile: string | undefined;
  };
  /** Single sign-on of officers by OpenID Connect; undefined: passwords only. */
  readonly oidc:
    | {
        readonly issuer: string;
        readonly clientId: string;
        readonly secret: string;
        readonly label: string;
        /** The claim that names an officer's login here. */
        readonly loginClaim: string;
        readonly scope: string;
        /** This installation's address as browsers know it. */
        readonly publicUrl: string;
      }
    | undefined;
  /** Where text messages are handed over; undefined: they stay in the outbox. */
  readonly sms: Relay | undefined;
  /** Where messages of the office's 公众号 are handed over. */
  readonly wechat: Relay | undefined;
  /** This installation's address as browsers know it, for links in messages. */
  readonly publicUrl: string | undefined;
  readonly s3: { endpoint: string; bucket: string; region: string; keyId: string; secret: string } | undefined;
}

/**
 * Reads the configuration from the environment; throws one Chinese sentence that names each faulty variable. Somebody at a
 * terminal reads sentences, and of the log only what went wrong; a service's output is collected whole.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, terminal = process.stdout.isTTY): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}：${issue.message}`);
    throw new Error(`环境变量有误，无法启动。请更正：${faults.join("；")}`);
  }
  const e = parsed.data;
  const dataFolder = resolve(e.WENGANG_DATA);
  const s3 =
    e.WENGANG_S3_ENDPOINT && e.WENGANG_S3_BUCKET && e.WENGANG_S3_KEY_ID && e.WENGANG_S3_SECRET
      ? {
          endpoint: e.WENGANG_S3_ENDPOINT,
          bucket: e.WENGANG_S3_BUCKET,
          region: e.WENGANG_S3_REGION,
          keyId: e.WENGANG_S3_KEY_ID,
          secret: e.WENGANG_S3_SECRET,
        }
      : undefined;
  return {
    oidc: oidcOf(e),
    sms: relayOf(e.WENGANG_SMS_URL, e.WENGANG_SMS_TOKEN_FILE),
    wechat: relayOf(e.WENGANG_WECHAT_URL, e.WENGANG_WECHAT_TOKEN_FILE),
    publicUrl: e.WENGANG_PUBLIC_URL,
    port: e.PORT,
    host: e.HOST,
    dataFolder,
    keyFolder: e.WENGANG_KEYS ? resolve(e.WENGANG_KEYS) : `${dataFolder}.keys`,
    backupFolder: e.WENGANG_BACKUPS ? resolve(e.WENGANG_BACKUPS) : `${dataFolder}.backups`,
    auditSignature: e.WENGANG_AUDIT_SIGNATURE,
    databaseUrl: e.DATABASE_URL,
    postgresBinaries: e.WENGANG_POSTGRES_BIN,
    businessDate: e.WENGANG_DATE,
    logLevel: e.WENGANG_LOG ?? (terminal ? "warn" : "info"),
    secureCookie: e.WENGANG_SECURE_COOKIE === "1",
    trustedProxies: e.WENGANG_TRUSTED_PROXIES.split(",").map((one) => one.trim()),
    metrics: {
      host: e.WENGANG_METRICS_HOST,
      port: e.WENGANG_METRICS_PORT,
      workerPort: e.WENGANG_WORKER_METRICS_PORT,
    },
    slowMs: e.WENGANG_SLOW_MS,
    figuresMs: e.WENGANG_FIGURES_SECONDS * 1_000,
    lateMs: e.WENGANG_LATE_MS,
    databaseConnections: e.WENGANG_DATABASE_CONNECTIONS,
    stop: { limitMs: e.WENGANG_STOP_SECONDS * 1_000, delayMs: e.WENGANG_STOP_DELAY_SECONDS * 1_000 },
    passwords: { days: e.WENGANG_PASSWORD_DAYS, breachedFile: e.WENGANG_BREACHED_PASSWORDS },
    s3,
  };
}

const relayOf = (url: string | undefined, tokenFile: string | undefined): Relay | undefined =>
  url ? { url, token: tokenFile ? secretIn(tokenFile) : "" } : undefined;

/** All of it or nothing: a half-configured sign-on would fail before the officer's eyes. */
function oidcOf(e: z.output<typeof environment>): Config["oidc"] {
  if (!e.WENGANG_OIDC_ISSUER) return undefined;
  const secret = e.WENGANG_OIDC_CLIENT_SECRET_FILE
    ? secretIn(e.WENGANG_OIDC_CLIENT_SECRET_FILE)
    : e.WENGANG_OIDC_CLIENT_SECRET;
  if (!e.WENGANG_OIDC_CLIENT_ID || !secret || !e.WENGANG_PUBLIC_URL) {
    throw new Error(
      "统一身份认证配置不全，无法启动：设了 WENGANG_OIDC_ISSUER，就须同时设 WENGANG_OIDC_CLIENT_ID、WENGANG_OIDC_CLIENT_SECRET_FILE（或 WENGANG_OIDC_CLIENT_SECRET）和 WENGANG_PUBLIC_URL。",
    );
  }
  return {
    issuer: e.WENGANG_OIDC_ISSUER,
    clientId: e.WENGANG_OIDC_CLIENT_ID,
    secret,
    label: e.WENGANG_OIDC_LABEL,
    loginClaim: e.WENGANG_OIDC_LOGIN_CLAIM,
    scope: e.WENGANG_OIDC_SCOPE,
    publicUrl: e.WENGANG_PUBLIC_URL,
  };
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new Error(`读不到密钥文件 ${file}，无法启动。请检查路径和权限。`);
  }
}
