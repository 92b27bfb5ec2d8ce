import { z } from "zod";
import { action, download, id, paging, plainDate, query, regionCode, taskState, upload } from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { basis, explanation, outcomes, ruleClasses, ruleKinds, versionRow } from "./words-contract.ts";

const ruleProblem = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
});
export type RuleProblemRow = z.output<typeof ruleProblem>;

export const ruleStatuses = ["in-force", "not-yet", "ended"] as const;

export const ruleRow = versionRow.extend({
  class: z.enum(ruleClasses).nullable(),
  catalogue: z.array(z.string()),
  source: z.string().nullable(),
  basis: z.array(basis),
  funds: z.array(z.string()),
  /** On the asked date: 施行中, 尚未施行, 执行期满. */
  status: z.enum(ruleStatuses),
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
    /** Default: the asker's area, or everywhere when a document is asked for. */
    region: regionCode.optional(),
    date: plainDate.optional(),
    words: z.string().max(40).optional(),
    /** With a document: one article of it. */
    article: z.string().max(30).optional(),
    /** On the asked date. */
    status: z.enum(ruleStatuses).optional(),
    ...paging,
  }),
  output: z.object({
    rows: z.array(ruleRow),
    total: z.int(),
    /** Of all that the filters leave, by their standing on the date, whatever `status` says. */
    standing: z.record(z.enum(ruleStatuses), z.int()),
    measures: z.int(),
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
  /** The asker drafted it: somebody else has to publish it. */
  ownDraft: z.boolean(),
  /** The asker's area holds the rule's division: acts are open to him as far as his permissions go. */
  ownDivision: z.boolean(),
  /** Newest background work about this version: the gate, the screening after its publication. */
  taskId: id.nullable(),
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
      kind: z.string(),
      bounds: z.string().nullable(),
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
          /** Where the value stands: words of a text, or a locality's own document. */
          basis: basis.nullable(),
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
  /** Words of the conditions that stand in `failed`, also of those that no file writes. */
  conditionWords: z.record(z.string(), z.string()),
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

/** How far a gate, a screening or a simulation is. */
export const getRuleTask = query({
  path: "/api/policy/tasks/:taskId",
  summary: "查看规则后台进度",
  access: { permission: policyPermissions.read },
  input: z.object({ taskId: id }),
  output: taskState,
});
