import { z } from "zod";
import { regionName } from "#registry/contract";
import { action, defineFlow, id, pageOf, paging, plainDate, query, regionCode } from "../../platform/contract.ts";
import { countyContact } from "../pairs/contract.ts";
import { duplicatesPermissions } from "../permissions.ts";

/** Days the other county has to answer; then the level above both may decide in its place. */
export const TRANSFER_DUE_DAYS = 10;

export const transferStates = [
  "requested",
  "escalated",
  "consented",
  "done",
  "refused",
  "withdrawn",
  "failed",
] as const;
export type TransferState = (typeof transferStates)[number];
export const transferStateLabels: Record<TransferState, string> = {
  requested: "待对方答复",
  escalated: "逾期，已报上级",
  consented: "已同意，办理中",
  done: "已转移",
  refused: "对方不同意",
  withdrawn: "已撤回",
  failed: "未能完成",
};
const transferActs = ["consent", "refuse", "withdraw", "escalate", "finish", "fail"] as const;
export type TransferAct = (typeof transferActs)[number];

/** 跨县转移的生命周期: consent of both counties, the asking one by asking. */
export const transferFlow = defineFlow<TransferState, TransferAct>({
  requested: { consent: "consented", refuse: "refused", withdraw: "withdrawn", escalate: "escalated" },
  escalated: { consent: "consented", refuse: "refused", withdraw: "withdrawn" },
  consented: { finish: "done", fail: "failed" },
  done: {},
  refused: {},
  withdrawn: {},
  failed: {},
});

export const transferKinds = ["duplicate", "moved"] as const;
export type TransferKind = (typeof transferKinds)[number];
export const transferKindLabels: Record<TransferKind, string> = { duplicate: "重复登记", moved: "户籍迁移" };

const note = z.string().trim().min(2, "请写明依据").max(200, "依据最多 200 个字");

export const requestForPair = action({
  path: "/api/duplicates/pairs/:pairId/transfer",
  summary: "申请跨县转移",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({
    pairId: id,
    /** asking: the record and the home stay here; asked: they go to the other county. */
    keeps: z.enum(["asking", "asked"]),
    note,
  }),
  output: z.object({ transferId: id }),
});

export const requestMove = action({
  path: "/api/duplicates/transfers",
  summary: "申请迁入",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({
    name: z.string().trim().min(2, "请填写姓名").max(50, "姓名最多 50 个字"),
    number: z.string().trim().min(6, "请填写证件号码").max(30, "证件号码过长"),
    /** The new home, in the asking county. */
    region: regionCode,
    note,
  }),
  output: z.object({ transferId: id, county: regionName }),
});

export const transferRow = z.object({
  transferId: id,
  kind: z.enum(transferKinds),
  keeps: z.enum(["asking", "asked"]),
  state: z.enum(transferStates),
  /** sent: by the asker's area; received: of it; between: the asker stands above both. */
  box: z.enum(["sent", "received", "between"]),
  other: countyContact,
  asking: regionName,
  asked: regionName,
  /** Own record concerned, where the asker may see it. */
  person: z.object({ personId: id, name: z.string(), identityMask: z.string() }).nullable(),
  pairId: id.nullable(),
  toRegion: regionName.nullable(),
  reason: z.string(),
  dueOn: plainDate,
  overdue: z.boolean(),
  /** Named to the own side only; the other side has the contact. */
  askedByName: z.string().nullable(),
  askedByOffice: z.string().nullable(),
  askedOn: plainDate,
  escalatedOn: plainDate.nullable(),
  answeredByName: z.string().nullable(),
  answeredByOffice: z.string().nullable(),
  answeredOn: plainDate.nullable(),
  answer: z.string().nullable(),
  effect: z.string().nullable(),
  /** What the asker may do with it now. */
  may: z.array(z.enum(["consent", "refuse", "withdraw"])),
});
export type TransferRow = z.output<typeof transferRow>;

export const boxes = ["received", "sent"] as const;

export const listTransfers = query({
  path: "/api/duplicates/transfers",
  summary: "查看跨县转移",
  access: { permission: duplicatesPermissions.transfer },
  audit: "query",
  input: z.object({ ...paging, box: z.enum(boxes).default("received"), state: z.enum(transferStates).optional() }),
  output: pageOf(transferRow),
});

export const countTransfers = query({
  path: "/api/duplicates/transfers/counts",
  summary: "查看跨县转移",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({}),
  output: z.object({ received: z.int(), sent: z.int(), overdue: z.int() }),
});

export const getTransfer = query({
  path: "/api/duplicates/transfers/:transferId",
  summary: "查看跨县转移",
  access: { permission: duplicatesPermissions.transfer },
  audit: "query",
  input: z.object({ transferId: id }),
  output: transferRow,
});

export const answerTransfer = action({
  path: "/api/duplicates/transfers/:transferId/answer",
  summary: "答复跨县转移",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({ transferId: id, act: z.enum(["consent", "refuse", "withdraw"]), note }),
  output: z.object({ state: z.enum(transferStates), taskId: id.nullable() }),
});

export const getContact = query({
  path: "/api/duplicates/contact",
  summary: "查看本县联系人",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({}),
  output: countyContact.nullable(),
});

export const setContact = action({
  path: "/api/duplicates/contact",
  method: "PUT",
  summary: "登记本县联系人",
  access: { permission: duplicatesPermissions.transfer },
  input: z.object({
    office: z.string().trim().min(2, "请填写单位").max(60, "单位名称最多 60 个字"),
    personName: z.string().trim().min(2, "请填写联系人").max(30, "姓名最多 30 个字"),
    phone: z
      .string()
      .trim()
      .regex(/^[\d+\-() ]{7,20}$/, "请填写办公电话，如 0743-1234567"),
  }),
  output: countyContact,
});
