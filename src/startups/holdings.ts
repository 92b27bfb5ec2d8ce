import { registersHeld } from "#registers";
import { startupsRegisters } from "./registers.ts";

/** What this domain holds of people: its registers, in the field register (字段台账). */
export const startupsHoldings = registersHeld("创业", startupsRegisters, {
  "startup-entities": {
    period: "money",
    event: "t.closed_on",
    purpose: "审核一次性创业补贴，提供创业服务",
  },
  "startup-loans": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "CASE WHEN t.granted_on IS NULL THEN t.requested_on ELSE t.due_on END",
    purpose: "审核创业担保贷款和贴息",
    fields: {
      requested_fen: { sensitive: "account" },
      granted_fen: { sensitive: "account" },
    },
  },
  "park-tenancies": { period: "money", purpose: "核对创业园入驻" },
  "park-months": { basis: ["duty-of-office", "subsidies", "accounts"], period: "money", purpose: "核对租金减免" },
});
