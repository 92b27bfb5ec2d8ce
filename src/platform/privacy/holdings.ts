import type { Services } from "../module.ts";
import type { ConsentKind, LegalBasis, SensitiveKind } from "./law.ts";
import type { PeriodId } from "./periods.ts";

export const ends = ["erase", "anonymise", "archive"] as const;
/** What becomes of a value when its time is over. archive: kept where nobody works with it. */
export type End = (typeof ends)[number];
export const endLabels: Record<End, string> = { erase: "删除", anonymise: "匿名化", archive: "归档" };

/** How a number is shown to whoever need not know it whole. */
export type Mask = "identity" | "phone" | "bank";

/** One fact about people, as the field register (字段台账) shows it. What is left out, the table says. */
export interface HeldField {
  readonly label: string;
  readonly sensitive?: SensitiveKind;
  readonly consent?: ConsentKind;
  readonly mask?: Mask;
  /** Holds numbers of the person whole, in an envelope: a list that shows them needs a second officer. */
  readonly sealed?: true;
  /** This column is the mask itself, or a keyed hash: nobody reads the value out of it. */
  readonly derived?: true;
  readonly basis?: readonly LegalBasis[];
  readonly purpose?: string;
  readonly seenBy?: string;
  readonly end?: End;
  /** SQL that stands in its place once the person is erased, where the column may not be empty. */
  readonly blank?: string;
}

/** A table that holds facts about people. Every column has an entry: a fact, or one of `bookkeeping`. */
export interface HeldTable {
  /** Schema and table. */
  readonly table: string;
  readonly title: string;
  readonly purpose: string;
  readonly basis: readonly LegalBasis[];
  readonly period: PeriodId;
  readonly seenBy: string;
  readonly end: End;
  readonly fields: Readonly<Record<string, HeldField>>;
  /** Columns that keep the row and say nothing of a person, with their names; common ones are known by `bookkeepingLabels`. */
  readonly bookkeeping?: readonly string[];
  /**
   * Of a row of one person: until when its own period keeps the person from being erased. `person` is the column; `event` is SQL
   * over `t`, a date, null where it has not come to an end.
   */
  readonly keeps?: { readonly person: string; readonly event: string };
}

/** Columns that many tables have and that keep a row instead of telling of a person. */
export const bookkeepingLabels: Readonly<Record<string, string>> = {
  region: "登记单位所在地",
  recorded_on: "登记日期",
  import_id: "导入批号",
  version: "版本",
  lock: "版本",
  source: "来源",
  cell_sources: "各项来源",
  batch_id: "台账批次",
  created_batch: "首次登记批次",
  mark: "历史标记",
  existed: "是否存在",
  officer_id: "经办人编号",
  officer_name: "经办人",
  organisation: "经办单位",
  decided_by: "决定人编号",
  decided_by_name: "决定人",
  decided_at: "决定时间",
  state: "状态",
  due_on: "期限",
};

/**
 * One step of erasing persons, over the temporary table `erasing (old_id, new_id, empty_secret)`.
 * An SQL statement that changes rows; how many goes into the record of the run under `table`.
 */
export interface ErasureStep {
  readonly table: string;
  readonly sql: string;
  /** Returns keys of files, in a column `file_key`, which go once the transaction has committed. */
  readonly files?: true;
  /** A SELECT of one row whose column `n` says how many a function changed. */
  readonly counts?: true;
  /** Before all others, or after them. */
  readonly when?: "first" | "last";
}

/**
 * Rows whose time is over by themselves. SQL fragments speak of the row as `t`. What matches once must not match again after `set`.
 */
export interface RetentionRule {
  readonly id: string;
  readonly title: string;
  readonly period: PeriodId;
  readonly table: string;
  /** A date; null: not yet. */
  readonly event: string;
  readonly county: string;
  readonly where?: string;
  /** Assignments; without them the row goes. */
  readonly set?: string;
  /** SQL of the ids by which a legal hold is known. */
  readonly person?: string;
  readonly batch?: string;
  /** SQL of the key of an encrypted file that goes with the row. */
  readonly file?: string;
  /** The same in the history: entity and SQL of its key, as registry.change names it. */
  readonly history?: { readonly entity: string; readonly key: string };
}

/** Like a rule, but done by the domain's own code. `dry`: only counts. Answers how many went, by county. */
export interface Sweep {
  readonly id: string;
  readonly title: string;
  readonly period: PeriodId;
  readonly table: string;
  /** Everything whose event lies before `before`, a date, goes; of the counties that begin with `area`. */
  run(
    services: Services,
    before: string,
    area: string,
    dry: boolean,
  ): Promise<readonly { county: string; rows: number }[]>;
}

/** 保全: who or what must not be erased while something is open. */
export interface LegalHold {
  readonly label: string;
  /** SQL: column `person_id`. */
  readonly persons?: string;
  /** SQL: column `batch_id`. */
  readonly batches?: string;
}

/** What a domain holds of people; its module gives it to the program. */
export interface Holdings {
  /** The domain in the office's words. */
  readonly title: string;
  readonly tables: readonly HeldTable[];
  /** Tables that look as if they held people and do not: why. */
  readonly aside?: Readonly<Record<string, string>>;
  readonly rules?: readonly RetentionRule[];
  readonly erasure?: readonly ErasureStep[];
  readonly holds?: readonly LegalHold[];
  /** What goes of whoever took a consent back: SQL over the temporary table `withdrawn (person_id)`, counted under `table`. */
  readonly withdrawals?: readonly {
    readonly kind: ConsentKind;
    readonly table: string;
    readonly sql: string;
    readonly counts?: true;
  }[];
  /** What no statement reaches. */
  readonly sweeps?: readonly Sweep[];
  /** Columns that name files of the store: what none names is nobody's. */
  readonly files?: readonly { readonly table: string; readonly column: string }[];
}

export const bookkeepingOf = (table: HeldTable, column: string): string | null =>
  column in table.fields
    ? null
    : (bookkeepingLabels[column] ?? (table.bookkeeping?.includes(column) ? "管理字段" : null));
