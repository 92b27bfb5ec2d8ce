import type { PersonTable } from "#registry";

/** Where claims name people: those because of whom money is paid follow a merge, so that "once a year" counts them together. */
export const subsidiesPersonTables: readonly PersonTable[] = [
  {
    table: "subsidies.claim_item",
    column: "person_id",
    key: ["item_id"],
    on: "move",
    title: "补贴件明细",
    labels: { rule_path: "补贴规则", event_date: "所属日期", amount_fen: "金额" },
    money: true,
    paidOnce: ["rule_path", "event_date"],
  },
  {
    table: "subsidies.claim",
    column: "payee_person_id",
    key: ["claim_id"],
    on: "move",
    title: "补贴件",
    labels: { number: "编号", title: "补贴项目", amount_fen: "金额" },
    money: true,
  },
  {
    table: "subsidies.application",
    column: "person_id",
    key: ["application_id"],
    on: "move",
    title: "补贴申请",
    labels: { number: "编号", submitted_on: "提交日期" },
  },
];
