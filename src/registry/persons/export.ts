import { handleDownload, type DownloadBody } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { EXPORT_QUOTA_ROWS } from "../../platform/contract.ts";
import { exportedList, type ExportColumn } from "../../platform/sheets/index.ts";
import { labourCapacity, personCategory, sex } from "../dictionaries/index.ts";
import { labelOfId, labelOfNumber } from "../fields.ts";
import { registryProblems } from "../problems.ts";
import { exportPersons, workStateLabels, type PersonRow } from "./contract.ts";
import { countPersons, listPersonRows } from "./list-store.ts";

const yesNo = (value: boolean | null, yes: string, no: string) => (value === null ? null : value ? yes : no);

const columns: readonly ExportColumn<PersonRow>[] = [
  { key: "name", header: "姓名", kind: "text", width: 12, value: (row) => row.name },
  { key: "sex", header: "性别", kind: "text", width: 8, value: (row) => labelOfNumber(sex, row.sex) },
  { key: "age", header: "年龄", kind: "int", width: 8, value: (row) => row.age },
  { key: "identity", header: "证件号码", kind: "text", width: 22, value: (row) => row.identityMask },
  { key: "phone", header: "联系电话", kind: "text", width: 16, value: (row) => row.phoneMask },
  { key: "home", header: "户籍地", kind: "text", width: 44, value: (row) => row.home.fullName },
  {
    key: "categories",
    header: "身份类别",
    kind: "text",
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

/** The list as the screen showed it: same filters, order, columns and masks, with who took it, when, and its number above. */
export const exportPersonsHandler = handleDownload(
  exportPersons,
  async (context, { purpose, columns: chosen, ...filter }): Promise<DownloadBody> => {
    const { tx, caller, businessDate, requestId } = context;
    const scope = caller.sight.region;
    context.audit({ purpose });
    const total = await countPersons(tx, scope, filter, businessDate);
    if (total > EXPORT_QUOTA_ROWS) refuse(registryProblems.exportTooLarge(total));
    const { rows } = await listPersonRows(tx, scope, filter, businessDate, { page: 1, size: EXPORT_QUOTA_ROWS });
    const { exportNumber, ...download } = await exportedList({
      title: "人员名单",
      act: { ...caller, businessDate, requestId, purpose },
      columns: chosen.length === 0 ? columns : columns.filter(({ key }) => chosen.includes(key)),
      rows,
    });
    context.audit({ count: rows.length, exportNumber });
    return download;
  },
);
