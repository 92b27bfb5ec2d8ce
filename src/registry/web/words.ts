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

/** Short forms for narrow places; the rest are short already. */
const shortLabels: Readonly<Partial<Record<string, string>>> = {
  "lifted-with-policy": "享受政策",
  "marginal-poverty-prone": "边缘易致贫",
  "rural-low-income": "农村低收入",
  "at-risk-of-poverty": "返贫风险",
  relocated: "易地搬迁",
  "rain-dew-graduate": "雨露计划",
  "graduate-unplaced": "离校未就业",
  "graduate-in-difficulty": "困难毕业生",
  "long-unemployed-youth": "长期失业",
  "hard-to-employ": "就业困难",
  "zero-employment-family": "零就业家庭",
  "young-migrant-worker": "新生代",
  "returned-entrepreneur": "返乡创业",
  "new-professional-farmer": "职业农民",
  "practical-talent-leader": "实用人才",
  "selected-graduate-in-village": "选调生",
  "agricultural-technician": "农技人员",
  "village-governance-backbone": "治理骨干",
  "new-farm-operator-head": "新型主体",
  "flexibly-employed": "灵活就业",
  "new-form-worker": "新就业形态",
};

export function shortCategoryLabel(category: string): string {
  return shortLabels[category] ?? categoryLabel(category);
}

export function categoryWords(categories: readonly string[]): string {
  return categories.map(shortCategoryLabel).join("、");
}

export const willingLabels = { yes: "愿意", no: "不愿意", unset: "未填" } as const;
export const willingOptions = Object.entries(willingLabels).map(([value, label]) => ({ value, label }));

export function willing(value: boolean | null): string {
  return value === null ? "" : value ? willingLabels.yes : willingLabels.no;
}

export const workStateTones: Record<WorkState, Tone> = {
  working: "done",
  idle: "plain",
  "to-verify": "soon",
  unknown: "outline",
};
