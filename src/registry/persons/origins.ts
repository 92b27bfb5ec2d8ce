import { formatYuan } from "../../platform/money.ts";
import { fieldLabel, fieldOfColumn, registryFields, showValue, type RegistryEntity } from "../fields.ts";
import { sourceLabel, sourceNumbers } from "../sources.ts";
import type { ValueOrigin } from "./page-contract.ts";

/** 每个值从哪来: pure, from the rows, their history and what was compared. */

export interface OriginRow {
  readonly entity: RegistryEntity;
  readonly entityKey: Readonly<Record<string, string>>;
  /** Which row, in words; empty for the person. */
  readonly about: string;
  readonly values: Readonly<Record<string, string | null>>;
  readonly source: number;
  readonly cellSources: Readonly<Record<string, number>>;
  readonly recordedOn: string;
}

export interface OriginChange {
  readonly entity: string;
  readonly entityKey: Readonly<Record<string, unknown>>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly source: number;
  readonly day: string;
}

export interface OriginComparison {
  readonly entity: string;
  readonly entityKey: Readonly<Record<string, unknown>>;
  readonly field: string;
  readonly claimed: string | null;
  readonly claimedSource: number;
  readonly state: string;
  readonly day: string;
}

/** What a register of another system says about a field of a spell. */
export interface CrossCheck {
  readonly entity: RegistryEntity;
  readonly entityKey: Readonly<Record<string, string>>;
  readonly field: string;
  readonly value: string;
  readonly source: number;
  readonly on: string;
  /** Whether it confirms the value held, in the precision the register has. */
  readonly agrees: boolean;
}

/** Wages that differ by less are the same wage: ledgers say what was agreed, payrolls what was paid that month. */
const WAGE_TOLERANCE_PERCENT = 10;

export function valueOrigins(
  rows: readonly OriginRow[],
  changes: readonly OriginChange[],
  comparisons: readonly OriginComparison[],
  crossChecks: readonly CrossCheck[],
  regionNameOf: (code: string) => string,
): ValueOrigin[] {
  return rows.flatMap((row) => {
    const ofRow = changes.filter((change) => concerns(change, row));
    const madeOn = firstRecordedOn(row, ofRow);
    return Object.keys(registryFields[row.entity])
      .filter((field) => row.values[field] !== undefined)
      .map((field) =>
        originOf(
          row,
          field,
          madeOn,
          ofRow.filter((change) => touches(change, row.entity, field)),
          comparisons.filter((comparison) => concerns(comparison, row) && comparison.field === field),
          crossChecks.filter((check) => concerns(check, row) && check.field === field),
          regionNameOf,
        ),
      )
      .filter((origin) => origin.value !== null || origin.others.length > 0);
  });
}

/** When the row was made: an officer's change moves the row's day on and keeps the one before it; a batch's leaves it. */
function firstRecordedOn(row: OriginRow, changes: readonly OriginChange[]): string {
  const moved = changes.findLast((change) => typeof change.before["recorded_on"] === "string");
  return textOf(moved?.before["recorded_on"]) ?? row.recordedOn;
}

function concerns(item: { entity: string; entityKey: Readonly<Record<string, unknown>> }, row: OriginRow): boolean {
  return (
    item.entity === row.entity &&
    Object.entries(row.entityKey).every(([column, value]) => String(item.entityKey[column]) === value)
  );
}

function touches(change: OriginChange, entity: RegistryEntity, field: string): boolean {
  return Object.keys(change.after).some(
    (column) => fieldOfColumn(entity, column) === field && !same(change.before[column], change.after[column]),
  );
}

function same(a: unknown, b: unknown): boolean {
  return (a ?? null) === (b ?? null) || String(a) === String(b);
}

function originOf(
  row: OriginRow,
  field: string,
  madeOn: string,
  changes: readonly OriginChange[],
  comparisons: readonly OriginComparison[],
  crossChecks: readonly CrossCheck[],
  regionNameOf: (code: string) => string,
): ValueOrigin {
  const show = (value: string | null) => showValue(row.entity, field, value, regionNameOf);
  const source = row.cellSources[field] ?? row.source;
  // Changes come newest first: what stood before each was said by the one before it, or when the row was made.
  const earlier = changes.flatMap((change, index) => {
    const value = show(textOf(change.before[shownColumn(row.entity, field)]));
    const sayer = changes[index + 1];
    const on = sayer?.day ?? textOf(change.before["recorded_on"]) ?? change.day;
    return value === null || sayer === undefined
      ? []
      : [{ value, sourceLabel: sourceLabel(sayer.source), on, agrees: false }];
  });
  const first = changes.at(-1);
  const firstValue = first ? show(textOf(first.before[shownColumn(row.entity, field)])) : null;
  if (first && firstValue !== null) {
    const said = sourceBefore(first, field) ?? row.source;
    earlier.push({
      value: firstValue,
      sourceLabel: sourceLabel(said),
      on: madeOn,
      agrees: false,
    });
  }
  const claims = comparisons
    .filter((comparison) => comparison.state !== "withdrawn" && comparison.state !== "adopted")
    .map((comparison) => ({
      value: show(comparison.claimed) ?? "（空）",
      sourceLabel: sourceLabel(comparison.claimedSource),
      on: comparison.day,
      agrees: false,
    }));
  const confirmations = crossChecks.map((check) => ({
    value: show(check.value) ?? "",
    sourceLabel: sourceLabel(check.source),
    on: check.on,
    agrees: check.agrees,
  }));
  return {
    entity: row.entity,
    field,
    label: fieldLabel(row.entity, field),
    about: row.about,
    value: show(row.values[field] ?? null),
    sourceLabel: sourceLabel(source),
    takenOn: changes[0] ? (textOf(changes[0].after["recorded_on"]) ?? changes[0].day) : madeOn,
    others: [...claims, ...confirmations, ...earlier].slice(0, 6),
    ...outcomeOf(row, field, source, comparisons, crossChecks, earlier.length),
  };
}

function outcomeOf(
  row: OriginRow,
  field: string,
  source: number,
  comparisons: readonly OriginComparison[],
  crossChecks: readonly CrossCheck[],
  earlier: number,
): Pick<ValueOrigin, "outcome" | "outcomeText"> {
  if (comparisons.some((comparison) => comparison.state === "open"))
    return { outcome: "waiting", outcomeText: "不一致，待核对" };
  if (comparisons.some((comparison) => comparison.state === "kept"))
    return { outcome: "kept", outcomeText: "已核对，保留原值" };
  const check = crossChecks[0];
  if (check) {
    if (check.agrees) return { outcome: "agreed", outcomeText: "一致" };
    const type = registryFields[row.entity][field]!.type.kind;
    if (type === "money") return wageOutcome(Number(row.values[field]), Number(check.value));
    return { outcome: "differs", outcomeText: "与其他来源不同" };
  }
  if (comparisons.some((comparison) => comparison.state === "adopted") || earlier > 0) {
    return { outcome: "adopted", outcomeText: `已采${sourceLabel(source)}` };
  }
  return source === sourceNumbers.officer
    ? { outcome: "only", outcomeText: "经办录入" }
    : { outcome: "only", outcomeText: "唯一来源" };
}

function wageOutcome(held: number, said: number): Pick<ValueOrigin, "outcome" | "outcomeText"> {
  const apart = `差 ${formatYuan(Math.abs(held - said))} 元`;
  return Math.abs(held - said) * 100 <= held * WAGE_TOLERANCE_PERCENT
    ? { outcome: "near", outcomeText: `${apart}，未超阈值` }
    : { outcome: "differs", outcomeText: `${apart}，超过 ${WAGE_TOLERANCE_PERCENT}%` };
}

/** Who said the value that the row's first change replaced, when the change kept the row's bookkeeping. */
function sourceBefore(change: OriginChange, field: string): number | null {
  const cells = change.before["cell_sources"] as Record<string, unknown> | null | undefined;
  const said = cells?.[field] ?? change.before["source"];
  return said === undefined || said === null ? null : Number(said);
}

/** The column that may be shown: the mask of a number, else the field's own. */
export function shownColumn(entity: RegistryEntity, field: string): string {
  return registryFields[entity][field]?.columns?.find((column) => column.endsWith("_mask")) ?? field;
}

export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
