import { registersHeld } from "#registers";
import { trainingRegisters } from "./registers.ts";

/** What this domain holds of people: its registers, in the field register (字段台账). */
export const trainingHoldings = registersHeld("培训", trainingRegisters, {
  "training-enrolments": {
    basis: ["duty-of-office", "subsidies", "accounts"],
    period: "money",
    event:
      "coalesce(t.certified_on, (SELECT coalesce(c.ended_on, c.started_on) FROM training.training_class c WHERE c.class_id = t.class_id))",
    purpose: "记录职业技能培训，审核培训补贴",
  },
});
