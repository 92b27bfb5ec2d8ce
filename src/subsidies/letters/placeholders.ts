import type { TemplateKind } from "../contract.ts";

interface Placeholder {
  /** What it stands for, as the editor of a wording reads it. */
  readonly says: string;
}

/** Everything that may stand in a wording. */
const all = {
  机关: { says: "发文机关的名称" },
  文号: { says: "本文书的编号，自动连续编排" },
  日期: { says: "签发日期" },
  姓名: { says: "收款人的姓名或单位名称" },
  项目: { says: "补贴项目的名称" },
  编号: { says: "补贴件编号" },
  金额: { says: "补贴金额（元，到分）" },
  项数: { says: "明细的项数" },
  人数: { says: "涉及的人数" },
  资金: { says: "资金渠道" },
  生成日期: { says: "补贴件生成（申请）的日期" },
  理由: { says: "办理时填写的意见、理由" },
  依据: { says: "政策文件的名称、文号和条款" },
  条件: { says: "规则写明的条件，逐条列出" },
  期限: { says: "下一步最迟办结的日期" },
  联系: { says: "联系单位和电话" },
  复议机关: { says: "行政复议机关" },
  法院: { says: "有管辖权的法院" },
  救济: { says: "行政复议和行政诉讼的告知，整句" },
  链接: { says: "本人确认的一次性链接" },
  截止日期: { says: "链接的最后一天" },
} as const satisfies Record<string, Placeholder>;
export type PlaceholderName = keyof typeof all;

const ofLetters: readonly PlaceholderName[] = [
  "机关",
  "文号",
  "日期",
  "姓名",
  "项目",
  "编号",
  "金额",
  "项数",
  "人数",
  "资金",
  "生成日期",
  "理由",
  "依据",
  "条件",
  "期限",
  "联系",
  "复议机关",
  "法院",
  "救济",
];

interface TemplateRule {
  readonly names: readonly PlaceholderName[];
  /** What the law or the purpose asks to be said. */
  readonly needed: readonly PlaceholderName[];
}

/**
 * What may stand in each wording, and what must. A refusal says its reason, its basis and where it can be challenged (行政复议法 第二十条
 * asks that the right, the body and the term be told; 行政诉讼法 第四十六条); whoever is to supply something is told what.
 */
export const templateRules: Record<TemplateKind, TemplateRule> = {
  acceptance: { names: ofLetters, needed: ["姓名", "项目", "编号"] },
  correction: { names: ofLetters, needed: ["姓名", "项目", "理由"] },
  refusal: { names: ofLetters, needed: ["姓名", "项目", "理由", "依据", "救济"] },
  award: { names: ofLetters, needed: ["姓名", "项目", "金额", "依据"] },
  message: {
    names: ["机关", "姓名", "项目", "金额", "编号", "依据", "联系", "链接", "截止日期"],
    needed: ["项目", "金额", "链接", "截止日期"],
  },
};

export const placeholderOf = (name: PlaceholderName): Placeholder => all[name];

/** The program's own wordings, which hold until an office has approved one. */
export const ownWordings: Record<TemplateKind, { readonly title: string; readonly body: string }> = {
  acceptance: {
    title: "受理通知书",
    body: `{姓名}：
你（单位）的“{项目}”（编号 {编号}），本机关已受理。
请留意办理进度，本环节最迟于 {期限} 办结。
查询和咨询：{联系}。`,
  },
  correction: {
    title: "补正通知书",
    body: `{姓名}：
你（单位）的“{项目}”（编号 {编号}），还需要补充以下内容：
{理由}
补齐以前办理期限停止计算，补齐后接着办理。部门之间已经核对过的材料不用再交。
咨询：{联系}。`,
  },
  refusal: {
    title: "不予发放决定书",
    body: `{姓名}：
你（单位）的“{项目}”（编号 {编号}），经审核，本机关决定不予发放。
理由：{理由}
依据：{依据}。
{救济}
咨询：{联系}。`,
  },
  award: {
    title: "发放决定书",
    body: `{姓名}：
你（单位）的“{项目}”（编号 {编号}），经审核符合规定，本机关决定发放人民币 {金额} 元，资金渠道：{资金}。
依据：{依据}。
公示期满、没有异议的，拨付到登记的账户。
对金额有异议的，可以在“我的补贴”里申请复核。{救济}
咨询：{联系}。`,
  },
  message: {
    title: "补贴消息",
    body: `【稳岗】{姓名}：按{依据}，您可以领取“{项目}”{金额}元。请在{截止日期}前点开确认：{链接} 。链接只给您本人，不要转发；工作人员不会为此收费或要验证码。{联系}`,
  },
};
