import { personCategory, type Dictionary, type WorkState } from "../contract.ts";
import { labelOfId, numberOf } from "../fields.ts";
import type { Tone } from "../../ui/index.ts";

/** Options of a choice from a dictionary whose ids are stored. */
export function idOptions(dictionary: Dictionary<string>): { value: string; label: string }[] {
  return dictionary.ids.map((id) => ({ value: id, label: dictionary.labels[id] ?? id }));
}

/** Options of a choice from a dictionary whose standard numbers are stored. */
export function numberOptions(dictionary: Dictionary<string>): { value: string; label: string }[] {
  return dictionary.ids.flatMap((id) => {
    const number = numberOf(dictionary, id);
    return number === null ? [] : [{ value: String(number), label: dictionary.labels[id] ?? id }];
  });
}

export function categoryLabel(category: string): string {
  return labelOfId(personCategory, category);
}

export const willingLabels = { yes: "愿意", no: "不愿意", unset: "未填" } as const;
export const willingOptions = Object.entries(willingLabels).map(([value, label]) => ({ value, label }));

export function willing(value: boolean | null): string {
  return value === null ? "" : value ? willingLabels.yes : willingLabels.no;
}

export const workStateTones: Record<WorkState, Tone> = { working: "done", idle: "soon", "to-verify": "late", unknown: "outline" };
