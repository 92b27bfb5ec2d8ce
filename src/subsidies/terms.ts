import type { SettingKind, SettingValue } from "./contract.ts";

/**
 * Samples, used until an office has set its own by a document (办理设定). The sources say 及时 and give no number (AMB-29): terms are in
 * working days, amounts in fen.
 */
export const SAMPLES: { readonly [K in SettingKind]: SettingValue<K> } = {
  terms: {
    proposed: 20,
    submitted: 5,
    accepted: 10,
    checked: 5,
    escalated: 5,
    approved: 5,
    cleared: 10,
    paying: 10,
    paid: 5,
  },
  levels: [{ fromFen: 5_000_000, by: "leader" }],
  publicity: { workdays: 5 },
  answer: { workdays: 10 },
  idle: { days: 90, behind: 20 },
  recovery: { notify: 5, reply: 5, decide: 10, pay: 15, instalments: 24, writeOff: 10, refund: 10 },
};
