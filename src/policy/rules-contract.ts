import { z } from "zod";
import { action, download, id, pageOf, paging, plainDate, query, regionCode, upload } from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { versionStates } from "./versions-contract.ts";

export const ruleKinds = ["measure", "check", "duty", "indicator", "parameter"] as const;
export type RuleKindName = (typeof ruleKinds)[number];
export const ruleKindLabels: Record<RuleKindName, string> = {
  measure: "补贴与政策",
  check: "风险核查",
  duty: "服务义务",
  indicator: "指标",
  parameter: "共用标准",
};

/** 0.4 of the catalogue. */
export const ruleClasses = ["CALC", "PARAM", "EXT", "QUAL"] as const;
export const ruleClassLabels: Record<(typeof ruleClasses)[number], string> = {
  CALC: "系统计算",
  PARAM: "按当地标准计算",
  EXT: "细则另见文件",
  QUAL: "登记与跟踪",
};

export const outcomes = [
  "ELIGIBLE",
  "ELIGIBLE_UP_TO_CAP",
  "PARTLY_ELIGIBLE",
  "NOT_YET",
  "UNKNOWN",
  "REVIEW",
  "PARAM_MISSING",
  "NOT_ELIGIBLE",
] as const;
export type OutcomeName = (typeof outcomes)[number];
export const outcomeLabels: Record<OutcomeName, string> = {
  ELIGIBLE: "符合",
  ELIGIBLE_UP_TO_CAP: "符合（按上限）",
  PARTLY_ELIGIBLE: "部分符合",
  NOT_YET: "未到期",
  UNKNOWN: "待核实",
  REVIEW: "人工研判",
  PARAM_MISSING: "标准未定",
  NOT_ELIGIBLE: "不符合",
};

export const basis = z.object({
  text: z.string(),
  textTitle: z.string(),
  number: z.string(),
  article: z.string().nullable(),
  quote: z.string().nullable(),
});

const ruleProblem = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
});
export type RuleProblemRow = z.output<typeof ruleProblem>;

export const versionRow = z.object({
  versionId: id,
  path: z.string(),
  kind: z.enum(ruleKinds),
  ruleId: z.string(),
  region: z.string(),
  regionName: z.string(),
  title: z.string(),
  state: z.enum(versionStates),
  origin: z.enum(["shipped", "local"]),
  inForceFrom: plainDate.nullable(),
  inForceTo: plainDate.nullable(),
  draftedByName: z.string(),
  draftedAt: z.iso.datetime(),
  publishedByName: z.string().nullable(),
  publishedAt: z.iso.datetime().nullable(),
});
export type VersionSummary = z.output<typeof versionRow>;

export const ruleRow = versionRow.extend({
  class: z.enum(ruleClasses).nullable(),
  catalogue: z.array(z.string()),
  source: z.string().nullable(),
  basis: z.array(basis),
  funds: z.array(z.string()),
  /** On the asked date: 施行中, 尚未施行, 执行期满. */
  status: z.enum(["in-force", "not-yet", "ended"]),
  cases: z.int(),
  problems: z.int(),
  /** In the asker's area, from the last screening; null before the first. */
  tally: z.object({ eligible: z.int(), amountFen: z.int(), waiting: z.int(), asOf: plainDate }).nullable(),
});
export type RuleRow = z.output<typeof ruleRow>;

/** The rule library: what is in force on a date, by document, division and words. */
export const listRules = query({
  path: "/api/policy/rules",
  summary: "查看规则库",
  access: { permission: policyPermissions.read },
  input: z.object({
    kind: z.enum(ruleKinds).optional(),
    text: z.string().max(60).optional(),
    region: regionCode.optional(),
    date: plainDate.optional(),
    words: z.string().max(40).optional(),
  }),
  output: z.object({
    rows: z.array(ruleRow),
    texts: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        number: z.string(),
        region: z.string(),
        status: z.string(),
        missing: z.int(),
      }),
    ),
    /** Drafts and proposals that wait for somebody. */
    waiting: z.array(versionRow),
    date: plainDate,
  }),
});

const conditionView = z.object({
  id: z.string(),
  says: z.string(),
  feel: z.string(),
  kind: z.enum(["plain", "time", "review", "limit"]),
  funds: z.array(z.string()),
  basis: basis.nullable(),
  facts: z.array(z.object({ name: z.string(), label: z.string(), supplier: z.string() })),
});

const caseResult = z.object({
  name: z.string(),
  expected: z.string(),
  outcome: z.string(),
  amount: z.int().nullable(),
  agrees: z.boolean(),
});

export const gateFinding = z.object({
  code: z.string(),
  /** stop: to be overridden with a reason; warn: to be read. */
  weight: z.enum(["stop", "warn", "pass"]),
  message: z.string(),
});
export type GateFinding = z.output<typeof gateFinding>;
export const gateReport = z.object({ asOf: plainDate, findings: z.array(gateFinding) });
export type GateReport = z.output<typeof gateReport>;

export const ruleView = ruleRow.extend({
  yaml: z.string(),
  casesYaml: z.string().nullable(),
  lock: z.int(),
  payee: z.string().nullable(),
  payer: z.string().nullable(),
  jurisdiction: z.string().nullable(),
  grain: z.string().nullable(),
  amountSays: z.string().nullable(),
  eventDate: z.string().nullable(),
  conditions: z.array(conditionView),
  evidence: z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string(),
      says: z.string(),
      shared: z.string().nullable(),
      openTo: z.array(z.string()),
      awaits: z.string().nullable(),
      values: z.array(
        z.object({
          from: plainDate,
          to: plainDate.nullable(),
          region: z.string().nullable(),
          regionName: z.string(),
          forCase: z.string().nullable(),
          value: z.unknown(),
          document: z.string(),
          sample: z.boolean(),
        }),
      ),
    }),
  ),
  notes: z.array(z.string()),
  ended: z.string().nullable(),
  versions: z.array(versionRow),
  caseResults: z.array(caseResult),
  ruleProblems: z.array(ruleProblem),
  gate: gateReport.nullable(),
  overrideReason: z.string().nullable(),
  basedOn: id.nullable(),
  outcomesByCounty: z.array(
    z.object({
      county: z.string(),
      countyName: z.string(),
      outcome: z.enum(outcomes),
      rows: z.int(),
      amountFen: z.int(),
      failed: z.record(z.string(), z.int()),
    }),
  ),
  screenedOn: plainDate.nullable(),
});
export type RuleView = z.output<typeof ruleView>;

export const getRule = query({
  path: "/api/policy/rules/:versionId",
  summary: "查看规则",
  access: { permission: policyPermissions.read },
  input: z.object({ versionId: id }),
  output: ruleView,
});

/** What an expression of a source may name: completion, and the reference of facts. */
export const getVocabulary = query({
  path: "/api/policy/vocabulary",
  summary: "查看事实词典",
  access: { permission: policyPermissions.read },
  input: z.object({}),
  output: z.object({
    sources: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        subjects: z.array(z.string()),
        jurisdictions: z.array(z.string()),
        fields: z.array(
          z.object({
            name: z.string(),
            label: z.string(),
            type: z.string(),
            codes: z.array(z.string()),
            supplier: z.string(),
            question: z.string().nullable(),
          }),
        ),
      }),
    ),
    functions: z.array(z.object({ name: z.string(), signature: z.string(), says: z.string() })),
  }),
});

export const explanation = z.object({
  outcome: z.enum(outcomes),
  amount: z.int().nullable(),
  fund: z.string(),
  eventDate: plainDate.nullable(),
  notYet: plainDate.nullable(),
  payee: z.string(),
  payerRegion: z.string().nullable(),
  amountSays: z.string().nullable(),
  ended: z.string().nullable(),
  review: z.array(z.string()),
  missing: z.array(z.object({ label: z.string(), supplier: z.string() })),
  missingParameters: z.array(z.string()),
  reasons: z.array(z.string()),
  conditions: z.array(
    z.object({
      id: z.string(),
      says: z.string(),
      state: z.string(),
      on: plainDate.nullable(),
      basis: basis.nullable(),
      facts: z.array(z.object({ label: z.string(), value: z.string().nullable(), supplier: z.string() })),
    }),
  ),
  ways: z.array(
    z.object({
      changes: z.array(z.object({ label: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
      outcome: z.enum(outcomes),
      amount: z.int().nullable(),
      from: plainDate.nullable(),
    }),
  ),
});
export type ExplanationView = z.output<typeof explanation>;

/** Reads a draft without keeping it: mistakes with their places, the results of its cases, and one person judged by it. */
export const checkRule = action({
  path: "/api/policy/check",
  summary: "检查规则草稿",
  access: { permission: policyPermissions.read },
  audit: "query",
  input: z.object({
    path: z.string().max(120),
    source: z.string().max(60_000),
    cases: z.string().max(200_000).nullable(),
    personId: id.optional(),
  }),
  output: z.object({
    problems: z.array(ruleProblem),
    caseResults: z.array(caseResult),
    rows: z.array(z.object({ rowKey: z.string(), explanation })),
  }),
});

export const saveDraft = action({
  path: "/api/policy/drafts",
  summary: "保存规则草稿",
  access: { permission: policyPermissions.draft },
  input: z.object({
    versionId: id.optional(),
    lock: z.int().optional(),
    basedOn: id.optional(),
    path: z.string().max(120),
    source: z.string().max(60_000),
    cases: z.string().max(200_000).nullable(),
  }),
  output: z.object({ versionId: id, lock: z.int() }),
});
/** The YAML from elsewhere becomes a draft. */
export const importRule = upload({
  path: "/api/policy/drafts/import",
  summary: "导入规则文件",
  access: { permission: policyPermissions.draft },
  input: z.object({ path: z.string().max(120) }),
  output: z.object({ versionId: id }),
});
export const exportRule = download({
  path: "/api/policy/rules/:versionId/file",
  summary: "导出规则文件",
  access: { permission: policyPermissions.read },
  input: z.object({ versionId: id }),
});
export const proposeRule = action({
  path: "/api/policy/rules/:versionId/propose",
  summary: "提交规则发布",
  access: { permission: policyPermissions.draft },
  input: z.object({ versionId: id }),
  output: z.object({ taskId: id }),
});
export const returnRule = action({
  path: "/api/policy/rules/:versionId/return",
  summary: "退回规则修改",
  access: { permission: policyPermissions.publish },
  input: z.object({ versionId: id, reason: z.string().trim().min(2, "请写明退回的理由").max(300) }),
  output: z.object({}),
});
export const publishRule = action({
  path: "/api/policy/rules/:versionId/publish",
  summary: "发布规则",
  access: { permission: policyPermissions.publish },
  input: z.object({ versionId: id, reason: z.string().trim().max(300).optional() }),
  output: z.object({ taskId: id }),
});
export const withdrawRule = action({
  path: "/api/policy/rules/:versionId/withdraw",
  summary: "撤回规则草稿",
  access: { permission: policyPermissions.draft },
  input: z.object({ versionId: id }),
  output: z.object({}),
});

// ── What localities set ────────────────────────────────────────────────────────────────────────────────────────────────

export const settingRow = z.object({
  settingId: id,
  region: regionCode,
  regionName: z.string(),
  forCase: z.string().nullable(),
  value: z.unknown(),
  from: plainDate,
  to: plainDate.nullable(),
  document: z.string(),
  documentDate: plainDate.nullable(),
  sample: z.boolean(),
  setByName: z.string(),
  /** Lies in the asker's own area: may be withdrawn. */
  own: z.boolean(),
});

export const parameterRow = z.object({
  /** What `setParameter` wants: the shared id, or `<measure>/<region>:<name>`. */
  parameter: z.string(),
  name: z.string(),
  says: z.string(),
  kind: z.string(),
  openTo: z.array(z.string()),
  awaits: z.string().nullable(),
  bounds: z.string().nullable(),
  /** Cases of `by` that are known from values and codes. */
  cases: z.array(z.string()),
  measures: z.array(z.object({ versionId: id, title: z.string(), region: z.string(), regionName: z.string() })),
  shipped: z.array(
    z.object({
      region: z.string().nullable(),
      regionName: z.string(),
      forCase: z.string().nullable(),
      value: z.unknown(),
      from: plainDate,
      to: plainDate.nullable(),
      basis: basis.nullable(),
    }),
  ),
  settings: z.array(settingRow),
  /** The asker may set it for a division of his area. */
  maySet: z.boolean(),
});
export type ParameterRow = z.output<typeof parameterRow>;

export const listParameters = query({
  path: "/api/policy/parameters",
  summary: "查看补贴标准与参数",
  access: { permission: policyPermissions.read },
  input: z.object({ words: z.string().max(40).optional(), open: z.coerce.boolean().optional() }),
  output: z.object({ rows: z.array(parameterRow) }),
});
export const setParameter = action({
  path: "/api/policy/parameters",
  summary: "设定当地标准",
  access: { permission: policyPermissions.settings },
  input: z.object({
    parameter: z.string().max(200),
    region: z.string().regex(/^\d{6}$/, "请选择市（州）或县（市、区）"),
    forCase: z.string().max(100).nullable(),
    value: z.union([z.string().max(200), z.int(), z.boolean(), z.object({ of: z.int().positive(), value: z.int() })]),
    from: plainDate,
    to: plainDate.nullable(),
    document: z.string().trim().min(2, "请写明依据的文件名称和文号").max(200),
    documentDate: plainDate.nullable(),
  }),
  output: z.object({ settingId: id }),
});
export const removeParameter = action({
  path: "/api/policy/parameters/:settingId/remove",
  summary: "撤销当地标准",
  access: { permission: policyPermissions.settings },
  input: z.object({ settingId: id }),
  output: z.object({}),
});

// ── Screening ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const resultRow = z.object({
  versionId: id,
  title: z.string(),
  rowKey: z.string(),
  region: z.string(),
  regionName: z.string(),
  personId: id.nullable(),
  name: z.string().nullable(),
  identityMask: z.string().nullable(),
  outcome: z.enum(outcomes),
  amountFen: z.int().nullable(),
  fund: z.string().nullable(),
  eventDate: plainDate.nullable(),
  notYet: plainDate.nullable(),
  unknown: z.array(z.string()),
  missing: z.array(z.string()),
});
export type ResultRow = z.output<typeof resultRow>;

export const listResults = query({
  path: "/api/policy/results",
  summary: "查看筛查结果",
  access: { permission: policyPermissions.results },
  audit: "query",
  input: z.object({
    versionId: id.optional(),
    outcome: z.enum(outcomes).optional(),
    region: regionCode.optional(),
    ...paging,
  }),
  output: pageOf(resultRow),
});

export const screeningSummary = z.object({
  versionId: id,
  title: z.string(),
  region: z.string(),
  regionName: z.string(),
  class: z.enum(ruleClasses),
  asOf: plainDate,
  counts: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), amountFen: z.int() })),
});
export const summariseResults = query({
  path: "/api/policy/results/summary",
  summary: "查看筛查汇总",
  access: { permission: policyPermissions.results },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({ rows: z.array(screeningSummary) }),
});
export const screenNow = action({
  path: "/api/policy/screen",
  summary: "重新筛查",
  access: { permission: policyPermissions.simulate },
  input: z.object({}),
  output: z.object({ taskId: id }),
});

export const entitlement = z.object({
  versionId: id,
  title: z.string(),
  measureRegion: z.string(),
  class: z.enum(ruleClasses),
  rowKey: z.string(),
  subject: z.string(),
  explanation,
});
export type EntitlementRow = z.output<typeof entitlement>;
/** Everything the rules say of one person today, with reasons. */
export const listEntitlements = query({
  path: "/api/policy/persons/:personId/entitlements",
  summary: "查看个人政策待遇",
  access: { permission: policyPermissions.results },
  audit: "query",
  input: z.object({ personId: id }),
  output: z.object({ asOf: plainDate, rows: z.array(entitlement) }),
});

// ── Simulation ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const amounts = z.object({ rows: z.int(), persons: z.int(), amountFen: z.int() });
export const simulationReport = z.object({
  rows: z.int(),
  seconds: z.number(),
  outcomes: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), amountFen: z.int() })),
  byCounty: z.array(amounts.extend({ county: z.string(), countyName: z.string() })),
  byFund: z.array(amounts.extend({ fund: z.string() })),
  /** Which fact is missing for how many rows. */
  unknown: z.array(z.object({ fact: z.string(), supplier: z.string(), rows: z.int() })),
  refusedBy: z.array(z.object({ condition: z.string(), says: z.string(), rows: z.int(), alone: z.int() })),
  /** Against the other version: who gains and who loses, by the condition that makes the difference. */
  difference: z
    .object({
      winners: amounts,
      losers: amounts,
      more: amounts,
      less: amounts,
      wonBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      lostBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      before: amounts,
      byCounty: z.array(
        z.object({ county: z.string(), countyName: z.string(), winners: z.int(), losers: z.int(), changeFen: z.int() }),
      ),
    })
    .nullable(),
});
export type SimulationReport = z.output<typeof simulationReport>;

export const simulationRow = z.object({
  simulationId: id,
  title: z.string(),
  versionId: id,
  version: versionRow,
  beside: versionRow.nullable(),
  region: z.string(),
  regionName: z.string(),
  asOf: plainDate,
  askedByName: z.string(),
  askedAt: z.iso.datetime(),
  finished: z.boolean(),
});

/** Any version, draft or past, over the registry as it is, at any date; nothing of the registry is written. */
export const simulateRule = action({
  path: "/api/policy/simulations",
  summary: "测算规则",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id, beside: id.optional(), region: regionCode.optional(), asOf: plainDate.optional() }),
  output: z.object({ simulationId: id, taskId: id }),
});
export const getSimulation = query({
  path: "/api/policy/simulations/:simulationId",
  summary: "查看测算",
  access: { permission: policyPermissions.simulate },
  input: z.object({ simulationId: id }),
  output: simulationRow.extend({ report: simulationReport.nullable() }),
});
export const listSimulations = query({
  path: "/api/policy/simulations",
  summary: "查看测算记录",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id.optional(), ...paging }),
  output: pageOf(simulationRow),
});
