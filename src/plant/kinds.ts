import type { Role } from "./columns.ts";
import { excelSerial, isBefore, readDay, shifted, type WrittenDay } from "./days.ts";
import type { Lot } from "./lot.ts";

/** What an error makes of a cell: a number becomes a number cell where the format has such. */
export interface Alteration {
  readonly role: Role;
  readonly value: string | number;
  /** Altered only so that the row holds no second error. */
  readonly companion?: true;
}

export interface RenamedVillage {
  readonly former: string;
  readonly present: string;
  /** Where the name is not unique in the county. */
  readonly town?: string;
}

/** Somebody of another county, whose row will turn up in the wrong file. */
export interface ForeignPerson {
  readonly name: string;
  readonly identityNumber: string;
}

export interface KindContext {
  readonly hasNumberCells: boolean;
  readonly renamedVillages: readonly RenamedVillage[];
  readonly foreignPersons: readonly ForeignPerson[];
}

export interface Row {
  /** Text of a column; empty where the table has none. */
  text(role: Role): string;
}

export interface ErrorKind {
  /** Reason that a check of the ledger must give: its fault code, or for the last kind its reason of difference. */
  readonly expected: string;
  readonly label: string;
  /** A copy of the row is put in further down, and the alterations are made in the copy. */
  readonly copies?: true;
  /** Null where the row cannot bear the error. Draws from `lot` in any number. */
  plant(row: Row, lot: Lot, context: KindContext): readonly Alteration[] | null;
}

const IDENTITY = /^\d{17}[\dX]$/;
const isMale = (number: string) => Number(number[16]) % 2 === 1;
const one = (role: Role, value: string | number): readonly Alteration[] => [{ role, value }];
const toFullWidth = (text: string) =>
  text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const dayIn = (row: Row, role: Role) => readDay(row.text(role));
const isMoney = (text: string) => /^\d+(\.\d+)?$/.test(text);

/** Yuan a month that nobody on these lists earns. */
const LEAST_ABSURD = 300_000;

/** Villages that can be nowhere: their names say so. */
const NOWHERE = ["子虚岭村", "乌有冲村", "虚构坪村", "查无湾村", "不存塘村"];

export const errorKinds = {
  "full-width-digits": {
    expected: "full-width",
    label: "全角数字",
    plant: (row, lot) => {
      const role = lot.pick(
        (["identity", "phone", "start", "wage"] as const).filter((candidate) => /\d/.test(row.text(candidate))),
      );
      return one(role, toFullWidth(row.text(role)));
    },
  },
  "stray-spaces": {
    expected: "stray-spaces",
    label: "多余空格",
    plant: (row, lot) => {
      const name = row.text("name");
      const number = row.text("identity");
      const choices = [
        one("identity", `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`),
        one("identity", `${number} `),
        one("identity", ` ${number}`),
      ];
      if (name.length === 2) choices.push(one("name", `${name[0]} ${name[1]}`));
      return lot.pick(choices);
    },
  },
  "lower-case-x": {
    expected: "lower-case-x",
    label: "证号小写 x",
    plant: (row) => (row.text("identity").endsWith("X") ? one("identity", row.text("identity").toLowerCase()) : null),
  },
  "excel-serial-date": {
    expected: "excel-date",
    label: "表格日期序号",
    plant: (row) => {
      const start = dayIn(row, "start");
      return start && one("start", excelSerial(start));
    },
  },
  "identity-number-format": {
    expected: "identity-number-format",
    label: "证号被当作数字",
    plant: (row, lot, { hasNumberCells }) => {
      const number = row.text("identity");
      if (!/^\d{18}$/.test(number) || number.endsWith("000")) return null;
      const rounded = `${number.slice(0, 15)}000`;
      const scientific = `${number[0]}.${number.slice(1, 6).replace(/0+$/, "") || "0"}E+17`;
      return one(
        "identity",
        lot.pick<string | number>(hasNumberCells ? [scientific, rounded, Number(rounded)] : [scientific, rounded]),
      );
    },
  },
  "sex-contradicts": {
    expected: "sex-contradicts",
    label: "性别与证号不符",
    plant: (row) => {
      const sex = row.text("sex");
      return sex === "男" || sex === "女" ? one("sex", sex === "男" ? "女" : "男") : null;
    },
  },
  "birth-contradicts": {
    expected: "birth-contradicts",
    label: "出生日期与证号不符",
    plant: (row, lot) => {
      const birth = dayIn(row, "birthDate");
      return birth && one("birthDate", shifted(birth, lot.pick([-1, 1, -30, 31, 365, -730])));
    },
  },
  "february-30": {
    expected: "date-impossible",
    label: "二月三十日",
    plant: (row) => {
      const start = dayIn(row, "start");
      return start && one("start", start.like(start.month > 2 ? start.year : start.year - 1, 2, 30));
    },
  },
  "village-unknown": {
    expected: "village-unknown",
    label: "查无此村",
    plant: (row, lot) => (row.text("village") === "" ? null : one("village", lot.pick(NOWHERE))),
  },
  "village-renamed": {
    expected: "village-renamed",
    label: "村名已更名",
    plant: (row, lot, { renamedVillages }) => {
      const town = row.text("town");
      const fitting = renamedVillages.filter(
        (village) =>
          village.present === row.text("village") &&
          (village.town === undefined || town === "" || village.town === town),
      );
      return fitting.length === 0 ? null : one("village", lot.pick(fitting).former);
    },
  },
  "end-before-start": {
    expected: "end-before-start",
    label: "止期早于起期",
    plant: (row, lot) => {
      const days = bothDays(row);
      return days && one("end", shifted({ ...days.start, like: days.end.like }, -20 - lot.below(400)));
    },
  },
  "end-missing": {
    expected: "end-missing",
    label: "已结束但缺结束时间",
    plant: (row) =>
      row.text("working") === "否" && row.text("start") !== "" && row.text("end") !== "" ? one("end", "") : null,
  },
  "wage-words": {
    expected: "wage-unreadable",
    label: "工资是文字",
    plant: (row, lot) => (isMoney(row.text("wage")) ? one("wage", lot.pick(["面议", "不详", "三千多", "计件"])) : null),
  },
  "wage-negative": {
    expected: "wage-implausible",
    label: "工资为负",
    plant: (row) => (isMoney(row.text("wage")) ? one("wage", -Number(row.text("wage"))) : null),
  },
  "wage-absurd": {
    expected: "wage-implausible",
    label: "工资明显不合理",
    plant: (row, lot) => {
      const wage = Math.round(Number(row.text("wage")));
      return isMoney(row.text("wage")) && wage > 0
        ? one("wage", wage * (wage * 100 < LEAST_ABSURD ? 1000 : lot.pick([100, 1000])))
        : null;
    },
  },
  "phone-invalid": {
    expected: "phone-invalid",
    label: "电话号码不对",
    plant: (row, lot) => {
      const phone = row.text("phone");
      return /^1\d{10}$/.test(phone)
        ? one("phone", lot.pick([phone.slice(0, 10), `${phone}${lot.below(10)}`, `2${phone.slice(1)}`, "停机"]))
        : null;
    },
  },
  "duplicate-same": {
    expected: "duplicate-same",
    label: "文件内重复行",
    copies: true,
    plant: () => [],
  },
  "duplicate-differs": {
    expected: "duplicate-differs",
    label: "同一人多行且内容不同",
    copies: true,
    plant: (row, lot) =>
      isMoney(row.text("wage")) ? one("wage", Math.round(Number(row.text("wage"))) + 50 * (1 + lot.below(20))) : null,
  },
  "name-missing": {
    expected: "name-missing",
    label: "缺姓名",
    plant: () => one("name", ""),
  },
  "identity-missing": {
    expected: "identity-missing",
    label: "缺证件号码",
    plant: () => one("identity", ""),
  },
  "identity-check": {
    expected: "identity-check",
    label: "证号校验位不符",
    // One wrong digit is always found by the check; not in the birth date and not the digit of the sex, which would be another error.
    plant: (row, lot) => {
      const number = row.text("identity");
      const place = lot.pick([14, 15, 17]);
      const digits = (place === 17 ? "0123456789X" : "0123456789").split("").filter((digit) => digit !== number[place]);
      const damaged = digits.map((digit) => number.slice(0, place) + digit + number.slice(place + 1));
      // Three zeros at the end would pass for a number that a sheet has rounded.
      return one("identity", lot.pick(damaged.filter((result) => !result.endsWith("000"))));
    },
  },
  "identity-fifteen": {
    expected: "identity-fifteen",
    label: "15 位旧证号",
    plant: (row) => {
      const number = row.text("identity");
      return number.slice(6, 8) === "19" ? one("identity", number.slice(0, 6) + number.slice(8, 17)) : null;
    },
  },
  "other-county": {
    expected: "X1",
    label: "外县人员的证号",
    plant: (row, lot, { foreignPersons }) => {
      if (foreignPersons.length === 0) return null;
      const { name, identityNumber } = lot.pick(foreignPersons);
      const birth = dayIn(row, "birthDate");
      const companions: Alteration[] = [{ role: "name", value: name, companion: true }];
      if (row.text("sex") !== "")
        companions.push({ role: "sex", value: isMale(identityNumber) ? "男" : "女", companion: true });
      const [year, month, day] = [
        identityNumber.slice(6, 10),
        identityNumber.slice(10, 12),
        identityNumber.slice(12, 14),
      ].map(Number) as [number, number, number];
      if (birth !== null) companions.push({ role: "birthDate", value: birth.like(year, month, day), companion: true });
      return [...one("identity", identityNumber), ...companions];
    },
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorKindId = keyof typeof errorKinds;
export const errorKindIds = Object.keys(errorKinds) as ErrorKindId[];

/** Rows whose number is already odd are left alone: their error would be another one than the key says. */
export function isFitForPlanting(row: Row): boolean {
  return IDENTITY.test(row.text("identity"));
}

/** Both ends of a spell, for a row in which they are in order. */
function bothDays(row: Row): { start: WrittenDay; end: WrittenDay } | null {
  const start = dayIn(row, "start");
  const end = dayIn(row, "end");
  return start !== null && end !== null && !isBefore(end, start) ? { start, end } : null;
}
