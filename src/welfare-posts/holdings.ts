import { registersHeld } from "#registers";
import { welfarePostsRegisters } from "./registers.ts";

/** What this domain holds of people: its registers, in the field register (字段台账). */
export const welfarePostsHoldings = registersHeld("公益性岗位", welfarePostsRegisters, {
  placements: {
    basis: ["duty-of-office", "welfare-posts"],
    period: "money",
    event: "t.ended_on",
    purpose: "管理公益性岗位在岗人员，发放岗位补贴",
    fields: { hard_to_place: { sensitive: "hardship" }, hard_to_employ: { sensitive: "hardship" } },
  },
  "placement-contracts": {
    basis: ["duty-of-office", "welfare-posts"],
    period: "money",
    purpose: "核对岗位合同的签订和期限",
  },
  "placement-months": {
    basis: ["duty-of-office", "welfare-posts", "accounts"],
    period: "money",
    purpose: "按考勤发放岗位补贴",
  },
});
