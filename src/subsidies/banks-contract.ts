import { z } from "zod";
import { action, query, regionCode } from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

/** Shapes of files in which banks take batches and answer them: our own plain one, and two samples of what is common. */
export const bankFormats = ["plain", "pipe", "card"] as const;
export type BankFormat = (typeof bankFormats)[number];
export const bankFormatLabels: Record<BankFormat, string> = {
  plain: "通用 CSV",
  pipe: "竖线分隔 TXT（样例）",
  card: "一卡通代发清单 XLSX（样例）",
};
export const bankFormatNotes: Record<BankFormat, string> = {
  plain: "UTF-8，列名在第一行。多数网银的批量代发可以导入。",
  pipe: "GB18030，首行为批次汇总，每行一笔。按常见代发接口编写的样例，启用前请与开户行核对。",
  card: "工作簿，标题、列名、合计各占一行。按常见一卡通清单编写的样例，启用前请与代理银行核对。",
};

const region = regionCode.length(6, "银行文件格式按县（市、区）设置");

export const getBankFormat = query({
  path: "/api/subsidies/bank-format",
  summary: "查看银行文件格式",
  access: { permission: subsidiesPermissions.read },
  input: z.object({}),
  output: z.object({
    /** Null where the caller answers for more than one county: each has its own. */
    region: z.string().nullable(),
    format: z.enum(bankFormats),
    setByName: z.string().nullable(),
    setAt: z.iso.datetime({ offset: true }).nullable(),
  }),
});

/** Holds for batches that are sent from now on; what was sent keeps the format in which it went. */
export const setBankFormat = action({
  path: "/api/subsidies/bank-format",
  summary: "设置银行文件格式",
  access: { permission: subsidiesPermissions.pay },
  input: z.object({ region, format: z.enum(bankFormats) }),
  output: z.object({}),
});
