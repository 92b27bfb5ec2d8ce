import { z } from "zod";
import {
  action,
  defineFlow,
  download,
  fen,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
} from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const inspectionSources = ["审计", "专项检查", "绩效评价", "财政监督", "自查", "举报核查"] as const;
export const inspectionStates = ["open", "rectified", "closed"] as const;
export type InspectionState = (typeof inspectionStates)[number];
export const inspectionStateLabels: Record<InspectionState, string> = {
  open: "整改中",
  rectified: "待核实",
  closed: "已销号",
};
export const inspectionActs = ["rectify", "close", "return"] as const;
export type InspectionAct = (typeof inspectionActs)[number];
export const inspectionActLabels: Record<InspectionAct, string> = {
  rectify: "登记整改",
  close: "核实销号",
  return: "退回整改",
};
/** 整改清单: who puts it right does not close it. */
export const inspectionFlow = defineFlow<InspectionState, InspectionAct>({
  open: { rectify: "rectified" },
  rectified: { close: "closed", return: "open" },
  closed: {},
});

const item = z.object({
  itemId: id,
  number: z.string(),
  place: z.object({ code: z.string(), name: z.string(), fullName: z.string() }),
  source: z.enum(inspectionSources),
  foundBy: z.string(),
  foundOn: plainDate,
  document: z.string(),
  content: z.string(),
  demand: z.string(),
  responsible: z.string(),
  amountFen: fen.nullable(),
  dueOn: plainDate,
  overdue: z.boolean(),
  state: z.enum(inspectionStates),
  recordedByName: z.string(),
  measure: z.string().nullable(),
  evidence: z.string().nullable(),
  rectifiedByName: z.string().nullable(),
  rectifiedOn: plainDate.nullable(),
  closedByName: z.string().nullable(),
  closedOn: plainDate.nullable(),
  closing: z.string().nullable(),
  acts: z.array(z.enum(inspectionActs)),
  lock: z.int(),
});
export type InspectionItem = z.output<typeof item>;

const filter = {
  state: z.enum(inspectionStates).optional(),
  source: z.enum(inspectionSources).optional(),
  region: regionCode.optional(),
  overdue: z.enum(["true", "false"]).optional(),
};
export const listInspections = query({
  path: "/api/subsidies/inspections",
  summary: "查看检查问题整改",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ ...paging, ...filter }),
  output: pageOf(item).extend({ open: z.int(), late: z.int() }),
});

export const downloadInspections = download({
  path: "/api/subsidies/inspections/:format",
  summary: "导出整改台账",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ ...filter, format: z.enum(["xlsx", "docx", "pdf"]) }),
});

const words = (least: string) => z.string().trim().min(4, least).max(1000);
export const recordInspection = action({
  path: "/api/subsidies/inspections",
  summary: "登记检查问题",
  access: { permission: subsidiesPermissions.inspect },
  input: z
    .object({
      source: z.enum(inspectionSources),
      foundBy: z.string().trim().min(2, "请填写检查单位").max(60),
      foundOn: plainDate,
      document: z.string().trim().max(120).default(""),
      content: words("请写明问题，至少 4 个字"),
      demand: words("请写明整改要求，至少 4 个字"),
      responsible: z.string().trim().min(2, "请填写责任单位或责任人").max(60),
      amountFen: fen.min(0).nullable().default(null),
      dueOn: plainDate,
    })
    .refine(({ foundOn, dueOn }) => dueOn >= foundOn, { message: "整改期限不能早于发现日期", path: ["dueOn"] }),
  output: z.object({ itemId: id }),
});

const one = { itemId: id, lock: z.int() };
export const rectifyInspection = action({
  path: "/api/subsidies/inspections/:itemId/rectify",
  summary: "登记整改",
  access: { permission: subsidiesPermissions.rectify },
  input: z.object({
    ...one,
    measure: words("请写明怎样整改的，至少 4 个字"),
    evidence: words("请写明佐证材料（文号、凭证号、材料名称），至少 4 个字"),
  }),
  output: z.object({}),
});
export const closeInspection = action({
  path: "/api/subsidies/inspections/:itemId/close",
  summary: "核实销号",
  access: { permission: subsidiesPermissions.inspect },
  input: z.object({ ...one, closing: words("请写明核实的情况，至少 4 个字") }),
  output: z.object({}),
});
export const returnInspection = action({
  path: "/api/subsidies/inspections/:itemId/return",
  summary: "退回整改",
  access: { permission: subsidiesPermissions.inspect },
  input: z.object({ ...one, closing: words("请写明退回的理由，至少 4 个字") }),
  output: z.object({}),
});
