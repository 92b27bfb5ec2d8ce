import { numberOf, type Dictionary } from "#registry";
import { addDays } from "../../platform/dates/index.ts";
import { parseYuan } from "../../platform/money.ts";
import {
  cellText,
  errorText,
  hasFullWidth,
  readDate,
  readYesNo,
  saysNothing,
  tidy,
  type Cell,
  type DateReading,
} from "../../platform/sheets/index.ts";
import { faultLabels, ledgerFieldLabels, type FaultCode, type FaultSeverity, type LedgerField } from "../contract.ts";
import { stageColumns, type personColumns } from "../kinds/kind.ts";
import type { CheckContext } from "./context.ts";
import { HomeReader, WorkPlaceReader } from "./places.ts";
import { maskCell } from "./text.ts";

export interface RowFault {
  readonly field: LedgerField;
  readonly code: FaultCode;
  readonly severity: FaultSeverity;
  /** Chinese: what is wrong and how to mend it. */
  readonly message: string;
  /** What stood in the cell, masked. */
  readonly value: string;
  /** Full text to put into the cell; may be a person's number, so it is stored sealed. */
  readonly suggestion: string | null;
}

/** A checked row. One object is reused for all rows; whoever keeps something copies it. */
export interface CheckedRow {
  /** The staged columns in the order of `stageColumns`; null is no statement. */
  readonly values: (string | null)[];
  /** The envelope of the row's numbers, for the column `secret`; null where it has none. */
  secret: Buffer | null;
  faults: RowFault[];
  /** A waiting fault holds the whole row back. */
  held: boolean;
  identity: string | null;
  phone: string | null;
  bankAccount: string | null;
  name: string | null;
  homeRegion: string | null;
  birthDate: string | null;
}

export const TEXT_LIMIT = 200;
/** 100,000 yuan a month: nobody assisted earns more; such a cell has lost its decimal point or holds another number. */
export const WAGE_LIMIT_FEN = 10_000_000;

const PLAIN_AMOUNT = /^\d{1,9}(?:\.\d{1,2})?$/;

/** Besides 是 and 否: what work ledgers write in their columns of willingness and of being at work. */
const YES = new Set(["愿意", "务工", "已务工", "在岗", "就业", "已就业", "外出务工", "在务工", "有意愿"]);
const NO = new Set(["不愿意", "未务工", "未就业", "不在岗", "返乡", "无意愿", "未外出", "待业", "失业"]);

/** The row being checked: its cells, the staged values so far, the faults found. One object serves all rows of a batch. */
export class RowState {
  readonly row: CheckedRow;
  readonly context: CheckContext;
  readonly fields: ReadonlySet<LedgerField>;
  readonly home: HomeReader;
  readonly work: WorkPlaceReader;
  readonly monthStart: string;
  /** Nobody reports work that begins later than in a year. */
  readonly latestStart: string;
  readonly slot: ReadonlyMap<string, number>;
  cells: Partial<Record<LedgerField, Cell>> = {};

  constructor(context: CheckContext) {
    this.context = context;
    const columns = stageColumns(context.definition);
    this.slot = new Map(columns.map((column, index) => [column.name, index]));
    this.fields = new Set(Object.keys(context.definition.fields) as LedgerField[]);
    this.home = new HomeReader(context);
    this.work = new WorkPlaceReader(context);
    this.monthStart = `${context.month}-01`;
    this.latestStart = addDays(context.businessDate, 366);
    this.row = {
      values: columns.map(() => null),
      faults: [],
      secret: null,
      held: false,
      identity: null,
      phone: null,
      bankAccount: null,
      name: null,
      homeRegion: null,
      birthDate: null,
    };
  }

  begin(cells: Partial<Record<LedgerField, Cell>>): void {
    const { row } = this;
    this.cells = cells;
    row.values.fill(null);
    row.faults = [];
    row.held = false;
    row.secret = null;
    row.identity = row.phone = row.bankAccount = row.name = row.homeRegion = row.birthDate = null;
    this.#leaveOutErrors();
  }

  /** A cell of #N/A says nothing, least of all that somebody is called so. What must be there is then missing. */
  #leaveOutErrors(): void {
    const { cells } = this;
    for (const name in cells) {
      const field = name as LedgerField;
      const cell = cells[field];
      // Nearly all cells are plain; a row is passed over at the cost of looking.
      if (typeof cell !== "object" || cell === null) continue;
      const error = errorText(cell);
      if (error === null) continue;
      this.fault(field, "formula-error", "notice", `“${error}”是表格公式的错误值，本格未采用`);
      this.cells = { ...this.cells, [field]: null };
    }
  }

  text(field: LedgerField): string {
    return cellText(this.cells[field] ?? null);
  }

  /** The cell's text, empty also where it only says that there is nothing. */
  stated(field: LedgerField): string {
    const text = this.text(field);
    return saysNothing(text) ? "" : text;
  }

  set(column: string, value: string | null): void {
    const slot = this.slot.get(column);
    if (slot !== undefined) this.row.values[slot] = value;
  }

  get(column: string): string | null {
    const slot = this.slot.get(column);
    return slot === undefined ? null : this.row.values[slot]!;
  }

  fault(
    field: LedgerField,
    code: FaultCode,
    severity: FaultSeverity,
    detail: string,
    suggestion: string | null = null,
  ): void {
    if (severity === "waiting") this.row.held = true;
    const { label, mend } = faultLabels[code];
    const message = `${ledgerFieldLabels[field]}：${detail || label}。${severity === "repaired" ? `已按规则${mend}` : `请${mend}`}。`;
    this.row.faults.push({
      field,
      code,
      severity,
      message,
      value: maskCell(this.text(field)).slice(0, 100),
      suggestion,
    });
  }

  noteDateRepair(field: LedgerField, reading: Extract<DateReading, { kind: "date" }>): void {
    if (reading.repaired) this.fault(field, reading.repaired, "repaired", "");
  }

  dateFault(field: LedgerField, reading: DateReading, suggestion: string | null = null): void {
    if (reading.kind === "impossible")
      this.fault(
        field,
        "date-impossible",
        "waiting",
        `“${tidy(this.text(field))}”这一天不存在`,
        suggestion ?? reading.suggestion,
      );
    else
      this.fault(
        field,
        "date-unreadable",
        "waiting",
        `“${tidy(this.text(field)).slice(0, 30)}”${reading.kind === "ambiguous" ? "可能是 1 月，也可能是 10 月" : "不是日期"}`,
        suggestion,
      );
  }

  code<Id extends string>(
    field: keyof typeof personColumns | "form" | "channel" | "industry",
    column: string,
    dictionary: Dictionary<Id>,
    as: "id" | "code" = "id",
  ): void {
    if (!this.fields.has(field)) return;
    const text = this.text(field);
    if (text === "") return;
    const value = dictionary.parse(text);
    if (value === null)
      return this.fault(field, "code-unknown", "notice", `“${tidy(text).slice(0, 30)}”不在字典内，本格未采用`);
    const number = as === "code" ? numberOf(dictionary, value) : null;
    this.set(column, as === "id" ? value : number === null ? null : String(number));
  }

  yesNo(field: "jobWilling" | "trainingWilling", column: string): void {
    const text = this.text(field);
    if (text === "") return;
    const value = yesNo(text);
    if (value === null)
      return this.fault(field, "code-unknown", "notice", `“${tidy(text).slice(0, 30)}”应填“是”或“否”，本格未采用`);
    this.set(column, value ? "t" : "f");
  }

  free(field: LedgerField, column: string): void {
    if (!this.fields.has(field)) return;
    const text = tidy(this.text(field));
    if (text === "") return;
    if (text.length > TEXT_LIMIT) return this.fault(field, "too-long", "waiting", `超过 ${TEXT_LIMIT} 字`);
    this.set(column, text);
  }

  date(field: LedgerField): { date: string; precision: "day" | "month" } | null {
    if (!this.fields.has(field)) return null;
    const reading = readDate(this.cells[field] ?? null);
    if (reading.kind === "none") return null;
    if (reading.kind !== "date") {
      this.dateFault(field, reading);
      return null;
    }
    this.noteDateRepair(field, reading);
    return reading;
  }

  money(field: LedgerField, column: string, limitFen: number): void {
    const text = this.stated(field);
    if (text === "") return;
    const plain = PLAIN_AMOUNT.test(text)
      ? text
      : text
          .normalize("NFKC")
          .replaceAll(/[\s,元¥￥]/g, "")
          .replace(/\/月$/, "");
    const fen = parseYuan(roundedNumberText(plain));
    if (fen === null) return this.fault(field, "wage-unreadable", "waiting", `“${tidy(text).slice(0, 30)}”不是金额`);
    if (fen < 0 || fen > limitFen)
      return this.fault(
        field,
        "wage-implausible",
        "waiting",
        `${tidy(text)} 元明显${fen < 0 ? "有误，金额不能为负" : "过高"}`,
      );
    if (hasFullWidth(text)) this.fault(field, "full-width", "repaired", "");
    this.set(column, String(fen));
  }
}

export function yesNo(text: string): boolean | null {
  const plain = readYesNo(text);
  if (plain !== null) return plain;
  const word = text.normalize("NFKC").replaceAll(/\s/g, "");
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

/** A wage that a program computed, 3800.5000000001, is the two decimals a person sees. */
function roundedNumberText(text: string): string {
  return /^\d+\.\d{3,}$/.test(text) ? Number(text).toFixed(2) : text;
}
