import { z } from "zod";
import { action, fen, id, plainDate, query, regionCode } from "../platform/contract.ts";
import { MOST_INSTALMENTS } from "./recovery-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

/** States in which an act is awaited within a term. */
export const termStates = [
  "proposed",
  "submitted",
  "accepted",
  "checked",
  "escalated",
  "approved",
  "cleared",
  "paying",
  "paid",
] as const;

export const levelHands = ["leader", "city"] as const;
export const levelHandLabels: Record<(typeof levelHands)[number], string> = {
  leader: "本级领导",
  city: "市（州）级",
};

const workdays = z.int().min(1, "至少 1 个工作日").max(120, "最多 120 个工作日");
const level = z.object({ fromFen: fen.min(1, "金额应大于 0"), by: z.enum(levelHands) });

/** What an office may set, each with the shape of its value. */
export const settingValues = {
  terms: z.object(
    Object.fromEntries(termStates.map((state) => [state, workdays])) as Record<
      (typeof termStates)[number],
      typeof workdays
    >,
  ),
  /** From which amount on a further hand agrees, lowest first. */
  levels: z
    .array(level)
    .max(4, "最多四级")
    .refine((levels) => levels.every(({ fromFen }, at) => at === 0 || fromFen > levels[at - 1]!.fromFen), {
      message: "各级起点金额应由低到高，不能相同",
    }),
  publicity: z.object({ workdays }),
  answer: z.object({ workdays }),
  idle: z.object({
    /** A line with money left of which nothing was kept or spent for so many days. */
    days: z.int().min(10, "至少 10 天").max(730),
    /** Spent share behind the share of time that has gone, in percent. */
    behind: z.int().min(1, "至少 1 个百分点").max(100),
  }),
  /** Of a case that is filed from then on; in working days. */
  recovery: z.object({
    notify: workdays,
    /** At least so long the payee has to speak up. */
    reply: z.int().min(3, "陈述申辩至少 3 个工作日").max(60, "陈述申辩最多 60 个工作日"),
    decide: workdays,
    pay: workdays,
    instalments: z.int().min(2, "至少 2 期").max(MOST_INSTALMENTS, `最多 ${MOST_INSTALMENTS} 期`),
    writeOff: workdays,
    refund: workdays,
  }),
} as const;
export type SettingKind = keyof typeof settingValues;
export const settingKinds = Object.keys(settingValues) as [SettingKind, ...SettingKind[]];
export type SettingValue<K extends SettingKind> = z.output<(typeof settingValues)[K]>;

export const settingLabels: Record<SettingKind, string> = {
  terms: "各环节办理时限",
  levels: "分级审批金额",
  publicity: "公示天数",
  answer: "异议答复时限",
  idle: "资金闲置和进度预警",
  recovery: "追回期限和分期",
};

const setting = z.object({
  settingId: id.nullable(),
  kind: z.enum(settingKinds),
  value: z.union([
    settingValues.terms,
    settingValues.levels,
    settingValues.publicity,
    settingValues.idle,
    settingValues.recovery,
  ]),
  /** Whose document says so; null: the program's sample. */
  place: z.object({ code: z.string(), name: z.string(), fullName: z.string() }).nullable(),
  validFrom: plainDate.nullable(),
  document: z.string().nullable(),
  setByName: z.string().nullable(),
});
export type Setting = z.output<typeof setting>;

export const listOfficeSettings = query({
  path: "/api/subsidies/settings",
  summary: "查看办理设定",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ region: regionCode.optional() }),
  output: z.object({
    /** What holds there today, one of each kind. */
    inForce: z.array(setting),
    /** Everything that was set for the place or above it, newest first; also what is to come. */
    history: z.array(setting),
    maySet: z.boolean(),
  }),
});

const of = <K extends SettingKind>(kind: K) => z.object({ kind: z.literal(kind), value: settingValues[kind] });

export const setOfficeSetting = action({
  path: "/api/subsidies/settings",
  summary: "修改办理设定",
  access: { permission: subsidiesPermissions.settings },
  input: z.object({
    setting: z.discriminatedUnion("kind", [
      of("terms"),
      of("levels"),
      of("publicity"),
      of("answer"),
      of("idle"),
      of("recovery"),
    ]),
    validFrom: plainDate,
    document: z.string().trim().min(2, "请填写依据的文件").max(120),
  }),
  output: z.object({ settingId: id }),
});
