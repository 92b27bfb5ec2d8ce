import { formatYuan } from "../../platform/money.ts";
import type { AuditRow } from "../contract.ts";

/** What an act touched, as domains write it (`ledger.batch:12`), in the office's words. */
const subjectKinds: Readonly<Record<string, string>> = {
  "citizens.account": "群众账号",
  "citizens.correction": "更正申请",
  "citizens.mandate": "代办授权",
  "citizens.member": "企业账号人员",
  "duplicates.merge": "档案合并",
  "duplicates.transfer": "跨县转移",
  "exports.export": "导出",
  "identity.officer": "用户",
  "identity.organisation": "单位",
  "ledger.batch": "台账批次",
  "months.closing": "关账",
  "months.month": "月度",
  "oversight.finding": "疑点",
  "policy.setting": "标准与参数",
  "policy.version": "规则版本",
  "privacy.run": "清除",
  "privacy.setting": "保存期限",
  register: "登记簿",
  "registry.comparison": "比对任务",
  "registry.employer": "用人单位",
  "registry.household": "家庭",
  "registry.person": "人员",
  "registry.region-alias": "区划别名",
  "subsidies.application": "补贴申请",
  "subsidies.bank-format": "银行文件格式",
  "subsidies.batch": "发放批次",
  "subsidies.claim": "补贴件",
  "subsidies.fund-line": "资金额度",
  "subsidies.fund-target": "绩效目标",
  "subsidies.inspection": "检查问题",
  "subsidies.letter": "文书",
  "subsidies.office": "对外事项设置",
  "subsidies.publication": "补贴公示",
  "subsidies.publication-list": "公示名单",
  "subsidies.push": "补贴消息",
  "subsidies.recovery": "追回",
  "subsidies.review": "复核申请",
  "subsidies.setting": "办理设定",
  "subsidies.template": "文书模板",
};

/** An account is named by its login, which people know; other things by their number. */
export function subjectWords({ subject, detail }: Pick<AuditRow, "subject" | "detail">): string {
  if (subject === null) return "—";
  const at = subject.indexOf(":");
  const kind = subjectKinds[at < 0 ? subject : subject.slice(0, at)];
  if (kind === undefined) return subject;
  return `${kind} ${typeof detail["login"] === "string" ? detail["login"] : subject.slice(at + 1).replaceAll(":", " ")}`;
}

export const subjectOptions = Object.entries(subjectKinds).map(([value, label]) => ({ value, label }));

const detailNames: Readonly<Record<string, string>> = {
  accepted: "采纳的建议",
  active: "启用",
  amountFen: "金额",
  after: "变更后",
  before: "变更前",
  bytes: "文件字节数",
  changed: "改动的字段",
  claims: "补贴件数",
  count: "数量",
  decision: "处理意见",
  department: "部门",
  digest: "校验码",
  document: "依据的文件",
  done: "办了",
  duties: "职责",
  exportNumber: "导出编号",
  file: "文件",
  filter: "查询条件",
  format: "格式",
  fund: "资金渠道",
  ground: "依据",
  indicator: "指标",
  kind: "类别",
  left: "没有办的",
  lists: "公示份数",
  lockedUntil: "锁定至",
  login: "登录名",
  month: "月份",
  name: "名称",
  note: "说明",
  number: "编号",
  of: "追溯的对象",
  organisation: "单位",
  paidFen: "到账金额",
  persons: "人数",
  purpose: "用途",
  raised: "转为比对的字段",
  readAs: "识别为",
  reason: "原因",
  reference: "票据号、流水号",
  region: "区域",
  returned: "退回笔数",
  sessionsEnded: "退出的登录",
  target: "目标",
  text: "查找内容",
  to: "调剂到",
  total: "符合条件",
  userAgent: "浏览器",
  year: "年度",
};

export interface DetailLine {
  readonly name: string;
  readonly text: string;
}

/** The detail of a row as lines to read; what is nested is named with its parent. */
export function detailLines(detail: AuditRow["detail"], parent = ""): DetailLine[] {
  return Object.entries(detail).flatMap(([key, value]) => {
    if (value === null || value === undefined || value === "") return [];
    // Marks of the persons on a page: for themselves, not for readers of the log.
    if (key === "shown" && Array.isArray(value)) return [{ name: "所示人员", text: `${value.length} 人（只有摘要）` }];
    const name = parent + (detailNames[key] ?? key);
    if (typeof value === "object" && !Array.isArray(value))
      return detailLines(value as AuditRow["detail"], `${name} · `);
    if (key.endsWith("Fen") && typeof value === "number") return [{ name, text: `${formatYuan(value)} 元` }];
    return [{ name, text: valueWords(value) }];
  });
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join("、");
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "string" ? value : JSON.stringify(value);
}
