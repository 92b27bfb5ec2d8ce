import type { LedgerKind } from "../contract.ts";
import { registerColumns, type LedgerKindDefinition } from "./kind.ts";

const required = { required: true } as const;
const optional = {} as const;

const base = { name: required, identity: required, sex: optional, birthDate: optional, prefecture: optional, county: optional, town: optional, village: required, phone: optional, remark: optional } as const;
const nowhere = { ...base, village: optional } as const;

const workLedger: LedgerKindDefinition = {
  kind: "work-ledger",
  source: "work-ledger",
  fields: {
    ...base,
    ethnicity: optional, education: optional, headName: optional, householdNo: optional, relationToHead: optional, category: optional,
    labourCapacity: optional, health: optional, working: optional, workProvince: optional, workPrefecture: optional, workCounty: optional, workPlace: optional,
    employer: optional, industry: optional, occupation: optional, form: optional, channel: optional, startDate: optional, endDate: optional, endReason: optional,
    monthlyWage: optional, jobWilling: optional, trainingWilling: optional, skills: optional,
  },
  lineKey: [],
  vanishes: true,
  vanishReason: "V1",
  home: true,
  spell: "job",
  category: true,
  household: true,
  register: null,
};

const postRoster: LedgerKindDefinition = {
  kind: "post-roster",
  source: "post-roster",
  fields: {
    ...base,
    category: optional, employer: required, occupation: optional, startDate: required, endDate: optional, endReason: optional, monthlyWage: optional, bankAccount: optional,
    workPlace: optional,
  },
  lineKey: [],
  vanishes: true,
  vanishReason: "V1",
  home: true,
  spell: "post",
  category: false,
  household: false,
  register: null,
};

const assistedList: LedgerKindDefinition = {
  kind: "assisted-list",
  source: "assisted-list",
  fields: {
    ...base,
    ethnicity: optional, education: optional, maritalStatus: optional, headName: optional, householdNo: optional, relationToHead: optional, category: required, categoryFrom: optional,
    categoryTo: optional, categoryDetail: optional, labourCapacity: optional, health: optional, jobWilling: optional, trainingWilling: optional,
    skills: optional, perCapitaIncome: optional, bankAccount: optional, address: optional,
  },
  lineKey: [],
  vanishes: true,
  vanishReason: "V2",
  home: true,
  spell: null,
  category: true,
  household: true,
  register: null,
};

const socialInsurance: LedgerKindDefinition = {
  kind: "social-insurance",
  source: "social-insurance",
  fields: {
    ...nowhere,
    employer: required, creditCode: optional, insuranceKind: required, month: optional, insuranceBase: optional, employerPart: optional, personPart: optional, insuranceStatus: optional,
    workPlace: optional,
  },
  lineKey: ["month", "insurance_kind", "employer_key"],
  vanishes: false,
  vanishReason: "V1",
  home: false,
  spell: null,
  category: false,
  household: false,
  register: {
    table: "insurance_month",
    key: registerColumns(["month", "insurance_kind", "employer_key"], { insurance_kind: "kind" }),
    content: registerColumns(["employer_name", "insured_region", "base_fen", "employer_part_fen", "person_part_fen", "insurance_status"], { insurance_status: "status" }),
  },
};

const payroll: LedgerKindDefinition = {
  kind: "payroll",
  source: "payroll",
  fields: { ...nowhere, employer: required, creditCode: optional, month: optional, amount: required, paidOn: optional, payMethod: optional, bankAccount: optional },
  lineKey: ["month", "employer_key"],
  vanishes: false,
  vanishReason: "V1",
  home: false,
  spell: null,
  category: false,
  household: false,
  register: { table: "wage_month", key: registerColumns(["month", "employer_key"]), content: registerColumns(["employer_name", "amount_fen", "paid_on", "pay_method"], { pay_method: "method" }) },
};

const contractFiling: LedgerKindDefinition = {
  kind: "contract-filing",
  source: "contract-filing",
  fields: { ...nowhere, employer: required, creditCode: optional, contractKind: optional, startDate: required, endDate: optional, signedOn: optional, monthlyWage: optional },
  lineKey: ["start_date", "employer_key"],
  vanishes: false,
  vanishReason: "V1",
  home: false,
  spell: null,
  category: false,
  household: false,
  register: { table: "contract", key: registerColumns(["employer_key", "start_date"]), content: registerColumns(["employer_name", "end_date", "contract_kind", "signed_on", "monthly_wage_fen"], { contract_kind: "kind" }) },
};

const other: LedgerKindDefinition = {
  kind: "other",
  source: "other",
  fields: { ...nowhere, month: optional },
  lineKey: ["title", "month"],
  vanishes: false,
  vanishReason: "V1",
  home: false,
  spell: null,
  category: false,
  household: false,
  register: { table: "other_record", key: registerColumns(["title", "month"]), content: registerColumns(["content"]) },
};

export const kindDefinitions: Readonly<Record<LedgerKind, LedgerKindDefinition>> = {
  "work-ledger": workLedger,
  "post-roster": postRoster,
  "assisted-list": assistedList,
  "social-insurance": socialInsurance,
  payroll,
  "contract-filing": contractFiling,
  other,
};
