/** Random FEEL of the supported subset, by type, over a small dictionary: for holding the engines against each other. */
import fc from "fast-check";
import type { FactSource } from "../facts/source.ts";
import type { NameMeaning, Names } from "../feel/check.ts";
import { fieldType } from "../facts/source.ts";

export const SOURCE: FactSource = {
  name: "任意",
  label: "任意",
  sql: "SELECT * FROM ({{rows}}) r",
  key: [{ column: "id", type: "bigint" }],
  subjects: {},
  jurisdictions: { 所在地: "区划" },
  fields: (
    [
      ["区划", "text"],
      ["甲", "boolean"],
      ["乙", "boolean"],
      ["数", "integer"],
      ["物.数", "integer"],
      ["起", "date"],
      ["止", "date"],
      ["文", "text"],
      ["字", "text"],
      ["诸数", "integer", true],
      ["诸文", "text", true],
    ] as const
  ).map(([name, kind, isList], index) => ({
    name,
    column: `c${index}`,
    type: isList ? "list" : kind,
    ...(isList ? { of: kind } : {}),
    label: name,
    supplier: "无",
    changes: "fixed",
  })),
};

export const NAMES: Names = new Map(
  SOURCE.fields.map((field): [string, NameMeaning] => [field.name, { kind: "fact", type: fieldType(field) }]),
);

type Kind = "boolean" | "integer" | "date" | "text" | "integers" | "texts";

/**
 * Expressions of one kind and at most `depth` levels. `standard` keeps to what the DMN standard defines itself, so that another
 * implementation of FEEL can be asked; the rest are functions of ours.
 */
export function expressionsOf(kind: Kind, depth: number, standard: boolean): fc.Arbitrary<string> {
  const next = (other: Kind) => expressionsOf(other, depth - 1, standard);
  const write = (template: string, ...kinds: readonly Kind[]) =>
    fc.tuple(...kinds.map(next)).map((parts) => parts.reduce((text, part) => text.replace("_", `(${part})`), template));
  if (depth === 0) return leaves(kind, standard);
  const ours = (...more: readonly fc.Arbitrary<string>[]) => (standard ? [] : more);
  switch (kind) {
    case "boolean":
      return fc.oneof(
        leaves(kind, standard),
        write("_ and _", "boolean", "boolean"),
        write("_ or _", "boolean", "boolean"),
        write("not(_)", "boolean"),
        ...["=", "!=", "<", "<=", ">", ">="].map((operator) => write(`_ ${operator} _`, "integer", "integer")),
        write("_ = _", "text", "text"),
        write("_ != _", "boolean", "boolean"),
        write("_ in (< _, >= _)", "integer", "integer", "integer"),
        write("_ in (_, _)", "text", "text", "text"),
        write("_ between 0 and 6", "integer"),
        write("_ in [0..6)", "integer"),
        write("_ in (-7..2]", "integer"),
        write("list contains(_, _)", "texts", "text"),
        write("contains(_, _)", "text", "text"),
        write("starts with(_, _)", "text", "text"),
        write("ends with(_, _)", "text", "text"),
        write("if _ then _ else _", "boolean", "boolean", "boolean"),
        write(`some x${depth} in _ satisfies x${depth} > _`, "integers", "integer"),
        write(`every y${depth} in _ satisfies y${depth} != _ or _`, "texts", "text", "boolean"),
        ...ours(
          // Ranges that end before they begin hold nothing; the other implementation turns them round.
          write("_ in [_.._)", "integer", "integer", "integer"),
          write("_ between _ and _", "integer", "integer", "integer"),
          write("known(_)", "integer"),
          write("_ in _", "integer", "integers"),
          write("_ < _", "date", "date"),
          write("_ in (_.._]", "date", "date", "date"),
          write("比例不低于(_, _, 30)", "integer", "integer"),
          write("比例不高于(_, _, _)", "integer", "integer", "integer"),
          write("区划属于(_, _)", "text", "text"),
        ),
      );
    case "integer":
      return fc.oneof(
        leaves(kind, standard),
        write("_ + _", "integer", "integer"),
        write("_ - _", "integer", "integer"),
        write("_ * _", "integer", "integer"),
        write("-_", "integer"),
        write("if _ then _ else _", "boolean", "integer", "integer"),
        write("min(_, _)", "integer", "integer"),
        write("max(_, _, _)", "integer", "integer", "integer"),
        write("count(_)", "texts"),
        write("sum(_)", "integers"),
        write("max(_)", "integers"),
        ...ours(
          write("整月数(_, _)", "date", "date"),
          write("周岁(_, _)", "date", "date"),
          write("日数(_, _)", "date", "date"),
          write("年(_)", "date"),
          write("月(_) * 100 + 日(_)", "date", "date"),
          write("向下取整比例(_, _)", "integer", "integer"),
        ),
      );
    case "date":
      return fc.oneof(
        leaves(kind, standard),
        write("满月日(_, 6)", "date"),
        write("满月日(_, _)", "date", "integer"),
        write("加月(_, _)", "date", "integer"),
        write("加日(_, _)", "date", "integer"),
        write("月初(_)", "date"),
        write("月末(_)", "date"),
        write("max(_, _)", "date", "date"),
        write("if _ then _ else _", "boolean", "date", "date"),
      );
    case "text":
      return fc.oneof(
        leaves(kind, standard),
        write("if _ then _ else _", "boolean", "text", "text"),
        ...ours(write("省级区划(_)", "text"), write("市级区划(_)", "text")),
      );
    case "integers":
      return fc.oneof(leaves(kind, standard), write("[_, _]", "integer", "integer"));
    case "texts":
      return fc.oneof(leaves(kind, standard), write("[_]", "text"));
  }
}

function leaves(kind: Kind, standard: boolean): fc.Arbitrary<string> {
  switch (kind) {
    case "boolean":
      return fc.constantFrom("甲", "乙", "true", "false");
    case "integer":
      return fc.constantFrom("数", "物.数", "0", "1", "-7", "100", ...(standard ? [] : ["9007199254740991"]));
    case "date":
      return fc.constantFrom("起", "止", '@"2024-02-29"', '@"2025-01-31"');
    case "text":
      return fc.constantFrom("文", "字", '"43"', '""', '"433124"');
    case "integers":
      return fc.constantFrom("诸数", "[1, 2]");
    case "texts":
      return fc.constantFrom("诸文", '["43"]');
  }
}

/** Rows of facts for them: small values that often meet, the ends of each range, and gaps unless `whole`. */
export function rowsOf(whole: boolean): fc.Arbitrary<Record<string, unknown>> {
  const gap = <T>(value: fc.Arbitrary<T>) => (whole ? value : fc.option(value, { freq: 4 }));
  const edge = whole ? [] : [9_007_199_254_740_991, -9_007_199_254_740_991];
  const integer = fc.constantFrom(-7, 0, 1, 2, 6, 100, ...edge);
  const text = fc.constantFrom("", "4", "43", "430000", "433100", "433124", "乡", "é😀");
  const days = ["2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2025-01-31", "2025-02-28", "2000-02-29"];
  const ends = whole ? [] : ["0001-01-01", "0001-01-31", "9999-12-31", "9999-07-01"];
  const date = fc.constantFrom(...days, ...ends);
  return fc.record({
    区划: gap(text),
    甲: gap(fc.boolean()),
    乙: gap(fc.boolean()),
    数: gap(integer),
    "物.数": gap(integer),
    起: gap(date),
    止: gap(date),
    文: gap(text),
    字: gap(text),
    诸数: gap(fc.array(integer, { maxLength: 3 })),
    诸文: gap(fc.array(text, { maxLength: 3 })),
  });
}
