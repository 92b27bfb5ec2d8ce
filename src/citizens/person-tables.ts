import type { PersonTable } from "#registry";

const follows = (name: string, key: string): PersonTable => ({
  table: `citizens.${name}`,
  column: "person_id",
  key: [key],
  on: "move",
});

/** What somebody asked for or allowed under one of two records is his under the one that stays. */
export const citizensPersonTables: readonly PersonTable[] = [
  { ...follows("account", "account_id"), title: "群众账号", labels: { phone_mask: "手机号", bound_at: "实名时间" } },
  follows("link", "link_id"),
  follows("mandate", "mandate_id"),
  follows("correction", "correction_id"),
];
