import { employerKey, employmentChannel, employmentForm, industry, normaliseEmployerName } from "#registry";
import { lastDay } from "../../platform/dates/index.ts";
import { readDate, saysNothing, tidy } from "../../platform/sheets/index.ts";
import { TEXT_LIMIT, WAGE_LIMIT_FEN, yesNo, type RowState } from "./row-state.ts";

/** Work without a named employer (零工) is a spell all the same. */
export const UNNAMED_EMPLOYER = "未填写单位";
const FIRST_START = "1970-01-01";

export function checkEmployer(state: RowState): void {
  // COPY would read a backslash as its own; in a name it is a stroke that somebody typed the other way round.
  const name = normaliseEmployerName(state.stated("employer")).replaceAll("\\", "/");
  if (name === "" || saysNothing(name)) {
    if (state.context.definition.fields.employer?.required)
      state.fault("employer", "value-missing", "waiting", "没有填写");
    return;
  }
  if (name.length > TEXT_LIMIT) return state.fault("employer", "too-long", "waiting", `超过 ${TEXT_LIMIT} 字`);
  state.set("employer_name", name);
  state.set("employer_key", employerKey(name));
}

export function checkSpell(state: RowState): void {
  const { definition, businessDate } = state.context;
  const stated = state.text("working");
  const working = stated === "" ? null : yesNo(stated);
  if (stated !== "" && working === null)
    state.fault("working", "code-unknown", "notice", `“${tidy(stated).slice(0, 30)}”应填“是”或“否”`);
  const start = state.date("startDate");
  const end = state.date("endDate");
  const hasSpell = state.get("employer_name") !== null || start !== null;
  const isWorking =
    definition.spell === "post" ? end === null || end.date > businessDate : (working ?? (hasSpell && end === null));
  state.set("working", isWorking ? "t" : "f");
  state.code("form", "form", employmentForm);
  state.code("channel", "channel", employmentChannel);
  state.code("industry", "industry", industry);
  state.free("occupation", "occupation");
  state.free("endReason", "end_reason");
  if (definition.spell === "post") state.set("form", "welfare-post");
  if (state.fields.has("monthlyWage")) state.money("monthlyWage", "monthly_wage_fen", WAGE_LIMIT_FEN);
  checkWorkPlace(state);
  if (!hasSpell && !isWorking) return;
  if (start === null) {
    // A date that is there but wrong has its own fault; only a missing one is said to be missing.
    if (readDate(state.cells["startDate"] ?? null).kind === "none")
      state.fault("startDate", "start-missing", "waiting", "没有填写开始时间");
    return;
  }
  if (state.get("employer_name") === null) {
    state.set("employer_name", UNNAMED_EMPLOYER);
    state.set("employer_key", employerKey(UNNAMED_EMPLOYER));
  }
  if (start.date > state.latestStart || start.date < FIRST_START)
    return state.fault("startDate", "date-out-of-range", "waiting", `${start.date} 不合理`);
  state.set("start_date", start.date);
  state.set("start_precision", start.precision);
  if (end === null) {
    const endIsReadable = readDate(state.cells["endDate"] ?? null).kind === "none";
    if (working === false && endIsReadable)
      state.fault("endDate", "end-missing", "waiting", "已不在务工，但没有结束时间");
    return;
  }
  // An end known to the month means some day of it; its last day is the widest reading.
  const endDate = end.precision === "month" ? lastDay(end.date.slice(0, 7)) : end.date;
  if (endDate < start.date)
    return state.fault("endDate", "end-before-start", "waiting", `${end.date} 早于开始时间 ${start.date}`);
  state.set("end_date", endDate);
  state.set("end_precision", end.precision);
}

export function checkWorkPlace(state: RowState): void {
  const place = state.work.read(
    state.stated("workProvince"),
    state.stated("workPrefecture"),
    state.stated("workCounty"),
    state.stated("workPlace"),
  );
  if (place.kind === "found") state.set("work_region", place.code);
  else if (place.kind === "unknown")
    state.fault(
      place.field,
      "work-place-unknown",
      "notice",
      `“${tidy(place.text).slice(0, 30)}”无法识别到县，本格未采用`,
      place.suggestion,
    );
}
