import { maskIdentity, numberOf, readIdentityNumber, sex as sexes, type Sex } from "#registry";
import { ageOn } from "../../platform/dates/index.ts";
import { cellText, hasFullWidth, isNumeric, readDate, readDateText, tidy } from "../../platform/sheets/index.ts";
import type { RowState } from "./row-state.ts";
import { tidyName } from "./text.ts";

const NAME_LIMIT = 50;
const OLDEST = 110;

export function checkName(state: RowState): void {
  const raw = state.text("name");
  if (raw === "") return state.fault("name", "name-missing", "waiting", "没有填写");
  const { name, repaired } = tidyName(raw);
  if (name.length > NAME_LIMIT) return state.fault("name", "too-long", "waiting", `超过 ${NAME_LIMIT} 字`);
  if (repaired) state.fault("name", repaired, "repaired", "");
  state.row.name = name;
  state.set("name", name);
}

export function checkIdentity(state: RowState): void {
  const cell = state.cells["identity"] ?? null;
  const raw = cellText(cell);
  if (raw === "") return state.fault("identity", "identity-missing", "waiting", "没有填写");
  if (isNumeric(cell) && raw.length > 15) {
    birthFromDamaged(state, raw);
    return state.fault("identity", "identity-number-format", "waiting", "以数字格式保存，第 16 位起已丢失");
  }
  const reading = readIdentityNumber(raw, {
    birthDate: statedBirth(state),
    sex: sexes.parse(state.text("sex")) ?? undefined,
  });
  if (!reading.ok) return identityFault(state, raw, reading);
  const { number } = reading;
  if (reading.doubtful) {
    // One in eleven rounded numbers passes the check by chance. The row's own sex or birth date may tell; else the registry
    // does, once it is asked (compare/doubtful.ts).
    const stated = { sex: sexes.parse(state.text("sex")), birth: statedBirth(state) };
    const contradicts =
      (stated.sex !== null && stated.sex !== reading.sex) ||
      (stated.birth !== undefined && stated.birth !== reading.birthDate);
    state.fault(
      "identity",
      "identity-number-format",
      contradicts ? "waiting" : "notice",
      "末三位为 000，像是被当作数字保存过",
    );
    if (contradicts) {
      birthFromDamaged(state, number);
      return;
    }
  }
  if (raw !== number) {
    if (reading.upgraded) state.fault("identity", "identity-fifteen", "repaired", "");
    else if (hasFullWidth(raw)) state.fault("identity", "full-width", "repaired", "");
    else if (raw.endsWith("x") && raw.toUpperCase() === number) state.fault("identity", "lower-case-x", "repaired", "");
    else state.fault("identity", "stray-spaces", "repaired", "含空格或分隔符");
  } else if (/^\s|\s$/.test(typeof cell === "string" ? cell : ""))
    state.fault("identity", "stray-spaces", "repaired", "含空格");
  state.row.identity = number;
  state.set("identity_kind", reading.kind);
  state.set("identity_mask", maskIdentity(number));
  state.row.birthDate = reading.birthDate;
  checkSexAndBirth(state, reading.sex, reading.birthDate);
}

/** The birth date that the table states, for mending a damaged number. */
export function statedBirth(state: RowState): string | undefined {
  const reading = readDate(state.cells["birthDate"] ?? null);
  return reading.kind === "date" && reading.precision === "day" ? reading.date : undefined;
}

export function birthFromDamaged(state: RowState, digits: string): void {
  const match = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(digits);
  const date = match ? readDateText(`${match[1]}-${match[2]}-${match[3]}`) : null;
  if (date?.kind === "date") state.row.birthDate = date.date;
}

export function identityFault(
  state: RowState,
  raw: string,
  reading: Extract<ReturnType<typeof readIdentityNumber>, { ok: false }>,
): void {
  const suggestion = reading.candidates.length === 1 ? reading.candidates[0]! : null;
  state.row.birthDate = statedBirth(state) ?? null;
  switch (reading.problem) {
    case "scientific":
    case "number-cell":
    case "rounded":
      if (/^\d{15,}/.test(raw)) birthFromDamaged(state, raw);
      return state.fault("identity", "identity-number-format", "waiting", "被当作数字保存，末尾几位已丢失", suggestion);
    case "empty":
      return state.fault("identity", "identity-missing", "waiting", "没有填写");
    case "wrong-length":
      return state.fault(
        "identity",
        "identity-length",
        "waiting",
        `有 ${raw.replaceAll(/\s/g, "").length} 位，应为 18 位`,
        suggestion,
      );
    case "bad-character":
    case "masked":
      return state.fault(
        "identity",
        "identity-characters",
        "waiting",
        reading.problem === "masked" ? "被部分遮盖" : "含有不应出现的字符",
        suggestion,
      );
    case "disability-certificate":
      return state.fault("identity", "identity-length", "waiting", "填的是残疾人证号", suggestion);
    case "impossible-birth-date":
      return state.fault("identity", "identity-birth", "waiting", "其中的出生日期不存在", suggestion);
    case "bad-check-digit":
      return state.fault("identity", "identity-check", "waiting", "校验位不符，至少有一位写错", suggestion);
  }
}

export function checkSexAndBirth(state: RowState, sexInNumber: Sex | null, birthInNumber: string | null): void {
  const statedSex = state.text("sex");
  const parsedSex = statedSex === "" ? null : sexes.parse(statedSex);
  if (statedSex !== "" && parsedSex === null)
    state.fault("sex", "code-unknown", "notice", `“${tidy(statedSex)}”不在字典内`);
  if (parsedSex && sexInNumber && parsedSex !== sexInNumber) {
    state.fault(
      "sex",
      "sex-contradicts",
      "waiting",
      `填写为${sexes.labels[parsedSex]}，证号为${sexInNumber === "male" ? "男" : "女"}`,
      sexInNumber === "male" ? "男" : "女",
    );
  }
  const sex = sexInNumber ?? parsedSex;
  state.set("sex", sex === null ? null : String(numberOf(sexes, sex)));
  const stated = readDate(state.cells["birthDate"] ?? null);
  if (stated.kind === "date") {
    state.noteDateRepair("birthDate", stated);
    const differs =
      birthInNumber !== null &&
      (stated.precision === "month"
        ? stated.date.slice(0, 7) !== birthInNumber.slice(0, 7)
        : stated.date !== birthInNumber);
    if (differs)
      state.fault(
        "birthDate",
        "birth-contradicts",
        "waiting",
        `填写为 ${stated.date}，证号为 ${birthInNumber}`,
        birthInNumber,
      );
  } else if (stated.kind !== "none") state.dateFault("birthDate", stated, birthInNumber);
  const birth = birthInNumber ?? (stated.kind === "date" ? stated.date : null);
  state.row.birthDate = birth;
  state.set("birth_date", birth);
  if (birth !== null && (birth > state.context.businessDate || ageOn(birth, state.context.businessDate) > OLDEST)) {
    state.fault("identity", "date-out-of-range", "waiting", `出生日期 ${birth} 不合理`);
  }
}
