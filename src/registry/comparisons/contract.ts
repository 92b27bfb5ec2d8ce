import { z } from "zod";
import { action, defineFlow, id, pageOf, paging, plainDate, query, regionCode } from "../../platform/contract.ts";
import { registryEntities } from "../fields.ts";
import { registryPermissions } from "../permissions.ts";
import { regionName } from "../regions/contract.ts";
import { comparisonRow, comparisonStates, type ComparisonState } from "../persons/page-contract.ts";

export const comparisonActs = ["keep", "adopt", "withdraw"] as const;
export type ComparisonAct = (typeof comparisonActs)[number];
export const comparisonActLabels: Record<ComparisonAct, string> = {
  keep: "保留原值",
  adopt: "采纳新值",
  withdraw: "撤回",
};

/** 比对任务的生命周期. `withdraw` is done by the undo of the batch that raised the task, never by hand. */
export const comparisonFlow = defineFlow<ComparisonState, ComparisonAct>({
  open: { keep: "kept", adopt: "adopted", withdraw: "withdrawn" },
  kept: {},
  adopted: {},
  withdrawn: {},
});

/** Days an office has to settle a disagreement before it counts as late. */
export const COMPARISON_DUE_DAYS = 10;

export const listComparisons = query({
  path: "/api/registry/comparisons",
  summary: "查看比对任务",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({
    ...paging,
    state: z.enum(comparisonStates).default("open"),
    region: regionCode.optional(),
    entity: z.enum(registryEntities).optional(),
    field: z.string().max(40).optional(),
    reason: z.string().max(8).optional(),
    overdue: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true"),
    batchId: id.optional(),
    owner: z.enum(["mine", "nobody"]).optional(),
  }),
  output: pageOf(comparisonRow),
});

/** Open tasks village by village: whose turn it is, and where it is late. */
export const listComparisonVillages = query({
  path: "/api/registry/comparisons/villages",
  summary: "查看比对任务",
  access: { permission: registryPermissions.read },
  input: z.object({ ...paging }),
  output: pageOf(
    z.object({
      village: regionName,
      open: z.int(),
      overdue: z.int(),
      unowned: z.int(),
      nextDue: plainDate.nullable(),
    }),
  ),
});

export const ownActs = ["claim", "return", "assign"] as const;
export type OwnAct = (typeof ownActs)[number];

/** 认领、退回、分派: who sees to tasks. Deciding needs no claim: whoever knows the answer may give it. */
export const ownComparisons = action({
  path: "/api/registry/comparisons/owner",
  summary: "认领、退回、分派比对任务",
  access: { permission: registryPermissions.compare },
  input: z.object({
    comparisonIds: z.array(id).min(1).max(200),
    act: z.enum(ownActs),
    /** Of an assignment. */
    officerId: id.optional(),
  }),
  output: z.object({ changed: z.int() }),
});

/** Officers of the asker's area to whom tasks may be given. */
export const listColleagues = query({
  path: "/api/registry/colleagues",
  summary: "查看可分派的经办人员",
  access: { permission: registryPermissions.compare },
  input: z.object({}),
  output: z.array(z.object({ officerId: id, name: z.string(), organisation: z.string() })),
});

/** How many wait, by field, for the tabs above the list. */
export const countComparisons = query({
  path: "/api/registry/comparisons/counts",
  summary: "查看比对任务",
  access: { permission: registryPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    open: z.int(),
    overdue: z.int(),
    mine: z.int(),
    unowned: z.int(),
    byField: z.array(
      z.object({ entity: z.enum(registryEntities), field: z.string(), label: z.string(), open: z.int() }),
    ),
  }),
});

export const decideComparisons = action({
  path: "/api/registry/comparisons/decide",
  summary: "处理比对任务",
  access: { permission: registryPermissions.compare },
  input: z.object({
    comparisonIds: z.array(id).min(1).max(200),
    act: z.enum(["keep", "adopt"]),
    /** Where the task needs one: the day on which the work ended, as the officer found out. */
    endDate: plainDate.optional(),
    note: z.string().trim().min(2, "请写明处理依据").max(200, "依据最多 200 个字"),
  }),
  output: z.object({ decided: z.int(), state: z.enum(comparisonStates) }),
});
