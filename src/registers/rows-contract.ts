import { z } from "zod";
import {
  action,
  download,
  exportPurpose,
  id,
  pageOf,
  paging,
  plainDate,
  query,
  regionCode,
} from "../platform/contract.ts";
import type { RegisterColumn } from "./definition.ts";
import { registersPermissions } from "./permissions.ts";

const { read, write } = registersPermissions;

/** A register's name in addresses. */
export const registerName = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, "登记簿名称格式不正确");

export const columnTypes = [
  "text",
  "integer",
  "fen",
  "date",
  "month",
  "boolean",
  "code",
  "region",
  "person",
  "employer",
  "reference",
] as const satisfies readonly RegisterColumn["type"][];

/** Columns by which a list may be ordered: links would be ordered by their ids, which say nothing. */
export const sortableTypes: ReadonlySet<RegisterColumn["type"]> = new Set(
  columnTypes.filter((type) => type !== "person" && type !== "employer" && type !== "reference"),
);

/** A column as the screen needs it. */
export const registerColumn = z.object({
  column: z.string(),
  label: z.string(),
  type: z.enum(columnTypes),
  required: z.boolean(),
  codes: z.array(z.string()),
  register: z.string().nullable(),
  hint: z.string(),
  aside: z.boolean(),
  /** Names the row: it can be written but not changed afterwards by a table handed over. */
  key: z.boolean(),
});
export type ColumnSummary = z.output<typeof registerColumn>;

export const registerSummary = z.object({
  name: registerName,
  title: z.string(),
  about: z.string(),
  group: z.string(),
  columns: z.array(registerColumn),
});
export type RegisterSummary = z.output<typeof registerSummary>;

/** All registers with what the officer's area has in each. */
export const listRegisters = query({
  path: "/api/registers",
  summary: "查看登记簿",
  access: { permission: read },
  input: z.object({}),
  output: z.array(
    registerSummary.extend({
      rows: z.int(),
      /** The newest table taken in, if any. */
      lastImport: z.object({ importId: id, appliedAt: z.string(), receivedBy: z.string() }).nullable(),
      /** Tables that wait for somebody: checked, with rows to be written. */
      waiting: z.int(),
    }),
  ),
});

export const getRegister = query({
  path: "/api/registers/:register",
  summary: "查看登记簿",
  access: { permission: read },
  input: z.object({ register: registerName }),
  output: registerSummary,
});

/**
 * A value as it is shown: text, number (fen for money), yes or no, a date or month as text; and what leads elsewhere (a
 * person, employer, region or row of another register) with its id, label and what tells two alike apart.
 */
export const shownValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.object({
    id: z.string(),
    label: z.string(),
    note: z.string(),
    /** There is a page of it that this officer may open. */
    open: z.boolean(),
  }),
]);
export type ShownValue = z.output<typeof shownValue>;

export const shownValues = z.record(z.string(), shownValue);
export type ShownValues = z.output<typeof shownValues>;

export const registerRow = z.object({
  rowId: id,
  version: z.int(),
  /** The office that keeps the row. */
  region: z.object({ code: regionCode, name: z.string(), fullName: z.string() }),
  recordedOn: plainDate,
  /** By column. */
  values: shownValues,
});
export type RegisterRow = z.output<typeof registerRow>;

/**
 * Filters of a list. Besides the named ones: `is.<column>` for codes, yes or no (true, false), months; `from.<column>` and
 * `to.<column>` for dates. The same for the list, its count and its export.
 */
export const rowFilter = z
  .object({
    register: registerName,
    /** Part of a text column, of the number or name of what is referred to, of a person's or employer's name. */
    text: z.string().trim().max(60).optional(),
    region: regionCode.optional(),
    person: id.optional(),
    /** A column, `recorded` or `region`; with "-" before it the other way round. */
    sort: z.string().max(60).optional(),
  })
  .catchall(z.string().max(60));
export type RowFilter = z.output<typeof rowFilter>;

export const listRegisterRows = query({
  path: "/api/registers/:register/rows",
  summary: "查看登记簿记录",
  access: { permission: read },
  audit: "query",
  input: rowFilter.extend(paging),
  output: pageOf(registerRow),
});

export const exportRegisterRows = download({
  path: "/api/registers/:register/rows.xlsx",
  summary: "导出登记簿",
  access: { permission: registersPermissions.export },
  input: rowFilter.extend({
    purpose: exportPurpose,
    /** Columns as chosen on the screen, comma-separated; empty: all. */
    columns: z.string().max(2_000).optional(),
  }),
});

export const getRegisterRow = query({
  path: "/api/registers/:register/rows/:rowId",
  summary: "查看登记簿记录",
  access: { permission: read },
  audit: "query",
  input: z.object({ register: registerName, rowId: id }),
  output: registerRow,
});

export const changeActs = ["create", "update", "remove", "undo"] as const;
export type ChangeAct = (typeof changeActs)[number];
export const changeActLabels: Record<ChangeAct, string> = {
  create: "登记",
  update: "修改",
  remove: "删除",
  undo: "撤销导入",
};

export const rowChange = z.object({
  changeId: id,
  act: z.enum(changeActs),
  at: z.string(),
  businessDate: plainDate,
  officerName: z.string(),
  reason: z.string(),
  /** The table that said it; null: by hand. */
  importId: id.nullable(),
  /** Only columns that changed. */
  cells: z.array(z.object({ column: z.string(), label: z.string(), before: shownValue, after: shownValue })),
});
export type RowChange = z.output<typeof rowChange>;

/** A row's history, the newest first; also of a row that has been removed. */
export const listRowChanges = query({
  path: "/api/registers/:register/rows/:rowId/changes",
  summary: "查看登记簿记录的变更",
  access: { permission: read },
  audit: "query",
  input: z.object({ register: registerName, rowId: id }),
  output: z.array(rowChange),
});

/**
 * Values as they are written: an identity number, a credit code or name, another register's number, a division's name or
 * code, yuan, 是/否. What was chosen on the screen is `id:` and its id. Null empties the cell.
 */
const writtenValues = z.record(z.string().max(60), z.string().max(500).nullable());
const reason = z.string().trim().min(2, "请写明依据，至少 2 个字").max(200, "依据最多 200 个字");

export const createRegisterRow = action({
  path: "/api/registers/:register/rows",
  summary: "登记一条记录",
  access: { permission: write },
  input: z.object({ register: registerName, values: writtenValues, reason: z.string().trim().max(200).default("") }),
  output: z.object({ rowId: id, version: z.int() }),
});

export const editRegisterRow = action({
  path: "/api/registers/:register/rows/:rowId",
  method: "PUT",
  summary: "修改登记簿记录",
  access: { permission: write },
  input: z.object({ register: registerName, rowId: id, version: z.int(), values: writtenValues, reason }),
  output: z.object({ version: z.int(), changed: z.array(z.string()) }),
});

export const removeRegisterRow = action({
  path: "/api/registers/:register/rows/:rowId/removal",
  summary: "删除登记簿记录",
  access: { permission: write },
  input: z.object({ register: registerName, rowId: id, version: z.int(), reason }),
  output: z.object({ removed: z.literal(true) }),
});

/** What all registers hold of one person, for the person's page. */
export const listRowsOfPerson = query({
  path: "/api/register-rows/of-person/:personId",
  summary: "查看人员登记信息",
  access: { permission: read },
  audit: "query",
  input: z.object({ personId: id }),
  output: z.array(
    z.object({
      name: registerName,
      title: z.string(),
      columns: z.array(registerColumn),
      rows: z.array(registerRow),
      /** There are more than are shown. */
      total: z.int(),
    }),
  ),
});
