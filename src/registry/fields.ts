import { isPlainDate } from "../platform/dates/index.ts";
import { formatYuan } from "../platform/money.ts";
import { householdType, personCategory } from "./dictionaries/assistance.ts";
import type { Dictionary } from "./dictionaries/dictionary.ts";
import { employmentChannel, employmentForm, industry } from "./dictionaries/employment.ts";
import { ethnicity } from "./dictionaries/ethnicity.ts";
import { insuranceStatusLabels, lifeStateLabels, workStateLabels } from "./persons/contract.ts";
import { education, health, labourCapacity, maritalStatus, sex } from "./dictionaries/person.ts";

/** Tables of schema registry that hold facts of a person; history and comparison tasks name them. */
export const registryEntities = [
  "person",
  "household",
  "person_category",
  "employment",
  "contract",
  "insurance_month",
  "wage_month",
  "other_record",
] as const;
export type RegistryEntity = (typeof registryEntities)[number];

export const entityLabels: Record<RegistryEntity, string> = {
  person: "基本信息",
  household: "家庭",
  person_category: "身份类别",
  employment: "务工经历",
  contract: "劳动合同",
  insurance_month: "参保缴费",
  wage_month: "工资发放",
  other_record: "其他台账",
};

/**
 * Education has one value that GB/T 4658-2006 does not know but the registers report; it is exchanged as 90 其他教育.
 * The column holds the standard's number, hence a number of ours inside that group.
 */
const ILLITERATE_NUMBER = 95;

export type FieldKind =
  | { readonly kind: "text" | "date" | "month" | "yes-no" | "money" | "region" }
  /** One of a few words of ours. */
  | { readonly kind: "choice"; readonly labels: Readonly<Record<string, string>> }
  /** Stored masked beside a keyed hash; the value itself lies in the row's envelope. */
  | { readonly kind: "secret" }
  | { readonly kind: "code"; readonly dictionary: Dictionary<string>; readonly stored: "id" | "number" };

export interface RegistryField {
  readonly label: string;
  readonly type: FieldKind;
  /** May be changed by hand on the person's page. */
  readonly editable?: true;
  /** Other columns that belong to the field and change with it. */
  readonly columns?: readonly string[];
}

const text = { kind: "text" } as const;
const date = { kind: "date" } as const;
const money = { kind: "money" } as const;
const yesNo = { kind: "yes-no" } as const;
const region = { kind: "region" } as const;
const secret = { kind: "secret" } as const;
const byId = (dictionary: Dictionary<string>): FieldKind => ({ kind: "code", dictionary, stored: "id" });
const byNumber = (dictionary: Dictionary<string>): FieldKind => ({ kind: "code", dictionary, stored: "number" });

const provenanceOf = {
  employer_name: { label: "单位名称", type: text },
  start_date: { label: "起始日期", type: date },
  end_date: { label: "终止日期", type: date },
} as const;

/**
 * Every field whose source is kept, by entity and by the name that cell_sources, comparison tasks and the authority table
 * use: the column's own, except for what is stored masked (identity, phone, bank_account).
 * A value travels as PostgreSQL prints the column: `1`, `true`, `2024-03-01`, `380000` fen, a region code.
 */
export const registryFields: Readonly<Record<RegistryEntity, Readonly<Record<string, RegistryField>>>> = {
  person: {
    name: { label: "姓名", type: text, editable: true },
    identity: { label: "证件号码", type: secret, columns: ["identity_kind", "identity_mask"] },
    sex: { label: "性别", type: byNumber(sex), editable: true },
    birth_date: { label: "出生日期", type: date, editable: true },
    ethnicity: { label: "民族", type: byNumber(ethnicity), editable: true },
    education: { label: "文化程度", type: byNumber(education), editable: true },
    marital_status: { label: "婚姻状况", type: byNumber(maritalStatus), editable: true },
    home_region: { label: "户籍地", type: region },
    residence_region: { label: "常住地", type: region, editable: true },
    household_id: { label: "所属家庭", type: text },
    relation_to_head: { label: "与户主关系", type: text, editable: true },
    labour_capacity: { label: "劳动能力", type: byId(labourCapacity), editable: true },
    health: { label: "健康状况", type: byId(health), editable: true },
    job_willing: { label: "就业意愿", type: yesNo, editable: true },
    training_willing: { label: "培训意愿", type: yesNo, editable: true },
    desired_region: { label: "意向地区", type: text, editable: true },
    desired_job: { label: "意向岗位", type: text, editable: true },
    skills: { label: "技能", type: text, editable: true },
    address: { label: "住址", type: text, editable: true },
    phone: { label: "联系电话", type: secret, editable: true, columns: ["phone_mask", "phone_hash", "phone_tail"] },
    bank_account: { label: "银行账号", type: secret, editable: true, columns: ["bank_mask", "bank_hash"] },
    work_state: { label: "务工状态", type: { kind: "choice", labels: workStateLabels } },
    life_state: { label: "在册状态", type: { kind: "choice", labels: lifeStateLabels } },
  },
  household: {
    household_no: { label: "户编号", type: text },
    head_name: { label: "户主", type: text },
    kind: { label: "家庭类型", type: byId(householdType) },
    per_capita_income_fen: { label: "人均纯收入", type: money },
    relocation_site: { label: "安置点", type: text },
  },
  person_category: {
    category: { label: "类别", type: byId(personCategory) },
    valid_from: { label: "识别时间", type: date },
    valid_to: { label: "退出时间", type: date },
    detail: { label: "类别说明", type: text },
  },
  employment: {
    employer_name: { label: "务工单位", type: text },
    work_region: { label: "务工地点", type: region },
    start_date: { label: "务工起期", type: date },
    end_date: { label: "务工止期", type: date },
    end_reason: { label: "结束原因", type: text },
    form: { label: "就业形式", type: byId(employmentForm) },
    channel: { label: "务工渠道", type: byId(employmentChannel) },
    industry: { label: "行业", type: byId(industry) },
    occupation: { label: "工种", type: text },
    monthly_wage_fen: { label: "月工资", type: money },
  },
  contract: {
    ...provenanceOf,
    kind: { label: "合同类型", type: text },
    signed_on: { label: "签订日期", type: date },
    monthly_wage_fen: { label: "合同工资", type: money },
  },
  insurance_month: {
    employer_name: provenanceOf.employer_name,
    insured_region: { label: "参保地", type: region },
    base_fen: { label: "缴费基数", type: money },
    employer_part_fen: { label: "单位缴费", type: money },
    person_part_fen: { label: "个人缴费", type: money },
    status: { label: "缴费状态", type: { kind: "choice", labels: insuranceStatusLabels } },
  },
  wage_month: {
    employer_name: provenanceOf.employer_name,
    amount_fen: { label: "实发工资", type: money },
    paid_on: { label: "发放日期", type: date },
    method: { label: "发放方式", type: text },
  },
  other_record: { content: { label: "内容", type: text } },
};

const fieldByColumn = new Map(
  registryEntities.flatMap((entity) =>
    Object.entries(registryFields[entity]).flatMap(([name, field]) =>
      [name, ...(field.columns ?? [])].map((column) => [`${entity}.${column}`, name] as const),
    ),
  ),
);

/** The field a column belongs to: phone_mask → phone; null for bookkeeping columns. */
export function fieldOfColumn(entity: RegistryEntity, column: string): string | null {
  return fieldByColumn.get(`${entity}.${column}`) ?? null;
}

export function fieldLabel(entity: RegistryEntity, field: string): string {
  return registryFields[entity][field]?.label ?? field;
}

export function isRegistryEntity(text: string): text is RegistryEntity {
  return (registryEntities as readonly string[]).includes(text);
}

/** The number that stands for a dictionary's id in a number column; null when the standard has none. */
export function numberOf<Id extends string>(dictionary: Dictionary<Id>, id: NoInfer<Id>): number | null {
  const code = dictionary.codes[id];
  if (code !== null) return Number(code);
  return dictionary.ids === (education.ids as readonly string[]) ? ILLITERATE_NUMBER : null;
}

/** The dictionary's id for a number of a column; null for one that the dictionary does not have. */
export function idOfNumber<Id extends string>(dictionary: Dictionary<Id>, number: number | null): Id | null {
  if (number === null) return null;
  return dictionary.ids.find((id) => numberOf(dictionary, id) === number) ?? null;
}

export function labelOfNumber(dictionary: Dictionary<string>, number: number | null): string {
  const id = idOfNumber(dictionary, number);
  return id === null ? "" : (dictionary.labels[id] ?? "");
}

export function labelOfId(dictionary: Dictionary<string>, id: string | null): string {
  if (id === null) return "";
  return dictionary.has(id) ? (dictionary.labels[id] ?? id) : id;
}

/** A stored value in the words an officer reads. `regionNameOf` gives the full name of a code. */
export function showValue(
  entity: RegistryEntity,
  field: string,
  value: string | null,
  regionNameOf: (code: string) => string,
): string | null {
  if (value === null || value === "") return null;
  const type = registryFields[entity][field]?.type ?? text;
  switch (type.kind) {
    case "yes-no":
      return value === "true" ? "愿意" : "不愿意";
    case "money":
      return `${formatYuan(Number(value))} 元`;
    case "choice":
      return type.labels[value] ?? value;
    case "region":
      return regionNameOf(value);
    case "code":
      return (
        (type.stored === "number"
          ? labelOfNumber(type.dictionary, Number(value))
          : labelOfId(type.dictionary, value)) || value
      );
    case "date":
      // A ledger's claim that a spell goes on.
      return value === "ongoing" ? "至今（未结束）" : value;
    case "text":
    case "month":
    case "secret":
      return value;
  }
}

/** True when `value` may stand in the field's column; regions, numbers and accounts are checked by the server besides. */
export function fitsField(entity: RegistryEntity, field: string, value: string | null): boolean {
  const type = registryFields[entity][field]?.type;
  if (type === undefined) return false;
  if (value === null) return true;
  switch (type.kind) {
    case "date":
      return isPlainDate(value);
    case "month":
      return /^\d{4}-(0[1-9]|1[0-2])$/.test(value);
    case "yes-no":
      return value === "true" || value === "false";
    case "money":
      return /^\d{1,13}$/.test(value);
    case "choice":
      return value in type.labels;
    case "region":
      return /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(value);
    case "code":
      return type.stored === "number"
        ? idOfNumber(type.dictionary, Number(value)) !== null
        : type.dictionary.has(value);
    case "text":
    case "secret":
      return value.length <= 200;
  }
}
