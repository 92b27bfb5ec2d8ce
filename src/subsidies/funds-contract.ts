import { z } from "zod";
import { action, fen, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { subsidiesPermissions } from "./permissions.ts";

export const fundLevels = ["中央", "省级", "市级", "县级"] as const;
export const movementKinds = [
  "budget",
  "transfer",
  "reserve",
  "release",
  "spend",
  "return",
  "recover",
  "refund",
] as const;
export const movementLabels: Record<(typeof movementKinds)[number], string> = {
  budget: "下达、调整",
  transfer: "调剂",
  reserve: "占用",
  release: "释放",
  spend: "支出",
  return: "退回",
  recover: "追回",
  refund: "退还",
};

export const fundLine = z.object({
  fundLineId: id,
  place: z.object({ code: z.string(), name: z.string(), fullName: z.string() }),
  fund: z.string(),
  level: z.enum(fundLevels),
  year: z.int(),
  document: z.string(),
  rules: z.array(z.string()),
  validFrom: plainDate,
  validTo: plainDate.nullable(),
  budgetFen: fen,
  reservedFen: fen,
  spentFen: fen,
  leftFen: fen,
  sample: z.boolean(),
});
export type FundLine = z.output<typeof fundLine>;

/** Whole, for a county has few: sums of a city or province are made of them. */
export const listFundLines = query({
  path: "/api/subsidies/funds",
  summary: "查看资金额度",
  access: { permission: subsidiesPermissions.read },
  input: z.object({
    year: z.coerce.number().int().min(2000).max(2999).optional(),
    fund: z.string().max(80).optional(),
    region: regionCode.optional(),
  }),
  output: z.object({
    rows: z.array(fundLine),
    funds: z.array(z.string()),
    /** Measures that pay: to one or more of them a line may be bound. */
    measures: z.array(z.object({ rule: z.string(), title: z.string() })),
  }),
});

export const listFundMovements = query({
  path: "/api/subsidies/funds/:fundLineId/movements",
  summary: "查看资金流水",
  access: { permission: subsidiesPermissions.read },
  input: z.object({ fundLineId: id, ...paging }),
  output: pageOf(
    z.object({
      movementId: id,
      kind: z.enum(movementKinds),
      amountFen: fen,
      claimId: id.nullable(),
      claimNumber: z.string().nullable(),
      note: z.string(),
      officerName: z.string(),
      businessDate: plainDate,
      at: z.iso.datetime({ offset: true }),
    }),
  ),
});

export const addFundLine = action({
  path: "/api/subsidies/funds",
  summary: "登记资金额度",
  access: { permission: subsidiesPermissions.funds },
  input: z
    .object({
      region: regionCode.length(6, "资金额度登记到县（市、区）"),
      fund: z.string().trim().min(2, "请选择资金渠道").max(80),
      level: z.enum(fundLevels),
      year: z.int().min(2000).max(2999),
      document: z.string().trim().min(2, "请填写下达文件的名称或文号").max(120),
      rules: z.array(z.string().max(80)).max(50).default([]),
      validFrom: plainDate,
      validTo: plainDate.nullable().default(null),
      amountFen: fen.min(1, "金额应大于 0"),
    })
    .refine(({ validFrom, validTo }) => validTo === null || validTo >= validFrom, {
      message: "截止日期不能早于起始日期",
      path: ["validTo"],
    }),
  output: z.object({ fundLineId: id }),
});

/** Raises or cuts a line by a document; nothing that is kept or spent can be cut. */
export const adjustFundLine = action({
  path: "/api/subsidies/funds/:fundLineId/adjust",
  summary: "调整资金额度",
  access: { permission: subsidiesPermissions.funds },
  input: z.object({
    fundLineId: id,
    amountFen: fen.refine((amount) => amount !== 0, "金额不能为 0"),
    document: z.string().trim().min(2, "请填写依据的文件").max(120),
  }),
  output: z.object({ leftFen: fen }),
});

/** Between two lines of one fund and office: 统筹调剂. */
export const transferFunds = action({
  path: "/api/subsidies/funds/:fundLineId/transfer",
  summary: "调剂资金额度",
  access: { permission: subsidiesPermissions.funds },
  input: z.object({
    fundLineId: id,
    toFundLineId: id,
    amountFen: fen.min(1, "金额应大于 0"),
    document: z.string().trim().min(2, "请填写依据的文件").max(120),
  }),
  output: z.object({}),
});
