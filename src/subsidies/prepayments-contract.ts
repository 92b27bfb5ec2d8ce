import { z } from "zod";
import { action, fen, id, pageOf, paging, plainDate, query } from "../platform/contract.ts";
import { claimStates } from "./claims-contract.ts";
import { recoveryStates } from "./recovery-contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const prepaymentStates = ["open", "void", "settled", "owed"] as const;
export type PrepaymentState = (typeof prepaymentStates)[number];
export const prepaymentStateLabels: Record<PrepaymentState, string> = {
  open: "未结算",
  void: "未预付",
  settled: "已结算",
  owed: "应退",
};

const prepaymentRow = z.object({
  prepaymentId: id,
  claimId: id,
  number: z.string(),
  claimState: z.enum(claimStates),
  place: z.object({ code: z.string(), name: z.string(), fullName: z.string() }),
  title: z.string(),
  payeeName: z.string(),
  document: z.string(),
  plan: z.string(),
  amountFen: fen,
  begunOn: plainDate,
  settleBy: plainDate,
  overdue: z.boolean(),
  state: z.enum(prepaymentStates),
  settledOn: plainDate.nullable(),
  settledBy: z.string().nullable(),
  actualFen: fen.nullable(),
  owedFen: fen,
  /** The case that takes back what is owed. */
  recovery: z.object({ recoveryId: id, number: z.string(), state: z.enum(recoveryStates) }).nullable(),
  /** Whether what was found since may still take off what is owed. */
  correctable: z.boolean(),
  balance: z.object({ claimId: id, number: z.string(), amountFen: fen }).nullable(),
});
export type PrepaymentRow = z.output<typeof prepaymentRow>;

const { read, handle } = subsidiesPermissions;

export const listPrepayments = query({
  path: "/api/subsidies/prepayments",
  summary: "查看预付和结算",
  access: { permission: read },
  audit: "query",
  input: z.object({ ...paging, state: z.enum([...prepaymentStates, "overdue"]).optional() }),
  output: pageOf(prepaymentRow),
});

/** What may be prepaid in the caller's county: measures, and who has been or can be paid under each. */
export const prepayable = query({
  path: "/api/subsidies/prepayable",
  summary: "查看可预付的项目",
  access: { permission: handle },
  input: z.object({}),
  output: z.object({
    rules: z.array(
      z.object({ rule: z.string(), title: z.string(), funds: z.array(z.string()), document: z.string().nullable() }),
    ),
  }),
});
export const findPrepayees = query({
  path: "/api/subsidies/prepayable/:rule/payees",
  summary: "查找预付对象",
  access: { permission: handle },
  audit: "query",
  input: z.object({ rule: z.string().max(80), search: z.string().trim().min(2, "请输入名称，至少 2 个字").max(60) }),
  output: z.object({ rows: z.array(z.object({ payeeId: id, name: z.string() })) }),
});

const words = (least: number, most: number, missing: string) => z.string(missing).trim().min(least, missing).max(most);
export const prepay = action({
  path: "/api/subsidies/prepayments",
  summary: "申请定额预付",
  access: { permission: handle },
  input: z.strictObject({
    rule: z.string().max(80),
    payeeId: id,
    fund: z.string().max(80).default(""),
    amountFen: fen.positive("预付金额要大于零").max(1_000_000_000_00),
    document: words(4, 200, "请写明允许预付的文件名称和文号"),
    plan: words(4, 500, "请写明预付所依据的计划，如：全年培训 3 期 120 人"),
    settleBy: plainDate,
  }),
  output: z.object({ prepaymentId: id, claimId: id }),
});

const settlement = z.object({
  /** Found and not claimed: of a settlement all, of a corrected one what came since. */
  items: z.int(),
  actualFen: fen,
  balanceFen: fen,
  owedFen: fen,
  /** Taken off what is being recovered; 0 in a first settlement. */
  reducedFen: fen,
});
/** What screening has found by now for the payee under the measure, held against what was prepaid. */
export const previewSettlement = query({
  path: "/api/subsidies/prepayments/:prepaymentId/settlement",
  summary: "试算预付结算",
  access: { permission: handle },
  input: z.object({ prepaymentId: id }),
  output: settlement,
});
export const settlePrepayment = action({
  path: "/api/subsidies/prepayments/:prepaymentId/settle",
  summary: "结算预付",
  access: { permission: handle },
  input: z.strictObject({
    prepaymentId: id,
    /** As it was shown: what has changed since is shown again first. */
    actualFen: fen,
    note: z.string().trim().max(300).default(""),
  }),
  output: settlement,
});

/** Where more was found after a settlement that had money owed back: it is taken off, and what is beyond it is paid. */
export const correctPrepayment = action({
  path: "/api/subsidies/prepayments/:prepaymentId/correct",
  summary: "更正预付结算",
  access: { permission: handle },
  input: z.strictObject({
    prepaymentId: id,
    /** As it was shown, with what had been settled. */
    actualFen: fen,
    note: z.string().trim().min(2, "请写明为什么更正").max(300),
  }),
  output: settlement,
});
