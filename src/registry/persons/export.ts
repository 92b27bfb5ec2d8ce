import { handleExport, type ExportColumn, type ExportList } from "#exports";
import type { WriteValue } from "../../platform/sheets/index.ts";
import { labourCapacity, personCategory, sex } from "../dictionaries/index.ts";
import { labelOfId, labelOfNumber } from "../fields.ts";
import { openPersonSecret, type PersonSecret } from "../numbers.ts";
import { registryPermissions } from "../permissions.ts";
import { registryProblems } from "../problems.ts";
import { regionNames } from "../regions/store.ts";
import { refuse } from "../../platform/problem.ts";
import type { ActionContext } from "../../platform/module.ts";
import { exportPersons, workStateLabels, type PersonRow } from "./contract.ts";
import { countPersons, personPieces, type PersonFilter } from "./list-store.ts";

interface PersonColumn extends ExportColumn {
  /** Where whole numbers were asked for, the column that holds them. */
  readonly whole?: string;
  /** The column's key on the screen. */
  readonly key: string;
  value(row: PersonRow, numbers: PersonSecret | null): WriteValue;
}

const yesNo = (value: boolean | null, yes: string, no: string) => (value === null ? null : value ? yes : no);

const columns: readonly PersonColumn[] = [
  { key: "name", header: "姓名", kind: "text", width: 12, value: (row) => row.name },
  { key: "sex", header: "性别", kind: "text", width: 8, value: (row) => labelOfNumber(sex, row.sex) },
  { key: "age", header: "年龄", kind: "int", width: 8, value: (row) => row.age },
  {
    key: "identity",
    header: "证件号码",
    kind: "text",
    width: 22,
    holds: "registry.person.identity_mask",
    whole: "registry.person.secret",
    value: (row, numbers) => numbers?.identity ?? row.identityMask,
  },
  {
    key: "phone",
    header: "联系电话",
    kind: "text",
    width: 16,
    holds: "registry.person.phone_mask",
    whole: "registry.person.secret",
    value: (row, numbers) => (numbers ? numbers.phone : row.phoneMask),
  },
  { key: "home", header: "户籍地", kind: "text", width: 44, value: (row) => row.home.fullName },
  {
    key: "categories",
    header: "身份类别",
    kind: "text",
    holds: "registry.person_category.category",
    width: 26,
    value: (row) => row.categories.map((category) => labelOfId(personCategory, category)).join("、"),
  },
  { key: "workState", header: "务工状态", kind: "text", width: 10, value: (row) => workStateLabels[row.workState] },
  { key: "employer", header: "务工单位", kind: "text", width: 28, value: (row) => row.employerName },
  { key: "workRegion", header: "务工地点", kind: "text", width: 28, value: (row) => row.workRegion?.fullName },
  {
    key: "labourCapacity",
    header: "劳动能力",
    kind: "text",
    holds: "registry.person.labour_capacity",
    width: 14,
    value: (row) => labelOfId(labourCapacity, row.labourCapacity),
  },
  {
    key: "jobWilling",
    header: "就业意愿",
    kind: "text",
    width: 10,
    value: (row) => yesNo(row.jobWilling, "愿意", "不愿意"),
  },
  {
    key: "trainingWilling",
    header: "培训意愿",
    kind: "text",
    width: 10,
    value: (row) => yesNo(row.trainingWilling, "愿意", "不愿意"),
  },
  { key: "recordedOn", header: "数据日期", kind: "date", width: 12, value: (row) => row.recordedOn },
];

/** Masked lists never show an account, whole ones are what a bank is given. */
const bankAccount: PersonColumn = {
  key: "bankAccount",
  header: "银行账号",
  kind: "text",
  width: 24,
  holds: "registry.person.secret",
  value: (_row, numbers) => numbers?.bankAccount,
};

/** The filters in words, for whoever approves the list. */
async function aboutFilter({ tx, caller }: ActionContext, filter: PersonFilter): Promise<string> {
  const area = filter.region ?? caller.sight.region ?? "";
  const name = (await regionNames(tx, [area]))(area).fullName;
  const choice = { yes: "愿意", no: "不愿意", unset: "未填写" };
  const parts = [
    name || "全部地区",
    filter.name ? `姓名含“${filter.name}”` : "",
    filter.categories.map((id) => labelOfId(personCategory, id)).join("、"),
    filter.workStates.map((state) => workStateLabels[state]).join("、"),
    filter.labourCapacities.map((id) => labelOfId(labourCapacity, id)).join("、"),
    filter.jobWilling ? `就业意愿：${choice[filter.jobWilling]}` : "",
    filter.trainingWilling ? `培训意愿：${choice[filter.trainingWilling]}` : "",
    filter.ageFrom !== undefined || filter.ageTo !== undefined
      ? `${filter.ageFrom ?? 0} 至 ${filter.ageTo ?? "不限"} 岁`
      : "",
  ];
  return parts.filter((part) => part !== "").join("；");
}

/** The list as the screen showed it: same filters, order, columns and masks; or with whole numbers, once approved. */
export const exportPersonsHandler = handleExport(
  exportPersons,
  async (context, { purpose: _purpose, columns: chosen, unmasked, ...filter }): Promise<ExportList> => {
    const { tx, caller, businessDate, services } = context;
    if (unmasked && !caller.permissions.has(registryPermissions.unmask)) refuse(registryProblems.wholeNumbersDenied());
    const scope = caller.sight.region;
    const among = chosen.length === 0 ? columns : columns.filter(({ key }) => chosen.includes(key));
    const shown = unmasked
      ? [...among.map(({ whole, ...column }) => (whole ? { ...column, holds: whole } : column)), bankAccount]
      : among;
    return {
      title: "人员名单",
      about: await aboutFilter(context, filter),
      persons: true,
      total: await countPersons(tx, scope, filter, businessDate),
      columns: shown,
      tracedBy: ["姓名", "证件号码"],
      async *rows() {
        for await (const { rows, secrets } of personPieces(tx, scope, filter, businessDate))
          for (const [index, row] of rows.entries()) {
            const numbers = unmasked ? openPersonSecret(services.keys, secrets[index]!) : null;
            yield shown.map((column) => column.value(row, numbers));
          }
      },
    };
  },
);
