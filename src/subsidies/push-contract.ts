import { z } from "zod";
import { action, fen, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { answerWays, payeeAnswers } from "./payee-words.ts";
import { payeePermissions } from "./permissions.ts";

export const pushChannels = ["sms", "wechat", "outbox", "visit"] as const;
export type PushChannel = (typeof pushChannels)[number];
export const pushChannelLabels: Record<PushChannel, string> = {
  sms: "短信",
  wechat: "公众号",
  outbox: "演示发件箱",
  visit: "上门",
};

export const pushStates = ["waiting", "sending", "sent", "failed", "visit", "visited"] as const;
export type PushState = (typeof pushStates)[number];
export const pushStateLabels: Record<PushState, string> = {
  waiting: "待发送",
  sending: "结果不明",
  sent: "已发出",
  failed: "发送失败",
  visit: "待上门",
  visited: "已上门",
};

const may = (permission: string) => ({ permission });
const moment = z.iso.datetime({ offset: true });

const pushRow = z.object({
  pushId: id,
  claimId: id,
  claimNumber: z.string(),
  title: z.string(),
  amountFen: fen,
  payeeName: z.string(),
  phoneMask: z.string(),
  place: z.string(),
  channel: z.enum(pushChannels),
  state: z.enum(pushStates),
  round: z.int(),
  problem: z.string().nullable(),
  writtenOn: plainDate,
  expiresOn: plainDate,
  sentAt: moment.nullable(),
  openedAt: moment.nullable(),
  answer: z.enum(payeeAnswers).nullable(),
  answeredOn: plainDate.nullable(),
  answeredBy: z.enum(answerWays).nullable(),
  /** Of a claim that still waits: he did not confirm, and the office has to see to it. */
  pending: z.boolean(),
});
export type PushRow = z.output<typeof pushRow>;

export const listPushes = query({
  path: "/api/subsidies/pushes",
  summary: "查看补贴消息",
  access: may(payeePermissions.push),
  audit: "query",
  input: z.object({
    ...paging,
    region: regionCode.optional(),
    state: z.enum(pushStates).optional(),
    rule: z.string().max(80).optional(),
    pending: z.enum(["true", "false"]).optional(),
  }),
  output: pageOf(pushRow),
});

const figures = z.object({
  written: z.int(),
  sent: z.int(),
  failed: z.int(),
  unknown: z.int(),
  visits: z.int(),
  opened: z.int(),
  confirmed: z.int(),
  otherwise: z.int(),
  /** Days from sending to confirming: half took no longer. */
  medianDays: z.number().nullable(),
});
export type PushFigures = z.output<typeof figures>;

/** What messages have brought about, by measure and county. */
export const pushFigures = query({
  path: "/api/subsidies/pushes/figures",
  summary: "查看补贴消息成效",
  access: may(payeePermissions.push),
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    rows: z.array(figures.extend({ rule: z.string(), title: z.string(), county: z.string(), countyName: z.string() })),
    all: figures,
    /** Claims that wait for their payee, and of these: whom no message is written to because he wants none. */
    proposed: z.int(),
    unwanted: z.int(),
    /** Why nothing goes out now; null: it does. */
    stopped: z.string().nullable(),
  }),
});

/** Writes messages for whoever waits, and sends them, now instead of at the next quarter of an hour. */
export const sendPushes = action({
  path: "/api/subsidies/pushes/send",
  summary: "发送补贴消息",
  access: may(payeePermissions.push),
  input: z.object({}),
  output: z.object({ taskId: id }),
});

const visit = z.object({
  pushId: id,
  personId: id,
  personName: z.string(),
  identityMask: z.string(),
  place: z.string(),
  title: z.string(),
  amountFen: fen,
  state: z.enum(["visit", "visited"]),
  writtenOn: plainDate,
  visitedByName: z.string().nullable(),
  answer: z.enum(payeeAnswers).nullable(),
  note: z.string(),
});
export type VisitRow = z.output<typeof visit>;

/** People without a telephone number, by their homes: who lives there is told at the door. */
export const listVisits = query({
  path: "/api/subsidies/visits",
  summary: "查看待上门告知的补贴",
  access: may(payeePermissions.visit),
  audit: "query",
  input: z.object({ ...paging, region: regionCode.optional(), state: z.enum(["visit", "visited"]).optional() }),
  output: pageOf(visit),
});
export const noteVisit = action({
  path: "/api/subsidies/visits/:pushId",
  summary: "登记上门告知",
  access: may(payeePermissions.visit),
  input: z.strictObject({
    pushId: id,
    /** Null: told, and not decided yet. */
    answer: z.enum(payeeAnswers).nullable(),
    note: z.string("请写明上门情况").trim().min(2, "请写明上门情况，至少 2 个字").max(200, "最多 200 个字"),
  }),
  output: z.object({}),
});

export const payeeOffice = z.object({
  name: z.string("请填写机关名称").trim().min(4, "机关名称至少 4 个字").max(60),
  mark: z
    .string("请填写机关代字")
    .trim()
    .regex(/^\p{Script=Han}{2,10}$/u, "机关代字是 2 至 10 个汉字，如“花人社”"),
  contact: z.string("请填写联系单位和电话").trim().min(4, "请写明联系单位和电话").max(120),
  reviewBody: z.string("请填写行政复议机关").trim().min(4, "请写明行政复议机关").max(60),
  court: z.string("请填写有管辖权的法院").trim().min(4, "请写明有管辖权的法院").max(60),
  messages: z.boolean(),
  channel: z.enum(["sms", "wechat"]),
  everyDays: z.int().min(1).max(365),
  mostMessages: z.int().min(1).max(10),
  linkDays: z.int().min(1).max(60),
  quietFrom: z.int().min(0).max(23),
  quietTo: z.int().min(0).max(23),
});
export type PayeeOffice = z.output<typeof payeeOffice>;

export const getPayeeOffice = query({
  path: "/api/subsidies/office",
  summary: "查看对外事项设置",
  access: may(payeePermissions.push),
  input: z.object({}),
  output: payeeOffice.extend({
    region: z.string(),
    /** Made up for demonstrations and first days: nobody has set it. */
    sample: z.boolean(),
    setByName: z.string().nullable(),
  }),
});
export const setPayeeOffice = action({
  path: "/api/subsidies/office",
  summary: "修改对外事项设置",
  access: may(payeePermissions.templates),
  input: payeeOffice,
  output: z.object({}),
});
