import type { DayNumber } from "./calendar.ts";
import type { Spell } from "./career.ts";
import { categoryWords } from "./groups.ts";
import type { Hand } from "./hands.ts";
import type { Population, Standing } from "./population.ts";
import type { Village } from "./territory.ts";

/** The tables that offices hand over, by the ledger's kinds. */
export const formKinds = [
  "work-ledger",
  "post-roster",
  "assisted-list",
  "social-insurance",
  "payroll",
  "contract-filing",
] as const;
export type FormKind = (typeof formKinds)[number];

export type CellValue = string | number | null;

export interface Column<Row> {
  /** In a workbook; stands under `group` where there is one. */
  readonly header: string;
  readonly group?: string;
  /** In files with one header line, where `header` alone would not say enough. */
  readonly flatHeader?: string;
  /** Characters. */
  readonly width: number;
  readonly value: (row: Row, hand: Hand, serial: number) => CellValue;
}

export interface Form<Row> {
  readonly kind: FormKind;
  /** 脱贫人口（含监测对象）务工情况台账 */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  /** The table's rows about the people of one village. */
  rowsOf(population: Population, village: Village, day: DayNumber): Iterable<Row>;
}

type Value<Row> = Column<Row>["value"];

export function column<Row>(
  header: string,
  width: number,
  value: Value<Row>,
  more: Pick<Column<Row>, "group" | "flatHeader"> = {},
): Column<Row> {
  return { header, width, value, ...more };
}

const sexWords = { male: "男", female: "女" } as const;

/** Columns about the person that every table shares, for rows that know their standing. */
export function personColumns<Row>(of: (row: Row) => Standing) {
  return {
    serial: column<Row>("序号", 6, (_row, _hand, serial) => serial),
    prefecture: column<Row>("市州", 16, (row) => of(row).village.county.prefecture),
    county: column<Row>("县市区", 10, (row) => of(row).village.county.name),
    town: column<Row>("乡镇", 10, (row) => of(row).village.town),
    village: column<Row>("行政村", 12, (row) => of(row).village.name),
    headName: column<Row>("户主姓名", 10, (row) => of(row).household.headName),
    householdNo: column<Row>("户编号", 15, (row) => of(row).household.number),
    name: column<Row>("姓名", 10, (row) => of(row).person.name),
    sex: column<Row>("性别", 6, (row) => sexWords[of(row).person.sex]),
    identity: column<Row>("身份证号", 21, (row) => of(row).person.identityNumber),
    birthDate: column<Row>("出生日期", 12, (row, hand) => hand.day(of(row).person.birth)),
    ethnicity: column<Row>("民族", 8, (row) => of(row).household.ethnicity.word),
    education: column<Row>("文化程度", 10, (row) => of(row).person.education.word),
    category: column<Row>("人员类别", 14, (row) => categoryWords[of(row).category]),
    relation: column<Row>("与户主关系", 11, (row) => of(row).person.relation),
    labour: column<Row>("劳动能力", 12, (row) => of(row).person.labour.word),
    health: column<Row>("健康状况", 11, (row) => of(row).person.health.word),
    phone: column<Row>("联系电话", 13, (row) => of(row).phone),
    remark: column<Row>("备注", 12, (row) => (of(row).household.relocatedIn === null ? "" : "易地搬迁户")),
  };
}

export const spellDay = (hand: Hand, spell: Spell, on: DayNumber) => (spell.monthOnly ? hand.month(on) : hand.day(on));
