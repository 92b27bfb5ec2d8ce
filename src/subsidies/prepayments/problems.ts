import type { Problem } from "../../platform/problem.ts";

export const prepaymentProblems = {
  nothingToCorrect: (): Problem => ({
    code: "subsidies.nothing-to-correct",
    status: 409,
    message: "结算后没有再核实到这个对象的事项，不用更正。事项刚登记的，请等夜里筛查后再试。",
  }),
  notCorrectable: (state: string): Problem => ({
    code: "subsidies.not-correctable",
    status: 409,
    message: `只有应退、追回还没有结束的预付才能更正结算，这笔的情况是“${state}”。以后核实的事项按新的补贴件办理。`,
  }),
  settlementMoved: (): Problem => ({
    code: "subsidies.settlement-moved",
    status: 409,
    message: "结算后又核实了这个对象的事项，应退的少于立案时的。请先到“预付和结算”更正结算，再作决定。",
  }),
};
