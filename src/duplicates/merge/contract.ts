import { z } from "zod";
import { regionName, registryPermissions } from "#registry/contract";
import { action, defineFlow, id, pageOf, paging, query } from "../../platform/contract.ts";
import { duplicatesPermissions } from "../permissions.ts";

export const mergeStates = ["proposed", "working", "done", "rejected", "undoing", "undone", "failed"] as const;
export type MergeState = (typeof mergeStates)[number];
export const mergeStateLabels: Record<MergeState, string> = {
  proposed: "待复核",
  working: "合并中",
  done: "已合并",
  rejected: "未同意",
  undoing: "撤销中",
  undone: "已撤销合并",
  failed: "未能完成",
};
const mergeActs = ["confirm", "reject", "finish", "undo", "undone", "fail"] as const;
export type MergeAct = (typeof mergeActs)[number];

/** 合并的生命周期. One that needs no second officer begins as `working`; `fail`: the work was refused and nothing changed. */
export const mergeFlow = defineFlow<MergeState, MergeAct>({
  proposed: { confirm: "working", reject: "rejected" },
  working: { finish: "done", fail: "failed" },
  done: { undo: "undoing" },
  undoing: { undone: "undone", fail: "done" },
  rejected: {},
  undone: {},
  failed: {},
});

export const whySecondLabels = { money: "涉及已发放的资金", county: "跨县合并" } as const;

const note = z.string().trim().min(2, "请写明依据").max(200, "依据最多 200 个字");

export const proposeMerge = action({
  path: "/api/duplicates/pairs/:pairId/merge",
  summary: "合并档案",
  access: { permission: duplicatesPermissions.merge },
  input: z.object({
    pairId: id,
    survivorId: id,
    /** Field → the record whose value stays; left out: as proposed. */
    cells: z.record(z.string().max(40), z.enum(["survivor", "loser"])).default({}),
    note,
  }),
  output: z.object({ mergeId: id, state: z.enum(mergeStates), taskId: id.nullable() }),
});

export const mergeRow = z.object({
  mergeId: id,
  pairId: id,
  state: z.enum(mergeStates),
  survivorId: id.nullable(),
  survivorName: z.string().nullable(),
  survivorHome: regionName.nullable(),
  loserName: z.string(),
  loserMask: z.string(),
  loserHome: regionName,
  whySecond: z.enum(["money", "county"]).nullable(),
  note: z.string(),
  proposedByName: z.string(),
  proposedAt: z.string(),
  decidedByName: z.string().nullable(),
  decisionNote: z.string().nullable(),
  undoneByName: z.string().nullable(),
  undoneAt: z.string().nullable(),
  undoNote: z.string().nullable(),
  moved: z.array(z.object({ title: z.string(), count: z.int() })),
  aside: z.array(z.object({ title: z.string(), count: z.int() })),
  /** The asker proposed it: another has to decide. */
  mine: z.boolean(),
});
export type MergeRow = z.output<typeof mergeRow>;

export const listMerges = query({
  path: "/api/duplicates/merges",
  summary: "查看档案合并",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ ...paging, state: z.enum(mergeStates).optional() }),
  output: pageOf(mergeRow),
});

export const getMerge = query({
  path: "/api/duplicates/merges/:mergeId",
  summary: "查看档案合并",
  access: { permission: registryPermissions.read },
  audit: "query",
  input: z.object({ mergeId: id }),
  output: mergeRow,
});

export const decideMerge = action({
  path: "/api/duplicates/merges/:mergeId/decide",
  summary: "复核档案合并",
  access: { permission: duplicatesPermissions.merge },
  input: z.object({ mergeId: id, act: z.enum(["confirm", "reject"]), note }),
  output: z.object({ state: z.enum(mergeStates), taskId: id.nullable() }),
});

export const undoMerge = action({
  path: "/api/duplicates/merges/:mergeId/undo",
  summary: "撤销档案合并",
  access: { permission: duplicatesPermissions.merge },
  input: z.object({ mergeId: id, note }),
  output: z.object({ state: z.enum(mergeStates), taskId: id }),
});
