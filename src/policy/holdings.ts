import type { Holdings } from "../platform/privacy/index.ts";

/** What the rulebook holds of people: rows handed over for rules, and what came out of them. */
export const policyHoldings: Holdings = {
  title: "政策与筛查",
  tables: [
    {
      table: "policy.fact_row",
      title: "其他部门提供的记录",
      purpose: "按政策规则核对能否享受",
      basis: ["duty-of-office", "subsidies"],
      period: "money",
      seenBy: "登记单位所在地的经办人员",
      end: "anonymise",
      bookkeeping: ["fact_row_id", "source", "employer_id"],
      fields: {
        person_id: { label: "人员编号", derived: true },
        code: { label: "编号" },
        facts: { label: "规则所需的各项事实", sensitive: "health" },
      },
      keeps: { person: "person_id", event: "t.recorded_on" },
    },
    {
      table: "policy.result",
      title: "筛查结果",
      purpose: "告诉经办人谁可能符合哪项政策",
      basis: ["duty-of-office", "subsidies"],
      period: "person",
      seenBy: "结果所在地的经办人员",
      end: "erase",
      bookkeeping: [
        "version_id",
        "screening_id",
        "claim",
        "as_of",
        "unknown",
        "missing_facts",
        "missing_parameters",
        "review",
      ],
      fields: {
        person_id: { label: "人员编号", derived: true },
        row_key: { label: "所据记录" },
        outcome: { label: "结果" },
        amount_fen: { label: "金额" },
        fund: { label: "资金渠道" },
        event_date: { label: "所属日期" },
        not_yet: { label: "将来符合之日" },
      },
    },
    {
      table: "policy.touched",
      title: "待重新筛查的人员",
      purpose: "台账应用后只重新筛查有变化的人",
      basis: ["duty-of-office"],
      period: "code",
      seenBy: "仅后台处理",
      end: "erase",
      fields: { person_id: { label: "人员编号", derived: true } },
    },
  ],
  aside: {
    "policy.setting": "各地标准，不含个人",
    "policy.simulation": "测算结果只有人数和金额",
  },
  erasure: [
    {
      table: "policy.fact_row",
      sql: "UPDATE policy.fact_row t SET person_id = e.new_id FROM erasing e WHERE t.person_id = e.old_id",
    },
    { table: "policy.result", sql: "DELETE FROM policy.result t USING erasing e WHERE t.person_id = e.old_id" },
    { table: "policy.touched", sql: "DELETE FROM policy.touched t USING erasing e WHERE t.person_id = e.old_id" },
  ],
};
