import { registersHeld } from "#registers";
import { subsidiesRegisters } from "./registers.ts";

/** What this domain holds of people: its registers, in the field register (字段台账). */
export const subsidiesHoldings = registersHeld("补贴", subsidiesRegisters, {
  "past-benefits": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "coalesce(t.paid_on, t.event_date)",
    purpose: "限次、限期、不重复享受的核对，资金监督",
  },
  "work-training": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "t.month_from",
    purpose: "审核以工代训补贴",
  },
  "insurance-reviews": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event: "t.decided_on",
    purpose: "审核社会保险补贴",
  },
});
