import { describe, expect, it } from "vitest";
import { sourceNumbers } from "../sources.ts";
import { crossChecksOf } from "./cross-checks.ts";
import { valueOrigins, type OriginChange, type OriginComparison, type OriginRow } from "./origins.ts";
import { idleDaysOn, timelineOf } from "./timeline.ts";

const ledger = sourceNumbers["work-ledger"];
const { officer } = sourceNumbers;
const visit = sourceNumbers["village-visit"];

const row = (overrides: Partial<OriginRow> = {}): OriginRow => ({
  entity: "person",
  entityKey: {},
  about: "",
  values: { phone: "187****4402" },
  source: ledger,
  cellSources: {},
  recordedOn: "2025-05-20",
  ...overrides,
});
const change = (overrides: Partial<OriginChange>): OriginChange => ({
  entity: "person",
  entityKey: {},
  before: {},
  after: {},
  source: ledger,
  day: "2025-05-20",
  ...overrides,
});
const claim = (overrides: Partial<OriginComparison>): OriginComparison => ({
  entity: "person",
  entityKey: {},
  field: "phone",
  claimed: "136****9150",
  claimedSource: visit,
  state: "open",
  day: "2025-05-25",
  ...overrides,
});
const origin = (
  rows: OriginRow[],
  changes: OriginChange[] = [],
  comparisons: OriginComparison[] = [],
  checks: Parameters<typeof valueOrigins>[3] = [],
) => valueOrigins(rows, changes, comparisons, checks, (code) => `区划${code}`)[0]!;

describe("where a value comes from", () => {
  it("dates what a ledger replaced by when the row was made, not by when it was replaced", () => {
    const later = change({
      before: { phone_mask: "139****0001" },
      after: { phone_mask: "187****4402" },
      day: "2025-06-18",
    });
    expect(origin([row()], [later])).toMatchObject({
      takenOn: "2025-06-18",
      others: [{ value: "139****0001", on: "2025-05-20" }],
    });
  });
  it("keeps its day when an officer changes another cell of the row", () => {
    const elsewhere = change({
      before: { skills: null, recorded_on: "2025-05-20" },
      after: { skills: "缝纫工", recorded_on: "2025-06-18" },
      source: officer,
      day: "2025-06-18",
    });
    expect(origin([row({ recordedOn: "2025-06-18" })], [elsewhere]).takenOn).toBe("2025-05-20");
  });
  it("is the row's source, unless the cell names another", () => {
    expect(origin([row()])).toMatchObject({
      value: "187****4402",
      sourceLabel: "务工情况台账",
      takenOn: "2025-05-20",
      outcome: "only",
      others: [],
    });
    expect(origin([row({ cellSources: { phone: officer } })])).toMatchObject({
      sourceLabel: "经办录入",
      outcomeText: "经办录入",
    });
  });

  it("keeps what earlier sources said, newest first, each with the one who said it", () => {
    const changes = [
      change({
        before: { phone_mask: "136****9150", recorded_on: "2025-03-20" },
        after: { phone_mask: "187****4402", recorded_on: "2025-05-20" },
        day: "2025-05-20",
      }),
      change({
        before: { phone_mask: "135****0000", recorded_on: "2025-01-20", source: ledger, cell_sources: {} },
        after: { phone_mask: "136****9150", recorded_on: "2025-03-20" },
        source: visit,
        day: "2025-03-20",
      }),
    ];
    expect(origin([row()], changes)).toMatchObject({
      outcome: "adopted",
      outcomeText: "已采务工情况台账",
      others: [
        { value: "136****9150", sourceLabel: "村级走访", on: "2025-03-20" },
        { value: "135****0000", sourceLabel: "务工情况台账", on: "2025-01-20" },
      ],
    });
  });

  it("says that a claim waits, was refused, or was withdrawn and counts no more", () => {
    expect(origin([row()], [], [claim({})])).toMatchObject({
      outcome: "waiting",
      others: [{ value: "136****9150", sourceLabel: "村级走访" }],
    });
    expect(origin([row()], [], [claim({ state: "kept" })])).toMatchObject({
      outcome: "kept",
      outcomeText: "已核对，保留原值",
    });
    expect(origin([row()], [], [claim({ state: "withdrawn" })])).toMatchObject({ outcome: "only", others: [] });
  });

  it("does not take one spell's history for another's", () => {
    const spell = row({ entity: "employment", entityKey: { employment_id: "9" }, values: { occupation: "焊工" } });
    const other = change({
      entity: "employment",
      entityKey: { employment_id: "8" },
      before: { occupation: "缝纫" },
      after: { occupation: "焊工" },
    });
    expect(origin([spell], [other]).others).toEqual([]);
    expect(origin([spell], [{ ...other, entityKey: { employment_id: 9 } }]).others).toHaveLength(1);
  });
});

describe("what registers of other systems say of a spell", () => {
  const spell = {
    employment_id: "9",
    employer_key: "1",
    start_date: "2025-01-10",
    end_date: "2025-05-20",
    monthly_wage_fen: "520000",
  };
  const insured = (month: string) => ({ employer_key: "1", month, recorded_on: "2025-06-05", status: "paid" });
  const paid = (amount_fen: string) => ({
    employer_key: "1",
    month: "2025-04-01",
    amount_fen,
    recorded_on: "2025-05-05",
    paid_on: null,
  });
  const outcome = (insurance: ReturnType<typeof insured>[], wages: ReturnType<typeof paid>[], field: string) =>
    valueOrigins(
      [
        row({
          entity: "employment",
          entityKey: { employment_id: "9" },
          values: { end_date: "2025-05-20", monthly_wage_fen: "520000" },
        }),
      ],
      [],
      [],
      crossChecksOf([spell], insurance, wages),
      (code) => code,
    ).find((value) => value.field === field)!;

  it.each([
    ["2025-05-01", "agreed", "一致"],
    ["2025-03-01", "differs", "与其他来源不同"],
  ])("a last insured month %s makes the end %s", (month, kind, words) => {
    expect(outcome([insured("2025-02-01"), insured(month)], [], "end_date")).toMatchObject({
      outcome: kind,
      outcomeText: words,
    });
  });

  it.each([
    ["520000", "agreed", "一致"],
    ["518000", "near", "差 20.00 元，未超阈值"],
    ["400000", "differs", "差 1,200.00 元，超过 10%"],
  ])("a payroll of %s fen makes the wage %s", (amount, kind, words) => {
    expect(outcome([], [paid(amount)], "monthly_wage_fen")).toMatchObject({ outcome: kind, outcomeText: words });
  });

  it("months of a later spell at the same employer say nothing of the end of the one before", () => {
    const later = { ...spell, employment_id: "10", start_date: "2025-06-01", end_date: null };
    const checks = crossChecksOf([spell, later], [insured("2025-05-01"), insured("2025-07-01")], []);
    expect(checks).toMatchObject([{ field: "end_date", agrees: true, value: "2025-05 末次参保" }]);
    expect(crossChecksOf([spell, later], [insured("2025-07-01")], [])).toEqual([]);
  });

  it("another employer's rows say nothing", () => {
    expect(
      crossChecksOf([spell], [{ ...insured("2025-05-01"), employer_key: "2" }], [{ ...paid("1"), employer_key: "2" }]),
    ).toEqual([]);
  });
});

describe("the timeline", () => {
  const fact = { source: ledger, sourceLabel: "社保参保", recordedOn: "2025-06-05", batchId: null };
  const month = (text: string) => ({
    month: text,
    kind: "养老",
    employerName: "测试厂",
    insuredRegion: null,
    baseFen: null,
    employerPartFen: null,
    personPartFen: null,
    status: "paid" as const,
    ...fact,
  });
  const empty = { employments: [], contracts: [], insurance: [], wages: [], otherRecords: [] };

  it("joins months without a gap and begins anew after one", () => {
    const items = timelineOf({ ...empty, insurance: ["2025-05", "2024-12", "2025-01", "2025-02"].map(month) }, []);
    expect(items.map(({ from, to }) => [from, to])).toEqual([
      ["2025-05-01", "2025-05-31"],
      ["2024-12-01", "2025-02-28"],
    ]);
  });

  it("counts the days without work from the last end, unless a spell is open", () => {
    expect(idleDaysOn([{ endDate: "2025-05-25" }, { endDate: "2024-01-01" }], "2025-06-18")).toBe(24);
    expect(idleDaysOn([{ endDate: "2020-02-29" }], "2025-06-18")).toBe(1936);
    expect(idleDaysOn([{ endDate: null }, { endDate: "2025-05-25" }], "2025-06-18")).toBeNull();
    expect(idleDaysOn([], "2025-06-18")).toBeNull();
  });
});
