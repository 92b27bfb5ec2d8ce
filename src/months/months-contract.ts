import { z } from "zod";
import { action, id, month, plainDate, query, regionCode } from "../platform/contract.ts";
import { urgencies } from "../platform/dates/index.ts";
import { monthActs, monthStates } from "./flow-contract.ts";
import { indicators } from "./figures-contract.ts";

export const monthsPermissions = {
  read: "months.read",
  /** Closes the month of the officer's own region. */
  close: "months.close",
  /** Acknowledges, returns and reopens months of the regions right below. */
  acknowledge: "months.acknowledge",
  /** Is told when something stays late. */
  oversee: "months.oversee",
} as const;
const access = (permission: string) => ({ permission });

const place = z.object({ code: regionCode, name: z.string() });
const figure = z.object({
  indicator: z.enum(indicators),
  total: z.int(),
  /** Against the month before, both as known at the closing. */
  entered: z.int(),
  gone: z.int(),
});

const closingSummary = z.object({
  closingId: id,
  closedOn: plainDate,
  closedAt: z.string(),
  closedBy: z.string(),
  organisation: z.string(),
  note: z.string(),
  missing: z.array(place),
  /** Days after the due day; 0: in time. */
  lateDays: z.int(),
  /** The one that stands; earlier ones were opened again. */
  current: z.boolean(),
});
export type ClosingSummary = z.output<typeof closingSummary>;

export const regionMonth = z.object({
  region: place,
  state: z.enum(monthStates),
  dueOn: plainDate,
  tone: z.enum(urgencies),
  /** "还剩 3 天", "逾期 2 天", "按时", "迟报 2 天". */
  words: z.string(),
  reason: z.string(),
  closing: closingSummary.nullable(),
  /** Null until it is closed and counted. */
  figures: z.array(figure).nullable(),
  /** What the officer who asks may do with it. */
  acts: z.array(z.enum(monthActs)),
});
export type RegionMonth = z.output<typeof regionMonth>;

const calendarRow = z.object({
  key: z.string(),
  what: z.string(),
  from: z.string(),
  to: z.string(),
  period: z.string(),
  dueOn: plainDate,
  source: z.string(),
  quote: z.string(),
  dayIsOurs: z.boolean(),
  /** Regions of the asker's area that owe it, and how they stand. */
  owed: z.array(
    z.object({
      region: place,
      doneOn: plainDate.nullable(),
      tone: z.enum(urgencies),
      words: z.string(),
      reminded: z.array(z.object({ step: z.string(), words: z.string(), on: plainDate })),
    }),
  ),
});
export type CalendarRow = z.output<typeof calendarRow>;

/** 月度: the own month, those right below at a glance. */
export const getMonths = query({
  path: "/api/months",
  summary: "查看月度关账",
  access: access(monthsPermissions.read),
  input: z.object({ month: month.optional() }),
  output: z.object({
    month,
    own: regionMonth.nullable(),
    below: z.array(regionMonth),
    /** The last twelve months of the own region, the newest first. */
    recent: z.array(z.object({ month, state: z.enum(monthStates) })),
  }),
});

/** Who owes what by when: duties of the month, with every region that owes them. */
export const getCalendar = query({
  path: "/api/months/calendar",
  summary: "查看移交日历",
  access: access(monthsPermissions.read),
  input: z.object({ month: month.optional() }),
  output: z.object({ month, duties: z.array(calendarRow) }),
});

const openWork = z.object({
  /** Batches of the month that are neither applied nor put away. */
  batches: z.array(z.object({ batchId: id, title: z.string(), state: z.string(), region: place })),
  /** Tables that are owed each month and have not been applied. */
  absent: z.array(z.string()),
  waitingRows: z.int(),
  comparisons: z.int(),
  overdue: z.int(),
  toVerify: z.int(),
  /** Regions below that have not closed, or whose month is not acknowledged. */
  below: z.array(place.extend({ state: z.enum(monthStates) })),
});
export type OpenWork = z.output<typeof openWork>;

const step = z.object({
  act: z.enum(monthActs),
  reason: z.string(),
  officer: z.string(),
  organisation: z.string(),
  on: plainDate,
  at: z.string(),
});

const oneMonth = z.object({ region: regionCode, month });

export const getRegionMonth = query({
  path: "/api/months/:region/:month",
  summary: "查看一地一月",
  access: access(monthsPermissions.read),
  input: oneMonth,
  output: z.object({
    month: regionMonth,
    /** What is still open; null once it is closed. */
    open: openWork.nullable(),
    steps: z.array(step),
    closings: z.array(closingSummary),
  }),
});

const reason = z.string().trim().min(2, "请写明原因，至少两个字").max(200, "原因最多 200 个字");

export const submitMonth = action({
  path: "/api/months/:region/:month/submit",
  summary: "关账上报",
  access: access(monthsPermissions.close),
  input: oneMonth.extend({
    /** Every region below that has not closed must be named. */
    missing: z.array(regionCode).max(200).default([]),
    note: z.string().trim().max(200, "说明最多 200 个字").default(""),
  }),
  output: z.object({ closingId: id, state: z.enum(monthStates) }),
});

export const acknowledgeMonths = action({
  path: "/api/months/acknowledge",
  summary: "签收月度上报",
  access: access(monthsPermissions.acknowledge),
  input: z.object({ month, regions: z.array(regionCode).min(1, "请选择要签收的地区").max(200) }),
  output: z.object({ acknowledged: z.int() }),
});

export const returnMonth = action({
  path: "/api/months/:region/:month/return",
  summary: "退回月度上报",
  access: access(monthsPermissions.acknowledge),
  input: oneMonth.extend({ reason }),
  output: z.object({ state: z.enum(monthStates) }),
});

export const reopenMonth = action({
  path: "/api/months/:region/:month/reopen",
  summary: "重开已签收的月份",
  // The province, above which nobody stands, reopens its own.
  access: access(monthsPermissions.acknowledge),
  input: oneMonth.extend({ reason }),
  output: z.object({ state: z.enum(monthStates) }),
});

/** What the officer's office was told to see to, the newest first. */
export const listReminders = query({
  path: "/api/months/reminders",
  summary: "查看提醒",
  access: access(monthsPermissions.read),
  input: z.object({}),
  output: z.array(
    z.object({
      id,
      owing: place,
      duty: z.string(),
      month,
      step: z.string(),
      words: z.string(),
      dueOn: plainDate,
      sentOn: plainDate,
      /** Whether it is still owed. */
      open: z.boolean(),
    }),
  ),
});
