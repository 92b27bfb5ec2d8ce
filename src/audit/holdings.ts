import type { Holdings } from "../platform/privacy/index.ts";

export const auditHoldings: Holdings = {
  title: "审计日志",
  tables: [
    {
      table: "audit.entry",
      title: "审计日志",
      purpose: "谁在何时查看、导出、改动了什么，任何人不能删改",
      basis: ["network-log", "handling-record", "security"],
      period: "audit",
      seenBy: "审计与纪检、审计员；与本人有关的由本人查看",
      end: "archive",
      bookkeeping: ["entry_id", "at", "kind", "act", "outcome", "region", "count", "problem", "request_id", "tx"],
      fields: {
        officer_id: { label: "操作人编号" },
        officer_name: { label: "操作人" },
        organisation: { label: "操作人单位" },
        subject: { label: "所涉对象的编号" },
        detail: { label: "操作说明（不含号码）" },
        ip: { label: "网络地址" },
      },
    },
  ],
};
