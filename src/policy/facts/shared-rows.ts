import type { FactField, FactSource, KeyColumn } from "#kernel/contract";
import { personFacts, personFactsSql, type PersonFact } from "#registry";
import type { RegisterColumn, RegisterDefinition } from "#registers/contract";
import { quoteLiteral } from "../screening/text.ts";
import type { FactDictionary } from "./dictionary.ts";

/**
 * Sources that no domain has tables for: their rows are kept whole in policy.fact_row by the columns of the dictionary, and come and go
 * through the registers like any other. So a new document's facts need a dictionary and nothing else.
 */

export const isPersonFact = (column: string): column is PersonFact =>
  (personFacts as readonly string[]).includes(column);

/** Fields that an office hands over; what the registry knows of the person is not asked again. */
export const handedOver = (dictionary: FactDictionary): readonly FactField[] =>
  isAboutPerson(dictionary) ? dictionary.fields.filter(({ column }) => !isPersonFact(column)) : dictionary.fields;

const keysOf = (dictionary: FactDictionary): readonly KeyColumn[] => [
  ...new Map(
    [...dictionary.key, ...Object.values(dictionary.subjects), ...(dictionary.claim ? [dictionary.claim] : [])].map(
      (key) => [key.column, key] as const,
    ),
  ).values(),
];
const isAboutPerson = (dictionary: FactDictionary): boolean =>
  keysOf(dictionary).some(({ column }) => column === "person_id");

/** The row itself: the first of its keys that is neither the person nor an employer. */
const ownKey = (dictionary: FactDictionary): string | undefined =>
  dictionary.key.find(({ column, type }) => type === "bigint" && column !== "person_id" && column !== "employer_id")
    ?.column;

/** Other things that limits count (a base, an entity): named by the number under which the office keeps them. */
export const namedKeys = (dictionary: FactDictionary): readonly KeyColumn[] =>
  keysOf(dictionary).filter(
    ({ column }) =>
      !["person_id", "employer_id", ownKey(dictionary)].includes(column) &&
      !dictionary.fields.some((field) => field.column === column),
  );

function keySql(dictionary: FactDictionary, { column, type }: KeyColumn): string {
  if (column === "person_id" || column === "employer_id") return `s.${column}`;
  if (column === ownKey(dictionary)) return "s.fact_row_id";
  const text = `s.facts->>${quoteLiteral(column)}`;
  return type === "text" ? `(${text})` : `hashtextextended(${text}, 0)`;
}

function fieldSql({ column, type }: FactField): string {
  const text = `(s.facts->>${quoteLiteral(column)})`;
  const types = {
    date: "::date",
    integer: "::bigint",
    fen: "::bigint",
    boolean: "::boolean",
    text: "",
    rate: "",
    list: "",
  };
  return `${text}${types[type]}`;
}

/** The day on which it happened, whose categories are meant: the first that the office hands over. */
export const whenOf = (dictionary: FactDictionary): FactField | undefined =>
  handedOver(dictionary).find(({ type, openEnded }) => type === "date" && !openEnded);

const ROWS = "policy.fact_row";

/** Whether a source reads the shared rows. */
export const isShared = ({ sql }: FactSource): boolean => sql.includes(`FROM ${ROWS} s `);

/** The dictionary with the SELECT of its rows in policy.fact_row. */
export function sharedSource(dictionary: FactDictionary): FactSource {
  const day = whenOf(dictionary);
  const facts = dictionary.fields.map(({ column }) => column).filter(isPersonFact);
  const personal = isAboutPerson(dictionary) && facts.length > 0;
  const fields = handedOver(dictionary);
  const keys = keysOf(dictionary).filter(({ column }) => !fields.some((field) => field.column === column));
  const selects = [
    ...keys.map((key) => `${keySql(dictionary, key)} AS ${key.column}`),
    ...fields.map((field) => `${fieldSql(field)} AS ${field.column}`),
    ...(personal ? [personFactsSql({ person: "p", on: day ? fieldSql(day) : "{{as_of}}", fields: facts })] : []),
    "s.region AS row_region",
    "s.person_id AS row_person",
  ];
  return {
    ...dictionary,
    sql: `SELECT ${selects.join(",\n  ")}
FROM ${ROWS} s ${personal ? "LEFT JOIN registry.person p ON p.person_id = s.person_id" : ""}
WHERE s.source = ${quoteLiteral(dictionary.name)} AND {{scope}}`,
  };
}

/** The register by which its rows come and go; the name stands in addresses. */
export function sharedRegister(dictionary: FactDictionary, name: string): RegisterDefinition {
  const places = new Set(Object.values(dictionary.jurisdictions));
  const keys = keysOf(dictionary);
  const own = (column: string, label: string, type: RegisterColumn["type"]): RegisterColumn => ({
    column,
    label,
    type,
  });
  return {
    name,
    title: dictionary.label,
    about: `${dictionary.label}：规则“${dictionary.name}”所需的事实，由${[...new Set(handedOver(dictionary).map(({ supplier }) => supplier))].join("、")}提供。`,
    group: "政策申请与认定",
    table: ROWS,
    id: "fact_row_id",
    key: ["code"],
    shared: { by: "source", value: dictionary.name, content: "facts" },
    columns: [
      { column: "code", label: "编号", type: "text", required: true, synonyms: ["申请编号", "登记编号", "序号"] },
      ...(keys.some(({ column }) => column === "person_id")
        ? [{ ...own("person_id", "公民身份号码", "person"), synonyms: ["身份证号", "身份证号码"] }]
        : []),
      ...(keys.some(({ column }) => column === "employer_id")
        ? [{ ...own("employer_id", "用人单位", "employer"), synonyms: ["单位名称", "统一社会信用代码"] }]
        : []),
      ...namedKeys(dictionary).map(({ column }) => own(column, subjectLabel(dictionary, column), "text")),
      ...handedOver(dictionary).map((field): RegisterColumn => ({
        column: field.column,
        label: field.label,
        type: field.codes ? "code" : places.has(field.name) ? "region" : columnType(field.type),
        ...(field.codes ? { codes: Object.keys(field.codes) } : {}),
        ...(field.question ? { hint: field.question } : {}),
      })),
    ],
  };
}

const columnType = (type: FactField["type"]): RegisterColumn["type"] =>
  type === "rate" || type === "list" ? "text" : type;

function subjectLabel(dictionary: FactDictionary, column: string): string {
  const subject = Object.entries(dictionary.subjects).find(([, key]) => key.column === column)?.[0];
  return subject ? `${subject}编号` : "所属编号";
}
