import type { LedgerKind } from "../../src/ledger/contract.ts";
import { inventedIdentity } from "../../src/registry/fixtures.ts";

/** A made-up month of one county, small enough to be applied in well under a second. Nobody in it exists. */
export interface LedgerFile {
  readonly kind: LedgerKind;
  readonly month: string;
  readonly complete: boolean;
  readonly text: string;
}

export interface Village {
  readonly town: string;
  readonly name: string;
}

interface Row {
  readonly village: Village;
  readonly name: string;
  readonly identity: string;
  readonly phone: string;
  readonly employer: string;
  readonly start: string;
  readonly wage: number;
}

const PERSONS = 400;
const NEWCOMERS = 25;
/** Below the 3 % above which a second officer would have to agree. */
const LEAVERS = 8;
const surnames = [..."龙石麻吴廖向田彭张李"];
const given = [..."建国春花秀英海波金凤小梅文军志强玉兰"];
const places = ["浙江省义乌市", "广东省东莞市", "湖南省长沙市", "江苏省昆山市"];

/** The county as it is at first, and the files that are applied to it and undone again, each to the same state. */
export function ledgerFiles(
  county: string,
  villages: readonly Village[],
): { base: LedgerFile; changes: readonly LedgerFile[] } {
  const rows = Array.from({ length: PERSONS }, (_, index) => row(county, villages, index));
  const june = [
    ...rows.slice(LEAVERS).map(changed),
    ...Array.from({ length: NEWCOMERS }, (_, index) => row(county, villages, PERSONS + index)),
  ];
  return {
    base: { kind: "work-ledger", month: "2025-04", complete: true, text: workLedger(rows) },
    changes: [
      { kind: "work-ledger", month: "2025-05", complete: true, text: workLedger(june) },
      { kind: "social-insurance", month: "2025-05", complete: false, text: insurance(rows) },
    ],
  };
}

function row(county: string, villages: readonly Village[], index: number): Row {
  const birthDate = `${1965 + (index % 35)}-${String((index % 12) + 1).padStart(2, "0")}-15`;
  return {
    village: villages[index % villages.length]!,
    name: `${surnames[index % surnames.length]!}${given[(index * 7) % given.length]!}${given[(index * 3 + 1) % given.length]!}`,
    identity: inventedIdentity(county, birthDate),
    phone: `138${String(10_000_000 + index * 37)}`,
    employer: `测试第${index % 40}工厂`,
    start: `2024-0${(index % 9) + 1}-05`,
    wage: 3000 + (index % 30) * 50,
  };
}

/** Every fourth person has a new phone, employer or wage. */
function changed(held: Row, index: number): Row {
  if (index % 12 === 0) return { ...held, phone: `139${String(20_000_000 + index * 41)}` };
  if (index % 12 === 4) return { ...held, employer: `测试新厂${index % 7}`, start: "2025-05-06" };
  if (index % 12 === 8) return { ...held, wage: held.wage + 200 };
  return held;
}

function workLedger(rows: readonly Row[]): string {
  const lines = rows.map((one, index) =>
    [
      index + 1,
      one.village.town,
      one.village.name,
      one.name,
      one.identity,
      one.phone,
      "是",
      places[index % places.length],
      one.employer,
      one.start,
      "",
      one.wage,
    ].join(","),
  );
  return [
    "序号,乡镇,行政村,姓名,身份证号,联系电话,是否务工,务工地点,务工单位,开始务工时间,结束务工时间,月工资(元)",
    ...lines,
  ].join("\n");
}

function insurance(rows: readonly Row[]): string {
  const lines = rows.map((one) =>
    [
      one.name,
      one.identity,
      one.employer,
      "养老",
      "2025-05",
      one.wage,
      Math.round(one.wage * 0.16),
      Math.round(one.wage * 0.08),
    ].join(","),
  );
  return ["姓名,身份证号,参保单位,险种,所属月份,缴费基数,单位缴费,个人缴费", ...lines].join("\n");
}
