import type { ErasureStep, HeldField, HeldTable, Holdings, LegalBasis, PeriodId } from "../platform/privacy/index.ts";
import type { RegisterDefinition } from "./definition.ts";

export interface HeldRegister {
  readonly basis?: readonly LegalBasis[];
  readonly period: PeriodId;
  /** SQL over `t`: the date from which the row's own period counts; null: not yet. Without it the row keeps nobody. */
  readonly event?: string;
  readonly purpose: string;
  /** What the definition does not say of a column. */
  readonly fields?: Readonly<Record<string, Partial<HeldField>>>;
}

/** The part of a register in the field register: its columns' names are the definition's own. */
function heldRegister(definition: RegisterDefinition, held: HeldRegister): HeldTable {
  const { table, id, columns, title } = definition;
  const person = columns.find(({ type }) => type === "person");
  return {
    table,
    title,
    purpose: held.purpose,
    basis: held.basis ?? ["duty-of-office", "subsidies"],
    period: held.period,
    seenBy: "登记单位所在地的经办人员",
    end: "anonymise",
    bookkeeping: [id],
    fields: Object.fromEntries(
      columns.map(({ column, label, type }): [string, HeldField] => [
        column,
        {
          label: type === "person" ? "人员编号" : label,
          ...(type === "person" ? { derived: true as const } : {}),
          ...(wordsOf(definition).includes(column) ? { end: "erase" as const } : {}),
          ...held.fields?.[column],
        },
      ]),
    ),
    ...(person && held.event ? { keeps: { person: person.column, event: held.event } } : {}),
  };
}

/** Columns of text that the row can do without: words about a person go with him. */
const wordsOf = ({ columns, key }: RegisterDefinition): string[] =>
  columns.flatMap(({ column, type, required }) =>
    type === "text" && !required && !key.includes(column) ? [column] : [],
  );

const personOf = ({ columns }: RegisterDefinition): string | undefined =>
  columns.find(({ type }) => type === "person")?.column;

/** A row whose person is erased stays as what was done and paid, of nobody any more. */
function forgetting(definition: RegisterDefinition): ErasureStep[] {
  const person = personOf(definition);
  if (!person) return [];
  const { table, shared } = definition;
  const emptied = shared
    ? ""
    : wordsOf(definition)
        .map((column) => `, ${column} = NULL`)
        .join("");
  const sql = `UPDATE ${table} t SET ${person} = e.new_id${emptied} FROM erasing e WHERE t.${person} = e.old_id`;
  return [{ table, sql }];
}

/** The history of all registers, whose rows name their person inside of JSON. */
function forgettingHistory(definitions: readonly RegisterDefinition[]): ErasureStep {
  // Registers that share a table stand in the history under the name that the table's column has for them.
  const among = definitions
    .filter((one) => personOf(one))
    .map((one) => (one.shared ? { ...one, name: one.shared.value } : one));
  const list = (texts: readonly string[]) => `ARRAY[${texts.map((text) => `'${text}'`).join(", ")}]::text[]`;
  const words = JSON.stringify(Object.fromEntries(among.map((one) => [one.name, wordsOf(one)])));
  return {
    table: "registers.change",
    counts: true,
    sql: `SELECT registers.forget_persons(${list(among.map(({ name }) => name))}, ${list(among.map((one) => personOf(one)!))}, '${words}', array_agg(old_id), array_agg(new_id)) AS n FROM erasing`,
  };
}

/** What a domain holds of people in its registers, by the registers' names. */
export function registersHeld(
  title: string,
  definitions: readonly RegisterDefinition[],
  held: Readonly<Record<string, HeldRegister>>,
): Holdings {
  const among = definitions.filter(({ name }) => name in held);
  return {
    title,
    tables: among.map((definition) => heldRegister(definition, held[definition.name]!)),
    erasure: among.flatMap(forgetting),
  };
}

const OFFICE = "登记单位所在地的经办人员";
/** What the registers hold beside their rows. */
export const registersHoldings = (definitions: readonly RegisterDefinition[]): Holdings => ({
  title: "登记簿",
  tables: [
    {
      table: "registers.change",
      title: "登记簿变更历史",
      purpose: "查清每行何时、由谁改动，导入可以整批撤销",
      basis: ["duty-of-office", "security"],
      period: "money",
      seenBy: OFFICE,
      end: "anonymise",
      bookkeeping: ["change_id", "register", "row_id", "act", "business_date", "at"],
      fields: { before: { label: "改动前的行" }, after: { label: "改动后的行" }, reason: { label: "改动说明" } },
    },
    {
      table: "registers.import",
      title: "登记簿导入",
      purpose: "核对导入的内容",
      basis: ["duty-of-office"],
      period: "batch",
      seenBy: OFFICE,
      end: "erase",
      bookkeeping: [
        "register",
        "file_id",
        "file_name",
        "counts",
        "problem",
        "business_date",
        "received_by",
        "received_by_name",
        "received_at",
        "applied_at",
        "undone_at",
        "mapping",
        "chosen",
      ],
      fields: { sample: { label: "将改动的前几行" } },
    },
    {
      table: "registers.import_fault",
      title: "登记簿导入的问题",
      purpose: "让报送单位改正",
      basis: ["duty-of-office"],
      period: "batch",
      seenBy: OFFICE,
      end: "erase",
      bookkeeping: ["sheet", "row_no", "column_name", "label"],
      fields: {
        message: { label: "问题" },
        value_mask: { label: "原值（脱敏）", sensitive: "identity", mask: "identity" },
      },
    },
  ],
  rules: [
    {
      id: "registers.import_fault",
      title: "导入的问题明细",
      period: "batch",
      table: "registers.import_fault",
      event: "(SELECT i.business_date FROM registers.import i WHERE i.import_id = t.import_id)",
      county: "left(t.region, 6)",
    },
    {
      id: "registers.import",
      title: "导入的样例行和列映射样例",
      period: "batch",
      table: "registers.import",
      event: "t.business_date",
      county: "left(t.region, 6)",
      where: "(t.sample <> '[]' OR t.mapping <> '[]') AND t.state NOT IN ('checking', 'checked')",
      set: "sample = '[]', mapping = '[]'",
    },
    {
      id: "registers.original",
      title: "登记簿导入的原件",
      period: "upload",
      table: "platform.file",
      event: "(t.stored_at AT TIME ZONE 'Asia/Shanghai')::date",
      county: "left(t.region, 6)",
      where: "t.expires_at IS NULL AND starts_with(t.purpose, '登记簿导入')",
      set: "expires_at = now()",
      file: "t.key",
    },
  ],
  erasure: [forgettingHistory(definitions)],
});
