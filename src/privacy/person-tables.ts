import type { PersonTable } from "#registry";

/** What somebody asked for, agreed to and took back under one of two records is his under the one that stays. */
export const privacyPersonTables: readonly PersonTable[] = [
  {
    table: "privacy.request",
    column: "person_id",
    key: ["request_id"],
    on: "move",
    title: "删除申请",
    labels: { reason: "理由", state: "状态" },
  },
  {
    table: "privacy.consent",
    column: "person_id",
    key: ["kind"],
    on: "move",
    title: "单独同意",
    labels: { given_at: "同意时间", withdrawn_at: "撤回时间" },
  },
];
