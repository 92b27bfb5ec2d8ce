/**
 * Benefits that limits count, in the office's words → the key under which measures count them. Several measures may draw on one: every
 * 社会保险补贴 ever received adds up (AMB-11). A test holds the list to the limits of the rulebook.
 */
export const BENEFIT_KEYS = {
  劳务输出就业创业服务补助: "HN-introduction",
  一次性交通补助: "HN-transport",
  社会保险补贴: "social-insurance",
  以工代训职业培训补贴: "HN-work-training",
  一次性创业补贴: "startup-once",
  "乡村就业工厂（帮扶车间）吸纳奖补": "GS-workshop",
  省级劳务品牌认定补助: "GS-brand-recognition",
  省级劳务品牌评优补助: "GS-brand-evaluation",
} as const;
export type Benefit = keyof typeof BENEFIT_KEYS;
export const BENEFITS = Object.keys(BENEFIT_KEYS) as readonly Benefit[];

export * from "./applications-contract.ts";
export * from "./banks-contract.ts";
export * from "./claims-contract.ts";
export { claimActWords } from "./claim-words.ts";
export * from "./funds-contract.ts";
export * from "./inspections-contract.ts";
export * from "./letters-contract.ts";
export * from "./payee-contract.ts";
export * from "./payments-contract.ts";
export * from "./prepayments-contract.ts";
export * from "./publicity-contract.ts";
export * from "./recalculation-contract.ts";
export * from "./recovery-contract.ts";
export * from "./unpaid-contract.ts";
export * from "./reports-contract.ts";
export * from "./settings-contract.ts";
export * from "./push-contract.ts";
export { payeePermissions, subsidiesPermissions } from "./permissions.ts";
export * from "./trace-contract.ts";
export * from "./uncounted-contract.ts";
