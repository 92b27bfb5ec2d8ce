import { z } from "zod";
import { checkExplanation } from "#policy/contract";
import {
  action,
  defineFlow,
  download,
  exportPurpose,
  id,
  pageOf,
  paging,
  plainDate,
  possibleActs,
  query,
  regionCode,
  taskState,
  upload,
} from "../platform/contract.ts";
import { oversightPermissions } from "./permissions.ts";

export { oversightPermissions } from "./permissions.ts";

export const findingStates = ["found", "assigned", "heard", "decided", "closed"] as const;
export type FindingState = (typeof findingStates)[number];
export const findingStateLabels: Record<FindingState, string> = {
  found: "待分派",
  assigned: "核查中",
  heard: "已听取意见",
  decided: "已认定",
  closed: "已办结",
};
/** States in which somebody still has to act. */
export const OPEN_STATES = ["found", "assigned", "heard", "decided"] as const satisfies readonly FindingState[];

export const findingActs = [
  "assign",
  "transfer",
  "note",
  "attach",
  "hear",
  "decide",
  "close",
  "reopen",
  "clear",
  "reappear",
] as const;
export type FindingAct = (typeof findingActs)[number];
export const findingActLabels: Record<FindingAct, string> = {
  assign: "分派",
  transfer: "移送",
  note: "记录情况",
  attach: "上传材料",
  hear: "听取意见",
  decide: "认定",
  close: "办结",
  reopen: "重新核查",
  clear: "自动消除",
  reappear: "再次出现",
};

/** 疑点的生命周期. `clear` and `reappear` are the checks' own, when what they find changes. */
export const findingFlow = defineFlow<FindingState, FindingAct>({
  found: { assign: "assigned", transfer: "found", note: "found", attach: "found", clear: "closed" },
  assigned: {
    assign: "assigned",
    transfer: "found",
    note: "assigned",
    attach: "assigned",
    hear: "heard",
    decide: "decided",
    clear: "closed",
  },
  heard: {
    assign: "heard",
    transfer: "found",
    note: "heard",
    attach: "heard",
    hear: "heard",
    decide: "decided",
    clear: "closed",
  },
  decided: { note: "decided", attach: "decided", close: "closed", reopen: "assigned", reappear: "found" },
  closed: { reopen: "assigned", reappear: "found" },
});

/** Acts that an officer may do now. Nobody is decided on unheard, where the check says who is to be heard. */
export function actsOn(finding: { readonly state: FindingState; readonly hear: readonly string[] }): FindingAct[] {
  return possibleActs(findingFlow, finding.state).filter(
    (act) =>
      act !== "clear" &&
      act !== "reappear" &&
      !(act === "decide" && finding.state === "assigned" && finding.hear.length > 0),
  );
}

export const decisions = ["confirmed", "unfounded", "rectified", "explained"] as const;
export type Decision = (typeof decisions)[number];
export const decisionLabels: Record<Decision, string> = {
  confirmed: "属实",
  unfounded: "不属实",
  rectified: "已整改",
  explained: "有正当理由",
};

export const findingOutcomes = ["VIOLATION", "WARNING", "SUSPECTED"] as const;
export type FindingOutcome = (typeof findingOutcomes)[number];
export const findingOutcomeLabels: Record<FindingOutcome, string> = {
  VIOLATION: "违规",
  WARNING: "提示",
  SUSPECTED: "疑似",
};
export const severities = ["H", "M", "L"] as const;
export type SeverityName = (typeof severities)[number];
export const severityLabels: Record<SeverityName, string> = { H: "严重", M: "一般", L: "数据质量" };

const place = z.object({ code: z.string(), name: z.string(), fullName: z.string() });

const findingRow = z.object({
  findingId: id,
  rulePath: z.string(),
  title: z.string(),
  catalogue: z.array(z.string()),
  severity: z.enum(severities),
  outcome: z.enum(findingOutcomes),
  /** What is wrong, with its values. */
  message: z.string(),
  personId: id.nullable(),
  personName: z.string().nullable(),
  identityMask: z.string().nullable(),
  place,
  rows: z.int(),
  foundOn: plainDate,
  dueOn: plainDate,
  /** Past its last day and not yet decided. */
  overdue: z.boolean(),
  holds: z.boolean(),
  state: z.enum(findingStates),
  decision: z.enum(decisions).nullable(),
  department: z.string(),
  officeName: z.string(),
  officerId: id.nullable(),
  officerName: z.string().nullable(),
});
export type FindingRow = z.output<typeof findingRow>;

const findingFilter = {
  check: z.string().max(120).optional(),
  severity: z.enum(severities).optional(),
  outcome: z.enum(findingOutcomes).optional(),
  region: regionCode.optional(),
  /** `mine`: given to me; `nobody`: to nobody yet. */
  owner: z.enum(["mine", "nobody"]).optional(),
  overdue: z.enum(["true", "false"]).optional(),
};
/** The last is for states in which somebody still has to act, which is what the queue opens with. */
const stateFilter = { state: z.enum([...findingStates, "open"]).default("open") };

export const listFindings = query({
  path: "/api/oversight/findings",
  summary: "查看疑点核查",
  access: { permission: oversightPermissions.read },
  audit: "query",
  input: z.object({ ...paging, ...findingFilter, ...stateFilter }),
  output: pageOf(findingRow),
});

export const countFindings = query({
  path: "/api/oversight/findings/counts",
  summary: "查看疑点数量",
  access: { permission: oversightPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    byState: z.record(z.enum(findingStates), z.int()),
    overdue: z.int(),
    mine: z.int(),
    severe: z.int(),
    checks: z.array(z.object({ rulePath: z.string(), title: z.string(), severity: z.enum(severities), open: z.int() })),
  }),
});

export const exportFindings = download({
  path: "/api/oversight/findings.xlsx",
  summary: "导出疑点清单",
  access: { permission: oversightPermissions.export },
  input: z.object({
    ...findingFilter,
    ...stateFilter,
    purpose: exportPurpose,
  }),
});

const event = z.object({
  eventId: id,
  act: z.enum([...findingActs, "found"]),
  state: z.enum(findingStates),
  officerName: z.string(),
  organisation: z.string(),
  party: z.string().nullable(),
  note: z.string(),
  fileName: z.string().nullable(),
  businessDate: plainDate,
  at: z.iso.datetime({ offset: true }),
});
export type FindingEvent = z.output<typeof event>;

export const findingView = findingRow.extend({
  versionId: id,
  explanation: checkExplanation,
  says: z.string(),
  basis: z.array(
    z.object({
      text: z.string(),
      textTitle: z.string(),
      number: z.string(),
      article: z.string().nullable(),
      quote: z.string().nullable(),
    }),
  ),
  hear: z.array(z.string()),
  blocksPayment: z.boolean(),
  notes: z.array(z.string()),
  firstEventOn: plainDate.nullable(),
  eventOn: plainDate.nullable(),
  seenOn: plainDate,
  organisationName: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedOn: plainDate.nullable(),
  closedOn: plainDate.nullable(),
  acts: z.array(z.enum(findingActs)),
  events: z.array(event),
  lock: z.int(),
});
export type FindingView = z.output<typeof findingView>;

export const getFinding = query({
  path: "/api/oversight/findings/:findingId",
  summary: "查看疑点",
  access: { permission: oversightPermissions.read },
  audit: "query",
  input: z.object({ findingId: id }),
  output: findingView,
});

/** Of one person, in the asker's area. */
export const listPersonFindings = query({
  path: "/api/oversight/persons/:personId/findings",
  summary: "查看个人疑点",
  access: { permission: oversightPermissions.read },
  audit: "query",
  input: z.object({ personId: id }),
  output: z.object({ rows: z.array(findingRow) }),
});

/** Who may be given a finding: officers of the asker's area, and offices of it and above it. */
export const listHandlers = query({
  path: "/api/oversight/handlers",
  summary: "查看可承办的人员和单位",
  access: { permission: oversightPermissions.assign },
  input: z.object({}),
  output: z.object({
    officers: z.array(z.object({ officerId: id, name: z.string(), organisation: z.string() })),
    organisations: z.array(z.object({ organisationId: id, name: z.string(), department: z.string() })),
  }),
});

const note = z.string().trim().max(1000, "最多 1000 个字");
const needed = note.min(2, "请写明情况，至少 2 个字");

export const assignFindings = action({
  path: "/api/oversight/findings/assign",
  summary: "分派疑点",
  access: { permission: oversightPermissions.assign },
  input: z.object({
    findingIds: z.array(id).min(1).max(200, "一次最多分派 200 件"),
    officerId: id,
    note: note.default(""),
  }),
  output: z.object({ done: z.int() }),
});

export const transferFindings = action({
  path: "/api/oversight/findings/transfer",
  summary: "移送疑点",
  access: { permission: oversightPermissions.assign },
  input: z.object({
    findingIds: z.array(id).min(1).max(200, "一次最多移送 200 件"),
    organisationId: id,
    note: needed,
  }),
  output: z.object({ done: z.int() }),
});

const one = { findingId: id, lock: z.int() };

export const noteFinding = action({
  path: "/api/oversight/findings/:findingId/note",
  summary: "记录核查情况",
  access: { permission: oversightPermissions.handle },
  input: z.object({ ...one, note: needed }),
  output: z.object({}),
});

export const hearFinding = action({
  path: "/api/oversight/findings/:findingId/hear",
  summary: "听取意见",
  access: { permission: oversightPermissions.handle },
  input: z.object({ ...one, party: z.string().trim().min(1, "请写明听取了谁的意见").max(60), statement: needed }),
  output: z.object({}),
});

export const attachEvidence = upload({
  path: "/api/oversight/findings/:findingId/files",
  summary: "上传核查材料",
  access: { permission: oversightPermissions.handle },
  input: z.object({ findingId: id }),
  output: z.object({ eventId: id }),
});

export const downloadEvidence = download({
  path: "/api/oversight/files/:eventId",
  summary: "下载核查材料",
  access: { permission: oversightPermissions.read },
  input: z.object({ eventId: id }),
});

export const decideFinding = action({
  path: "/api/oversight/findings/:findingId/decide",
  summary: "认定疑点",
  access: { permission: oversightPermissions.decide },
  input: z.object({ ...one, decision: z.enum(decisions), reason: needed }),
  output: z.object({}),
});

export const closeFinding = action({
  path: "/api/oversight/findings/:findingId/close",
  summary: "办结疑点",
  access: { permission: oversightPermissions.decide },
  input: z.object({ ...one, result: needed }),
  output: z.object({}),
});

export const reopenFinding = action({
  path: "/api/oversight/findings/:findingId/reopen",
  summary: "重新核查",
  access: { permission: oversightPermissions.decide },
  input: z.object({ ...one, reason: needed }),
  output: z.object({}),
});

/** Every item of the catalogue: the checks that stand for it and what they found, or the fact it waits for. */
export const listChecks = query({
  path: "/api/oversight/checks",
  summary: "查看核查规则",
  access: { permission: oversightPermissions.read },
  input: z.object({}),
  output: z.object({
    rows: z.array(
      z.object({
        item: z.string(),
        title: z.string(),
        severity: z.enum(severities),
        waits: z.string().nullable(),
        partly: z.string().nullable(),
        checks: z.array(
          z.object({
            versionId: id,
            rulePath: z.string(),
            title: z.string(),
            open: z.int(),
            closed: z.int(),
            /** Rows that could not be judged for want of a fact or a standard. */
            unknown: z.int(),
            judged: z.int(),
            asOf: plainDate.nullable(),
          }),
        ),
      }),
    ),
  }),
});
export type CheckItem = z.output<typeof listChecks.output>["rows"][number];

export const runChecksNow = action({
  path: "/api/oversight/run",
  summary: "立即核查",
  access: { permission: oversightPermissions.run },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const getRunState = query({
  path: "/api/oversight/tasks/:taskId",
  summary: "查看核查进度",
  access: { permission: oversightPermissions.read },
  input: z.object({ taskId: id }),
  output: taskState,
});
