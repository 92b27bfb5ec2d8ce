import { sql, type RawBuilder } from "kysely";
import type { LoadedMeasure, Rulebook } from "#policy";
import type { PayeeOffice } from "../contract.ts";
import type { PlaceholderName } from "./placeholders.ts";
import type { WordingPart } from "./wording.ts";

/** A wording's values as SQL over `subsidies.claim c`: one statement fills it for as many claims as there are. */
export type WordingValues = Readonly<Partial<Record<PlaceholderName, RawBuilder<string>>>>;

/** 2025-06-18 → 2025年6月18日; SQL of a date → SQL of the same. */
const dayWords = (date: string): string => `to_char(${date}, 'FMYYYY"年"FMMM"月"FMDD"日"')`;

const yuanSql = (fen: string): string => `to_char(${fen} / 100.0, 'FM999,999,999,990.00')`;

/** Name, number and article of what a measure stands on, each source once. */
export function basisWords({ library }: Rulebook, { definition }: LoadedMeasure): string {
  const sources = definition.basis.map((basis) => {
    const text = library.texts.find(({ id }) => id === basis.text);
    const number = text?.number ? `（${text.number}）` : "";
    return `《${text?.title ?? basis.text}》${number}${basis.article ?? ""}`;
  });
  return [...new Set(sources)].join("；");
}

/** The conditions of a measure, one in each line. */
export const conditionWords = ({ definition }: LoadedMeasure): string =>
  definition.conditions.map(({ says }, index) => `${index + 1}. ${says}`).join("\n");

/** 行政复议法 第二十条: sixty days; 行政诉讼法 第四十六条: six months. */
export const remedyWords = ({ reviewBody, court }: PayeeOffice): string =>
  `如不服本决定，可以自收到之日起六十日内向${reviewBody}申请行政复议，也可以自收到之日起六个月内向${court}提起行政诉讼。`;

/** What stands in the wordings of a letter: of its claim, its office, its rule and the act that it is issued with. */
export function letterValues(given: {
  readonly office: PayeeOffice;
  readonly basis: string;
  readonly conditions: string;
  readonly note: string;
  /** SQL of the letter's number. */
  readonly number: RawBuilder<string>;
}): WordingValues {
  const { office, basis, conditions, note, number } = given;
  const text = (value: string) => sql<string>`${value}::text`;
  return {
    机关: text(office.name),
    文号: number,
    日期: sql<string>`${sql.raw(dayWords("d.today"))}`,
    姓名: sql<string>`c.payee_name`,
    项目: sql<string>`c.title`,
    编号: sql<string>`c.number`,
    金额: sql<string>`${sql.raw(yuanSql("c.amount_fen"))}`,
    项数: sql<string>`c.items::text`,
    人数: sql<string>`c.persons::text`,
    资金: sql<string>`coalesce(nullif(c.fund, ''), '文件没有写明')`,
    生成日期: sql<string>`${sql.raw(dayWords("c.received_on"))}`,
    理由: text(note || "（未另行说明）"),
    依据: text(basis),
    条件: text(conditions),
    期限: sql<string>`coalesce(${sql.raw(dayWords("c.due_on"))}, '（补正期间不计期限）')`,
    联系: text(office.contact),
    复议机关: text(office.reviewBody),
    法院: text(office.court),
    救济: text(remedyWords(office)),
  };
}

/** SQL of the filled wording. */
export function wordingSql(parts: readonly WordingPart[], values: WordingValues): RawBuilder<string> {
  const pieces = parts.map((part) =>
    typeof part === "string" ? sql`${part}::text` : (values[part.name as PlaceholderName] ?? sql`''`),
  );
  return pieces.length === 0 ? sql<string>`''` : sql<string>`concat(${sql.join(pieces)})`;
}
