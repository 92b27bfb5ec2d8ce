import { fieldLabel, isRegistryEntity, personCategory, showValue, sourceLabel } from "#registry";
import type { z } from "zod";
import type { differenceCell } from "../contract.ts";

/** A cell as the comparison stored it: raw values as PostgreSQL prints them, secrets masked. */
export interface StoredCell {
  readonly entity: string;
  readonly field: string;
  readonly held: string | null;
  readonly claimed: string | null;
  readonly source?: number | null;
  readonly act: "adopt" | "task" | "info";
}

const workStates: Readonly<Record<string, string>> = {
  working: "在岗",
  idle: "未在岗",
  "to-verify": "待核实",
  unknown: "未知",
};

/** Raw cells in the words an officer reads. */
export function showCells(
  cells: readonly StoredCell[],
  nameOf: (code: string) => string,
): z.output<typeof differenceCell>[] {
  return cells.map((cell) => ({
    field: `${cell.entity}.${cell.field}`,
    label: labelOf(cell),
    held: show(cell, cell.held, nameOf, "held"),
    claimed: show(cell, cell.claimed, nameOf, "claimed"),
    act: cell.act,
    heldSource: cell.held !== null && cell.source ? sourceLabel(cell.source) : null,
  }));
}

function labelOf(cell: StoredCell): string {
  if (cell.field === "spell") return "务工记录";
  if (cell.field === "new") return "人员";
  return isRegistryEntity(cell.entity) ? fieldLabel(cell.entity, cell.field) : cell.field;
}

function show(
  cell: StoredCell,
  value: string | null,
  nameOf: (code: string) => string,
  side: "held" | "claimed",
): string | null {
  if (cell.field === "new") {
    if (side === "held") return "登记库无此人";
    const category = value ? personCategory.parse(value) : null;
    return category ? `新建 · ${personCategory.labels[category]}` : "新建";
  }
  if (cell.field === "work_state")
    return side === "held" && value !== null
      ? (workStates[value] ?? value)
      : side === "claimed" && value === null
        ? "本月未报"
        : value;
  if (value === null) return null;
  if (cell.field === "spell") return showSpell(value, nameOf);
  if (value === "ongoing") return "在岗，未结束";
  return isRegistryEntity(cell.entity) ? showValue(cell.entity, cell.field, value, nameOf) : value;
}

/** `start|end|region|employer` → 「2025-08-04 起 · 长沙市 · 乐邻家政」. */
function showSpell(text: string, nameOf: (code: string) => string): string {
  const [start, end, region, ...employer] = text.split("|");
  if (!start) return `${end} 止`;
  const period = end ? `${start} 至 ${end}` : `${start} 起`;
  return [period, region ? nameOf(region) : "", employer.join("|")].filter((part) => part !== "").join(" · ");
}
