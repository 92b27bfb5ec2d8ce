import type { Holdings } from "../platform/privacy/index.ts";

export const exportsHoldings: Holdings = {
  title: "导出",
  tables: [
    {
      table: "exports.mark",
      title: "导出的溯源标记",
      purpose: "名单外泄时查出来自哪次导出；告诉本人哪些导出含有他",
      basis: ["security", "handling-record"],
      period: "export",
      seenBy: "导出溯源权限人员；本人",
      end: "erase",
      bookkeeping: ["export_id"],
      fields: { mark: { label: "所导出行的摘要", derived: true } },
    },
  ],
  rules: [
    {
      id: "exports.mark",
      title: "导出的溯源标记",
      period: "export",
      table: "exports.mark",
      event: "(SELECT e.business_date FROM exports.export e WHERE e.export_id = t.export_id)",
      county: "(SELECT left(e.region, 6) FROM exports.export e WHERE e.export_id = t.export_id)",
    },
  ],
};
