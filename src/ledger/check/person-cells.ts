import {
  education,
  ethnicity,
  health,
  labourCapacity,
  maritalStatus,
  maskBankAccount,
  maskPhone,
  monitoringKind,
  personCategory,
  readBankCard,
  readPhone,
} from "#registry";
import { lastDay } from "../../platform/dates/index.ts";
import { hasFullWidth, isNumeric, tidy } from "../../platform/sheets/index.ts";
import type { RowState } from "./row-state.ts";

const phoneWords = {
  empty: "没有填写",
  masked: "被部分遮盖",
  several: "一格内有多个号码，请只保留一个",
  "wrong-length": "位数不对（手机 11 位，固话带区号）",
  "not-a-phone": "不是有效的电话号码",
} as const;

export function checkHome(state: RowState): void {
  if (!state.fields.has("village")) return;
  const parts = { county: state.text("county"), town: state.text("town"), village: state.text("village") };
  if (!state.context.definition.home && parts.village === "" && parts.town === "") return;
  const home = state.home.read(parts);
  switch (home.kind) {
    case "found":
      state.row.homeRegion = home.code;
      state.set("home_region", home.code);
      state.set("home_renamed", home.renamed ? "t" : "f");
      if (home.renamed) state.fault("village", "village-renamed", "repaired", home.note);
      return;
    case "missing":
      return state.fault(
        "village",
        "village-missing",
        state.context.definition.home ? "waiting" : "notice",
        "没有填写",
      );
    case "outside":
      return state.fault("village", "village-outside", "waiting", `${home.name}不在本批次申报的范围内`);
    case "ambiguous":
      return state.fault(
        "village",
        "village-ambiguous",
        "waiting",
        `“${tidy(parts.village)}”有 ${home.count} 处同名`,
        home.suggestion,
      );
    case "unknown":
      return state.fault(
        "village",
        "village-unknown",
        "waiting",
        `“${tidy(parts.village || parts.town)}”在区划中查无此处`,
        home.suggestion,
      );
  }
}

export function checkPersonCells(state: RowState): void {
  state.code("ethnicity", "ethnicity", ethnicity, "code");
  state.code("education", "education", education, "code");
  state.code("maritalStatus", "marital_status", maritalStatus, "code");
  state.code("labourCapacity", "labour_capacity", labourCapacity);
  state.code("health", "health", health);
  state.yesNo("jobWilling", "job_willing");
  state.yesNo("trainingWilling", "training_willing");
  state.free("relationToHead", "relation_to_head");
  state.free("skills", "skills");
  state.free("address", "address");
}

export function checkContacts(state: RowState): void {
  const phone = state.stated("phone");
  if (phone !== "" && state.fields.has("phone")) {
    const reading = readPhone(phone);
    if (reading.ok) {
      if (hasFullWidth(phone)) state.fault("phone", "full-width", "repaired", "");
      else if (/\s/.test(phone)) state.fault("phone", "stray-spaces", "repaired", "");
      state.row.phone = reading.number;
      state.set("phone_mask", maskPhone(reading.number));
    } else
      state.fault(
        "phone",
        "phone-invalid",
        "waiting",
        phoneWords[reading.problem],
        reading.candidates.length === 1 ? reading.candidates[0]! : null,
      );
  }
  const account = state.stated("bankAccount");
  if (account === "" || !state.fields.has("bankAccount")) return;
  const reading = readBankCard(account);
  if (!reading.ok || isNumeric(state.cells["bankAccount"] ?? null)) {
    if (!reading.ok || account.length > 15)
      return state.fault(
        "bankAccount",
        "bank-account-doubtful",
        "waiting",
        "无法作为账号使用，请按存折或卡面填写为文本",
      );
  }
  if (reading.ok) {
    if (!reading.checked)
      state.fault("bankAccount", "bank-account-doubtful", "notice", "校验位不符，如为存折账号可忽略");
    state.row.bankAccount = reading.number;
    state.set("bank_mask", maskBankAccount(reading.number));
  }
}

export function checkHousehold(state: RowState): void {
  state.free("householdNo", "household_no");
  state.free("headName", "head_name");
  if (state.fields.has("perCapitaIncome"))
    state.money("perCapitaIncome", "per_capita_income_fen", Number.MAX_SAFE_INTEGER);
}

export function checkCategory(state: RowState): void {
  const text = state.text("category");
  if (text === "") {
    if (state.context.definition.fields.category?.required)
      state.fault("category", "value-missing", "waiting", "没有填写");
    return;
  }
  const value = personCategory.parse(text) ?? (monitoringKind.parse(text) ? ("monitored" as const) : null);
  if (value === null) {
    const severity = state.context.definition.fields.category?.required ? "waiting" : "notice";
    return state.fault("category", "code-unknown", severity, `“${tidy(text).slice(0, 30)}”不在类别字典内`);
  }
  state.set("category", value);
  const kind = monitoringKind.parse(text);
  state.set("category_detail", tidy(state.text("categoryDetail")) || (kind ? monitoringKind.labels[kind] : null));
  const from = state.date("categoryFrom");
  const end = state.date("categoryTo");
  // An end known to the month is some day of it; its last day is the widest reading.
  const to = end?.precision === "month" ? lastDay(end.date.slice(0, 7)) : (end?.date ?? null);
  if (from && to !== null && to < from.date)
    return state.fault("categoryTo", "end-before-start", "waiting", `${end!.date} 早于识别时间 ${from.date}`);
  state.set("category_from", from?.date ?? null);
  state.set("category_precision", from?.precision ?? "month");
  state.set("category_to", to);
}

/**
 * A list without a date of recognition says only that the category holds in its month, or, where it has ended, when. That
 * month is not the sender's word: it is filled in after the row's words were hashed, or each month every row would be new.
 */
export function fillCategoryStart(state: RowState): void {
  if (state.get("category") === null || state.get("category_from") !== null) return;
  const to = state.get("category_to");
  state.set("category_from", to !== null && to < state.monthStart ? to : state.monthStart);
}
