import { z } from "zod";
import { id, plainDate } from "../platform/contract.ts";
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
export type BasisView = z.output<typeof basis>;

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
