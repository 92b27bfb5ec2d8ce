import { z } from "zod";
import { paging, query } from "../platform/contract.ts";

export const operationsPermissions = { watch: "operations.watch" } as const;

const moment = z.iso.datetime({ offset: true });
const seconds = z.number().nonnegative();

export const instanceRoles = ["server", "worker"] as const;
export type InstanceRole = (typeof instanceRoles)[number];
export const instanceRoleLabels: Record<InstanceRole, string> = { server: "页面服务", worker: "后台进程" };

export const refusalCauses = ["limit", "load"] as const;
export const refusalCauseLabels: Record<(typeof refusalCauses)[number], string> = {
  limit: "操作过于频繁",
  load: "系统繁忙",
};

/** Classes of requests, as limits know them (src/platform/load/route-class.ts). */
export const requestClassLabels: Readonly<Record<string, string>> = {
  "sign-in": "登录",
  page: "打开页面",
  search: "查询列表",
  act: "办理",
  export: "导出下载",
  upload: "上传",
  public: "公开页面",
};

const instance = z.object({
  role: z.enum(instanceRoles),
  version: z.string(),
  host: z.string(),
  processId: z.int(),
  startedAt: moment,
  seenAt: moment,
  state: z.enum(["alive", "stopping", "absent"]),
});
export type Instance = z.output<typeof instance>;
export const instanceStateLabels: Record<Instance["state"], string> = {
  alive: "正常",
  stopping: "正在停止",
  absent: "无响应",
};

const refusals = z.object({ cause: z.enum(refusalCauses), class: z.string(), n: z.int() });

export const getOperations = query({
  path: "/api/operations",
  summary: "查看运行状态",
  access: { permission: operationsPermissions.watch },
  input: z.object({}),
  output: z.object({
    version: z.string(),
    instances: z.array(instance),
    queue: z.object({
      waiting: z.int(),
      running: z.int(),
      givenUp: z.int(),
      /** How long the oldest task that could run has waited. */
      oldestSeconds: seconds,
      failedInDay: z.int(),
    }),
    /** Seconds since; null: never yet. */
    ages: z.object({
      backup: seconds.nullable(),
      seal: seconds.nullable(),
      unsealed: seconds,
      digest: seconds.nullable(),
    }),
    batchesInWork: z.int(),
    database: z.object({
      version: z.string(),
      bytes: z.number(),
      connections: z.int(),
      connectionsLimit: z.int(),
      oldestTransactionSeconds: seconds,
    }),
    slow: z.object({ limitMs: z.int(), inDay: z.int() }),
    /** Of the last 24 hours. */
    refusals: z.array(refusals),
  }),
});

const planNode = z.looseObject({ node: z.string() });

const slowStatement = z.object({
  fingerprint: z.string(),
  name: z.string(),
  /** Without values. */
  text: z.string(),
  count: z.int(),
  totalMs: z.number(),
  longestMs: z.int(),
  mostRows: z.number(),
  /** Kinds of scope it was asked under, and the database roles. */
  scopes: z.array(z.string()),
  lastAt: moment,
  lastTrace: z.string().nullable(),
  /** The planner's newest plan of it: nodes, tables and indexes. */
  plan: planNode.nullable(),
});
export type SlowStatement = z.output<typeof slowStatement>;

export const listSlowStatements = query({
  path: "/api/operations/slow-statements",
  summary: "查看慢语句",
  access: { permission: operationsPermissions.watch },
  input: z.object({ hours: z.coerce.number().int().min(1).max(336).default(24), ...paging }),
  output: z.object({ rows: z.array(slowStatement), total: z.int() }),
});
