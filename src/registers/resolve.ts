import { employerSeen, personKnownTo, type Scope } from "#registry";
import { sql, type RawBuilder } from "kysely";
import type { RegisterColumn } from "./definition.ts";
import type { Shelf } from "./shelf.ts";
import { isLink, isOf, tableOf, type Shape } from "./shape.ts";

/** A staged column's value and the joins that find it. Aliases are made of the column's name. */
interface Resolution {
  readonly value: RawBuilder<unknown>;
  readonly joins: RawBuilder<unknown>;
}

const none = sql``;

/**
 * SQL: finds what a staged cell stands for, within the area of the office that says it. `s` is the staged row. A row of another register
 * is found by its exact code wherever it is kept, as far as whoever asks can see: an office may name the prefecture's agency or the
 * neighbour's, and afterwards sees of it only that it lies outside (decision 0013).
 */
export function resolve(shelf: Shelf, column: RegisterColumn, area: Scope): Resolution {
  const name = column.column;
  const staged = (prefix: string) => sql.ref(`s.${prefix}_${name}`);
  if (!isLink(column)) return { value: staged("c"), joins: none };
  switch (column.type) {
    case "person": {
      const [key, person] = [`key_${name}`, `person_${name}`];
      return {
        value: sql.ref(`${person}.person_id`),
        joins: sql`LEFT JOIN registry.person_key AS ${sql.ref(key)} ON ${sql.ref(`${key}.key_hash`)} = ${staged("h")}
          LEFT JOIN registry.person AS ${sql.ref(person)} ON ${sql.ref(`${person}.person_id`)} = ${sql.ref(`${key}.person_id`)} AND ${personKnownTo(person, area)}`,
      };
    }
    case "employer": {
      const [coded, alias, named] = [`coded_${name}`, `alias_${name}`, `named_${name}`];
      return {
        value: sql`coalesce(${sql.ref(`${coded}.employer_id`)}, ${sql.ref(`${named}.employer_id`)})`,
        joins: sql`LEFT JOIN registry.employer AS ${sql.ref(coded)} ON ${sql.ref(`${coded}.credit_code`)} = ${staged("k")} AND ${employerSeen(coded, area)}
          LEFT JOIN registry.employer_alias AS ${sql.ref(alias)} ON ${sql.ref(`${alias}.name_key`)} = ${staged("n")}
          LEFT JOIN registry.employer AS ${sql.ref(named)} ON ${sql.ref(`${named}.employer_id`)} = ${sql.ref(`${alias}.employer_id`)} AND ${employerSeen(named, area)}`,
      };
    }
    case "reference": {
      const other = shelf.referred(column.register!);
      const alias = `other_${name}`;
      const [key] = other.definition.key as [string];
      return {
        value: sql.ref(`${alias}.${other.definition.id}`),
        joins: sql`LEFT JOIN ${tableOf(other)} AS ${sql.ref(alias)} ON ${sql.ref(`${alias}.${key}`)}::text = ${staged("t")} AND ${isOf(other, alias)}`,
      };
    }
  }
}

interface Unfound {
  /** SQL condition over `s`, the staged row, and `a`, the assessed one. */
  readonly when: RawBuilder<unknown>;
  /** SQL: the sentence and what stood there, masked. */
  readonly message: RawBuilder<unknown>;
  readonly value: RawBuilder<unknown>;
}

/** What to say where a cell names something that is not there, or is another area's and as good as not there. */
export function unfound(shelf: Shelf, column: RegisterColumn): Unfound | null {
  const staged = (prefix: string) => sql.ref(`s.${prefix}_${column.column}`);
  const missing = sql`${sql.ref(`a.c_${column.column}`)} IS NULL`;
  if (!isLink(column)) return null;
  switch (column.type) {
    case "person":
      return {
        when: sql`${staged("m")} IS NOT NULL AND ${missing}`,
        message: sql`${`辖区内没有登记证件号码为 `} || ${staged("m")} || ${" 的人员。请核对号码；确是本地人员的，先通过台账登记此人。"}`,
        value: staged("m"),
      };
    case "employer":
      return {
        when: sql`${staged("t")} IS NOT NULL AND ${missing}`,
        message: sql`${"没有登记“"} || left(${staged("t")}, 60) || ${"”这家单位，也没有单位关联这个名称。请先在“用人单位”登记或关联，或填写统一社会信用代码。"}`,
        value: staged("t"),
      };
    case "reference": {
      const { title } = shelf.referred(column.register!).definition;
      return {
        when: sql`${staged("t")} IS NOT NULL AND ${missing}`,
        message: sql`${`“${title}”里没有“`} || left(${staged("t")}, 60) || ${`”。请先登记它，或核对写法。`}`,
        value: staged("t"),
      };
    }
  }
}

/** SQL: the staged row names an existing one of the register; `c` holds what the staged cells stand for. */
export function sameKey(shape: Shape, naming: readonly RegisterColumn[]): RawBuilder<unknown> {
  const parts = shape.key.map((column) => {
    const said = sql.ref(`c.c_${column.column}`);
    const kept = sql.ref(`r.${column.column}`);
    return naming.includes(column) ? sql`${kept} = ${said}` : sql`${kept} IS NOT DISTINCT FROM ${said}`;
  });
  return sql.join([...parts, isOf(shape, "r")], sql` AND `);
}
