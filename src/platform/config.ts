import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isPlainDate } from "./dates/index.ts";

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default("127.0.0.1"),
  WENGANG_DATA: z.string().default(join(projectRoot, "data")),
  WENGANG_KEYS: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  WENGANG_POSTGRES_BIN: z.string().optional(),
  WENGANG_DATE: z.string().refine(isPlainDate, "应为 YYYY-MM-DD").optional(),
  WENGANG_LOG: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).optional(),
  WENGANG_SECURE_COOKIE: z.enum(["0", "1"]).default("0"),
  WENGANG_AUDIT_SIGNATURE: z.enum(["ed25519", "sm2"]).default("ed25519"),
  WENGANG_BACKUPS: z.string().optional(),
  WENGANG_S3_ENDPOINT: z.url().optional(),
  WENGANG_S3_BUCKET: z.string().optional(),
  WENGANG_S3_REGION: z.string().default("us-east-1"),
  WENGANG_S3_KEY_ID: z.string().optional(),
  WENGANG_S3_SECRET: z.string().optional(),
});

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
    s3,
  };
}
