import { z } from "zod";
import { plainDate, query } from "../platform/contract.ts";
import { urgencies } from "../platform/dates/index.ts";

export const workbenchPermissions = {
  read: "workbench.read",
  verify: "workbench.verify",
  chase: "workbench.chase",
} as const;

export const duty = z.object({
  key: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Null: the texts set no day. */
  due: plainDate.nullable(),
  /** "逾期 2 天", "今日", "还剩 3 天"; without a day, how long it has waited. */
  words: z.string(),
  tone: z.enum(urgencies),
  /** Where the duty comes from, and its words; null for work that no text dates. */
  basis: z.object({ source: z.string(), quote: z.string() }).nullable(),
  /** "第 4 / 6 步", "0 / 1 份"; `part` for the bar, 0…1. */
  progress: z.object({ words: z.string(), part: z.number() }),
  next: z.object({ label: z.string(), path: z.string() }),
});
export type Duty = z.output<typeof duty>;

export const queueFigure = z.object({
  key: z.string(),
  label: z.string(),
  value: z.int(),
  unit: z.string(),
  note: z.string(),
  tone: z.enum(urgencies),
  path: z.string(),
});
export type QueueFigure = z.output<typeof queueFigure>;

/** The home page of an officer: what is due, what waits, how current the data are. */
export const getToday = query({
  path: "/api/workbench/today",
  summary: "查看工作台",
  access: { permission: workbenchPermissions.read },
  input: z.object({}),
  output: z.object({
    /** The month whose ledger is being handled. */
    month: z.string(),
    duties: z.array(duty),
    queues: z.array(queueFigure),
    /** When a ledger was last applied here, and what it was; null before the first. */
    lastApplied: z.object({ at: z.string(), what: z.string() }).nullable(),
  }),
});
export type Today = z.output<typeof getToday.output>;
