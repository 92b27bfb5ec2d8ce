import { Temporal } from "temporal-polyfill";
import type { LegalBasis } from "./law.ts";

/** How long something is kept, counted from an event that the rule or the table names. */
export interface Period {
  readonly label: string;
  /** From what the length counts, in words. */
  readonly from: string;
  readonly length: number;
  readonly unit: "months" | "days";
  /** The norm that gives the length; null: none does, and the length is an example that the office sets. */
  readonly norm: LegalBasis | null;
  /** Of the program and not of an office: holds without anybody's agreement, and nobody sets it. */
  readonly fixed?: true;
}

export const periods = {
  person: { label: "人员档案", from: "死亡或迁出登记之日", length: 60, unit: "months", norm: null },
  spell: { label: "已结束的务工经历", from: "务工止期", length: 120, unit: "months", norm: null },
  category: { label: "已退出的身份类别", from: "退出时间", length: 120, unit: "months", norm: null },
  reported: {
    label: "合同、参保、工资等报送记录",
    from: "合同终止或所属月份",
    length: 120,
    unit: "months",
    norm: null,
  },
  money: { label: "补贴、贷款等资金记录", from: "发放或审核之日", length: 360, unit: "months", norm: "accounts" },
  service: { label: "介绍、培训、岗位等服务记录", from: "服务结束之日", length: 120, unit: "months", norm: null },
  task: { label: "已办结的比对、疑点和转移", from: "办结之日", length: 60, unit: "months", norm: null },
  batch: { label: "台账批次的比对明细和修改", from: "批次办结之日", length: 24, unit: "months", norm: null },
  upload: { label: "上传的台账原件", from: "上传之日", length: 36, unit: "months", norm: null },
  evidence: { label: "授权和更正的证明材料", from: "办结或授权到期之日", length: 36, unit: "months", norm: null },
  export: { label: "导出的溯源标记", from: "导出之日", length: 36, unit: "months", norm: "handling-record" },
  account: { label: "群众账号", from: "最后一次登录", length: 36, unit: "months", norm: null },
  staged: { label: "没有办完的批次的暂存数据", from: "接收之日", length: 90, unit: "days", norm: null },
  draft: { label: "没有提交的申请草稿和材料", from: "最后一次填写之日", length: 90, unit: "days", norm: null },
  link: { label: "一次性链接", from: "到期之日", length: 6, unit: "months", norm: null },
  consent: { label: "撤回同意的内容", from: "撤回之日", length: 0, unit: "days", norm: "own-consent", fixed: true },
  code: { label: "短信验证码和发件箱", from: "发出之时", length: 1, unit: "days", norm: null, fixed: true },
  orphan: { label: "中断留下的加密文件", from: "写入之日", length: 2, unit: "days", norm: null, fixed: true },
  audit: {
    label: "审计日志（在线）",
    from: "所属月份结束",
    length: 6,
    unit: "months",
    norm: "network-log",
    fixed: true,
  },
  archive: {
    label: "审计日志（归档）",
    from: "归档之日",
    length: 36,
    unit: "months",
    norm: "handling-record",
    fixed: true,
  },
  office: { label: "工作人员账号", from: "停用之日", length: 36, unit: "months", norm: "handling-record", fixed: true },
} as const satisfies Record<string, Period>;
export type PeriodId = keyof typeof periods;
export const periodIds = Object.keys(periods) as readonly PeriodId[];

export const periodOf = (id: PeriodId): Period => periods[id];

export interface Length {
  readonly length: number;
  readonly unit: "months" | "days";
}

/**
 * The last day on which something is kept: the day that answers to the event's, or the month's last where it has none (民法典 第二百零二条).
 * What is kept until then goes on the day after. PostgreSQL's `date + interval` says the same.
 */
export function lastDayKept(event: string, { length, unit }: Length): string {
  return Temporal.PlainDate.from(event)
    .add(unit === "months" ? { months: length } : { days: length })
    .toString();
}

export const lengthWords = ({ length, unit }: Length): string =>
  unit === "days"
    ? length === 0
      ? "立即"
      : `${length} 天`
    : length % 12 === 0
      ? `${length / 12} 年`
      : `${length} 个月`;
