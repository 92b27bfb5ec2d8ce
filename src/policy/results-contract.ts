import { z } from "zod";
import {
  action,
  download,
  exportFormats,
  exportPurpose,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
} from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { explanation, outcomes, ruleClasses } from "./words-contract.ts";

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

const resultFilter = {
  versionId: id.optional(),
  outcome: z.enum(outcomes).optional(),
  region: regionCode.optional(),
};

export const listResults = query({
  path: "/api/policy/results",
  summary: "查看筛查结果",
  access: { permission: policyPermissions.results },
  audit: "query",
  input: z.object({ ...resultFilter, ...paging }),
  output: pageOf(resultRow),
});

/** The list as it is shown, masked as it is there, with who took it and what for above it. */
export const exportResults = download({
  path: "/api/policy/results/export",
  summary: "导出筛查结果",
  access: { permission: policyPermissions.results },
  input: z.object({
    ...resultFilter,
    purpose: exportPurpose,
    format: z.enum(exportFormats).default("xlsx"),
    /** Keys of the columns on the screen, comma-separated; none: all. */
    columns: z
      .string()
      .max(200)
      .optional()
      .transform((keys) => (keys ? keys.split(",") : [])),
  }),
});

export const screeningSummary = z.object({
  versionId: id,
  title: z.string(),
  region: z.string(),
  regionName: z.string(),
  class: z.enum(ruleClasses),
  /** Rows are kept one by one; of what pays nothing only the counts are. */
  listed: z.boolean(),
  asOf: plainDate,
  counts: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), amountFen: z.int() })),
});
export const summariseResults = query({
  path: "/api/policy/results/summary",
  summary: "查看筛查汇总",
  access: { permission: policyPermissions.results },
  input: z.object({ region: regionCode.optional() }),
  /** `screening`: everything is being screened just now, or waits to be; what is shown is of the time before. */
  output: z.object({ rows: z.array(screeningSummary), screening: z.boolean() }),
});
/** Everything, or one policy in force: a day on which many become entitled to it need not wait for the night. */
export const screenNow = action({
  path: "/api/policy/screen",
  summary: "重新筛查",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id.optional() }),
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
