import { registersHeld } from "#registers";
import { jobsRegisters } from "./registers.ts";

/** What this domain holds of people: its registers, in the field register (字段台账). */
export const jobsHoldings = registersHeld("岗位与输送", jobsRegisters, {
  introductions: {
    period: "service",
    event: "coalesce(t.started_on, t.introduced_on)",
    purpose: "审核劳务输出就业创业服务补助，记录就业服务",
  },
  agencies: { period: "service", purpose: "核对服务机构、劳务经纪人的资质" },
});
