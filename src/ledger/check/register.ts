import { lastDay } from "../../platform/dates/index.ts";
import { readDate, tidy } from "../../platform/sheets/index.ts";
import { WAGE_LIMIT_FEN, type RowState } from "./row-state.ts";
import { maskNumbers } from "./text.ts";

const insuranceKinds = new Map([
  ["养老", "pension"],
  ["养老保险", "pension"],
  ["企业职工基本养老保险", "pension"],
  ["职工养老", "pension"],
  ["基本养老保险", "pension"],
  ["失业", "unemployment"],
  ["失业保险", "unemployment"],
  ["工伤", "work-injury"],
  ["工伤保险", "work-injury"],
  ["医疗", "medical"],
  ["医疗保险", "medical"],
  ["职工医疗", "medical"],
  ["生育", "maternity"],
  ["生育保险", "maternity"],
]);

function insuranceStatus(text: string): string {
  if (/缓缴/.test(text)) return "deferred";
  if (/欠|未缴/.test(text)) return "owed";
  return /退/.test(text) ? "refunded" : "paid";
}

export function checkRegister(state: RowState, extra: Readonly<Record<string, string>> | undefined): void {
  const { definition } = state.context;
  const stated = state.date("month");
  const month = stated?.date.slice(0, 7) ?? state.context.month;
  state.set("month", `${month}-01`);
  switch (definition.kind) {
    case "social-insurance": {
      const kind = tidy(state.text("insuranceKind"));
      if (kind === "") state.fault("insuranceKind", "value-missing", "waiting", "没有填写");
      state.set("insurance_kind", insuranceKinds.get(kind) ?? (kind || null));
      state.money("insuranceBase", "base_fen", WAGE_LIMIT_FEN);
      state.money("employerPart", "employer_part_fen", WAGE_LIMIT_FEN);
      state.money("personPart", "person_part_fen", WAGE_LIMIT_FEN);
      state.set("insurance_status", insuranceStatus(state.text("insuranceStatus")));
      const place = state.work.read("", "", "", state.stated("workPlace"));
      state.set("insured_region", place.kind === "found" ? place.code : null);
      return;
    }
    case "payroll":
      if (state.stated("amount") === "") state.fault("amount", "value-missing", "waiting", "没有填写");
      else state.money("amount", "amount_fen", WAGE_LIMIT_FEN);
      state.set("paid_on", state.date("paidOn")?.date ?? null);
      state.free("payMethod", "pay_method");
      return;
    case "contract-filing": {
      const start = state.date("startDate");
      if (start) state.set("start_date", start.date);
      else if (readDate(state.cells["startDate"] ?? null).kind === "none")
        state.fault("startDate", "start-missing", "waiting", "没有填写");
      const end = state.date("endDate");
      const endDate = end?.precision === "month" ? lastDay(end.date.slice(0, 7)) : (end?.date ?? null);
      if (start && endDate !== null && endDate < start.date)
        state.fault("endDate", "end-before-start", "waiting", `${end!.date} 早于开始时间 ${start.date}`);
      else state.set("end_date", endDate);
      state.free("contractKind", "contract_kind");
      state.set("signed_on", state.date("signedOn")?.date ?? null);
      state.money("monthlyWage", "monthly_wage_fen", WAGE_LIMIT_FEN);
      return;
    }
    case "other":
      state.set("title", tidy(state.context.title));
      state.set(
        "content",
        JSON.stringify(extra ?? {}, (_key, value: unknown) => (typeof value === "string" ? maskNumbers(value) : value)),
      );
      return;
    // These bring no register; `checkRegister` is not asked about them.
    case "work-ledger":
    case "post-roster":
    case "assisted-list":
  }
}
