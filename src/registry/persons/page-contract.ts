import { z } from "zod";
import { action, fen, id, month, pageOf, paging, plainDate, query } from "../../platform/contract.ts";
import { registryPermissions } from "../permissions.ts";
import { regionName } from "../regions/contract.ts";
import { accessGrounds, insuranceStatuses, lifeStates, workStates } from "./contract.ts";
import { registryEntities } from "../fields.ts";

const datePrecision = z.enum(["day", "month", "year"]);
const entity = z.enum(registryEntities);

/** Which source a row comes from; `batchId` leads to the ledger batch that brought it. */
const provenance = {
  source: z.int(),
  sourceLabel: z.string(),
  recordedOn: plainDate,
  batchId: id.nullable(),
};

export const personBase = z.object({
  personId: id,
  version: z.int(),
  name: z.string(),
  sex: z.int().nullable(),
  birthDate: plainDate.nullable(),
  age: z.int().nullable(),
  ethnicity: z.int().nullable(),
  education: z.int().nullable(),
  maritalStatus: z.int().nullable(),
  identityKind: z.string(),
  identityMask: z.string(),
  home: regionName,
  residence: regionName.nullable(),
  relationToHead: z.string().nullable(),
  labourCapacity: z.string().nullable(),
  health: z.string().nullable(),
  jobWilling: z.boolean().nullable(),
  trainingWilling: z.boolean().nullable(),
  desiredRegion: z.string().nullable(),
  desiredJob: z.string().nullable(),
  skills: z.string().nullable(),
  address: z.string().nullable(),
  phoneMask: z.string().nullable(),
  bankMask: z.string().nullable(),
  workState: z.enum(workStates),
  lifeState: z.enum(lifeStates),
  ...provenance,
});
export type PersonBase = z.output<typeof personBase>;

export const categoryRow = z.object({
  category: z.string(),
  validFrom: plainDate,
  validFromPrecision: datePrecision,
  validTo: plainDate.nullable(),
  detail: z.string().nullable(),
  ...provenance,
});
export type CategoryRow = z.output<typeof categoryRow>;

export const employmentRow = z.object({
  employmentId: id,
  employerName: z.string(),
  employerId: id.nullable(),
  workRegion: regionName.nullable(),
  startDate: plainDate,
  startPrecision: datePrecision,
  endDate: plainDate.nullable(),
  endPrecision: datePrecision.nullable(),
  endReason: z.string().nullable(),
  form: z.string().nullable(),
  channel: z.string().nullable(),
  industry: z.string().nullable(),
  occupation: z.string().nullable(),
  monthlyWageFen: fen.nullable(),
  ...provenance,
});
export type EmploymentRow = z.output<typeof employmentRow>;

export const contractRow = z.object({
  employerName: z.string(),
  startDate: plainDate,
  endDate: plainDate.nullable(),
  kind: z.string().nullable(),
  signedOn: plainDate.nullable(),
  monthlyWageFen: fen.nullable(),
  ...provenance,
});
export const insuranceRow = z.object({
  month,
  kind: z.string(),
  employerName: z.string(),
  insuredRegion: regionName.nullable(),
  baseFen: fen.nullable(),
  employerPartFen: fen.nullable(),
  personPartFen: fen.nullable(),
  status: z.enum(insuranceStatuses),
  ...provenance,
});
export type InsuranceRow = z.output<typeof insuranceRow>;
/** 险种, as stored; other kinds are kept as written. */
export const insuranceKindLabels: Readonly<Partial<Record<string, string>>> = {
  pension: "养老",
  unemployment: "失业",
  "work-injury": "工伤",
  medical: "医疗",
  maternity: "生育",
};
export function insuranceKindLabel(kind: string): string {
  return insuranceKindLabels[kind] ?? kind;
}

export const wageRow = z.object({
  month,
  employerName: z.string(),
  amountFen: fen,
  paidOn: plainDate.nullable(),
  method: z.string().nullable(),
  ...provenance,
});
export const otherRecordRow = z.object({
  title: z.string(),
  month,
  content: z.array(z.object({ label: z.string(), value: z.string() })),
  ...provenance,
});

export const comparisonStates = ["open", "kept", "adopted", "withdrawn"] as const;
export type ComparisonState = (typeof comparisonStates)[number];
export const comparisonStateLabels: Record<ComparisonState, string> = {
  open: "待核对",
  kept: "保留原值",
  adopted: "采纳新值",
  withdrawn: "已撤回",
};

export const comparisonNeeds = ["nothing", "end-date", "cannot-adopt"] as const;
export type ComparisonNeeds = (typeof comparisonNeeds)[number];

export const comparisonRow = z.object({
  comparisonId: id,
  personId: id,
  personName: z.string(),
  identityMask: z.string(),
  home: regionName,
  reason: z.string(),
  entity,
  field: z.string(),
  fieldLabel: z.string(),
  /** Which row of the entity, in words: 东莞 锦达电子 2025-02-26 起. Empty for the person's own fields. */
  about: z.string(),
  held: z.string().nullable(),
  heldSourceLabel: z.string().nullable(),
  claimed: z.string().nullable(),
  claimedSourceLabel: z.string(),
  /** What adopting takes besides consent: the day on which the work ended; or it is not possible here. */
  needs: z.enum(comparisonNeeds),
  state: z.enum(comparisonStates),
  dueOn: plainDate.nullable(),
  overdue: z.boolean(),
  decidedAt: z.string().nullable(),
  decisionNote: z.string().nullable(),
  /** Who sees to it, and of which office; null: nobody yet. */
  ownerName: z.string().nullable(),
  ownerOffice: z.string().nullable(),
  raisedAt: z.string(),
  batchId: id.nullable(),
});
export type ComparisonRow = z.output<typeof comparisonRow>;

/** 每个值从哪来: the value held, who said it and when, and what others said. */
export const valueOutcomes = ["only", "agreed", "adopted", "kept", "waiting", "near", "differs"] as const;
export const valueOrigin = z.object({
  entity,
  field: z.string(),
  label: z.string(),
  about: z.string(),
  value: z.string().nullable(),
  sourceLabel: z.string(),
  takenOn: plainDate,
  others: z.array(z.object({ value: z.string(), sourceLabel: z.string(), on: plainDate, agrees: z.boolean() })),
  outcome: z.enum(valueOutcomes),
  /** The outcome in words: 已采务工情况台账；差 20.00 元，未超阈值. */
  outcomeText: z.string(),
});
export type ValueOrigin = z.output<typeof valueOrigin>;

export const timelineLanes = ["employment", "insurance", "contract", "wage", "other", "change"] as const;
export type TimelineLane = (typeof timelineLanes)[number];
export const timelineLaneLabels: Record<TimelineLane, string> = {
  employment: "务工",
  insurance: "参保",
  contract: "合同",
  wage: "工资",
  other: "其他",
  change: "变更",
};
/** A span of time, or a point when `to` equals `from`. `to` null: still going on. */
export const timelineItem = z.object({
  lane: z.enum(timelineLanes),
  from: plainDate,
  to: plainDate.nullable(),
  label: z.string(),
  detail: z.string(),
  sourceLabel: z.string(),
  batchId: id.nullable(),
});
export type TimelineItem = z.output<typeof timelineItem>;

export const householdSummary = z.object({
  householdId: id,
  householdNo: z.string(),
  headName: z.string().nullable(),
  members: z.int(),
  labourers: z.int(),
});

export const personPage = z.object({
  person: personBase,
  household: householdSummary.nullable(),
  categories: z.array(categoryRow),
  employments: z.array(employmentRow),
  contracts: z.array(contractRow),
  insurance: z.array(insuranceRow),
  wages: z.array(wageRow),
  otherRecords: z.array(otherRecordRow),
  comparisons: z.array(comparisonRow),
  values: z.array(valueOrigin),
  timeline: z.array(timelineItem),
  /** Days without work on the business date; null while working or when no spell is known. */
  idleDays: z.int().nullable(),
  /** Other regions that see a card of this person. */
  grounds: z.array(
    z.object({
      ground: z.enum(accessGrounds),
      region: regionName,
      validFrom: plainDate,
      validTo: plainDate.nullable(),
    }),
  ),
  /** Numbers this person is or was known by, masked; more than one after a correction. */
  identityKeys: z.int(),
});
export type PersonPage = z.output<typeof personPage>;

export const getPerson = query({
  path: "/api/registry/persons/:personId",
  summary: "查看一人一档",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ personId: id }),
  output: personPage,
});

/**
 * Edits cells of a person by hand. A value that contradicts a more authoritative source is not written: it becomes a
 * comparison task. `version` is the one the officer saw; somebody else's change in between is refused.
 */
export const editPerson = action({
  path: "/api/registry/persons/:personId/cells",
  summary: "修改人员信息",
  access: { permission: registryPermissions.edit },
  input: z.object({
    personId: id,
    version: z.int(),
    cells: z
      .array(z.object({ field: z.string().max(40), value: z.string().trim().max(200, "最多 200 个字").nullable() }))
      .min(1)
      .max(30),
    note: z.string().trim().min(2, "请写明修改依据").max(200, "依据最多 200 个字"),
  }),
  output: z.object({ version: z.int(), changed: z.array(z.string()), raised: z.array(z.string()) }),
});

export const changeRow = z.object({
  changeId: id,
  at: z.string(),
  /** The business day. */
  day: plainDate,
  entityLabel: z.string(),
  about: z.string(),
  act: z.enum(["create", "update", "delete"]),
  cells: z.array(z.object({ label: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  sourceLabel: z.string(),
  reason: z.string(),
  officerName: z.string().nullable(),
  batchId: id.nullable(),
});
export type ChangeRow = z.output<typeof changeRow>;

export const listPersonChanges = query({
  path: "/api/registry/persons/:personId/changes",
  summary: "查看变更记录",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ personId: id, ...paging }),
  output: pageOf(changeRow),
});
