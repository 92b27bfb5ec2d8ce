import { MAX_DAYS, MAX_MONTHS, type MonthCounting } from "../values/dates.ts";
import type { Reason } from "../values/unknown.ts";
import { divisionPrefix } from "../runtime/functions.ts";
import { bind, boundedAbove, boundedDate, boundedInteger, literal } from "./text.ts";

/** What a function is made of in SQL, and which unknown it brings although every argument is known. */
export interface FunctionSql {
  readonly sql: string;
  /** The reasons; of several, `when` tells them apart. */
  readonly partial?: readonly { readonly reason: Reason; readonly when?: string }[];
}
export interface RateSql {
  readonly value: string;
  readonly of: string;
}

const INT8 = 2n ** 63n - 1n;
const SAFE = 2n ** 53n;

const day = (date: string) => `date_part('day', ${date})`;
const monthIndex = (date: string) => `(date_part('year', ${date}) * 12 + date_part('month', ${date}))`;

function shiftMonths(date: string, months: string): string {
  const fixed = /^(\d+)::bigint$/.exec(months);
  if (fixed && Number(fixed[1]) <= MAX_MONTHS) return `(${date} + interval '${fixed[1]} months')::date`;
  // CASE keeps a count that no date can bear away from the addition, which would end the whole statement.
  return bind(
    [months],
    (n) =>
      `CASE WHEN ${n} BETWEEN -${MAX_MONTHS} AND ${MAX_MONTHS} THEN (${date} + make_interval(months => ${n}::int))::date END`,
  );
}

function monthsComplete(start: string, months: string, counting: MonthCounting): string {
  const isFixed = (n: string) => /^\d+::bigint$/.test(n);
  const nonNegative = (n: string, date: string) => (isFixed(n) ? date : `CASE WHEN ${n} >= 0 THEN ${date} END`);
  if (counting === "civil-code")
    return bind([start, months], (from, n) => nonNegative(n, boundedDate(shiftMonths(from, n))));
  return bind([start, months], (from, n) =>
    nonNegative(
      n,
      // A month or more never ends before it began.
      (isFixed(n) && !n.startsWith("0:") ? boundedAbove : boundedDate)(
        `CASE WHEN ${day(from)} = 1 THEN ${shiftMonths(from, n)} - 1 ELSE ${shiftMonths(`(${from} - 1)`, n)} END`,
      ),
    ),
  );
}

/** Months that are complete on `to`: the months between, and one more or less by the days (see `wholeMonths`). */
function wholeMonths(from: string, to: string, counting: MonthCounting): string {
  return bind([from, to], (a, b) => {
    const last = `${day(`(${b} + 1)`)} = 1`;
    const needed = counting === "civil-code" ? day(a) : `${day(a)} - 1`;
    const byDays = `CASE WHEN ${last} OR ${day(b)} >= ${needed} THEN 0 ELSE -1 END`;
    const adjusted =
      counting === "civil-code"
        ? byDays
        : `CASE WHEN ${day(a)} = 1 THEN CASE WHEN ${last} THEN 1 ELSE 0 END ELSE ${byDays} END`;
    return `CASE WHEN ${b} < ${a} THEN 0 WHEN ${b} >= ${a} THEN GREATEST(0, (${monthIndex(b)} - ${monthIndex(a)})::int + ${adjusted}) END::bigint`;
  });
}

/** Half away from zero (AMB-46). Numeric `div` truncates exactly; a quotient with decimals is never formed. */
function rounded(numerator: string, denominator: string): string {
  return bind([numerator, denominator], (n, d) => {
    const size = `div(2 * abs(${n}::numeric) + ${d}, 2 * ${d}::numeric)`;
    return boundedInteger(`CASE WHEN ${d} > 0 THEN CASE WHEN ${n} < 0 THEN -${size} ELSE ${size} END END`);
  });
}

function floored(numerator: string, denominator: string): string {
  return bind([numerator, denominator], (n, d) =>
    boundedInteger(
      `CASE WHEN ${d} > 0 THEN floor((${n}::numeric - mod(mod(${n}::numeric, ${d}) + ${d}, ${d})) / ${d}) END`,
    ),
  );
}

const fits = (literal: string): bigint | null => {
  const match = /^\(?(-?\d+)::bigint\)?$/.exec(literal);
  return match ? BigInt(match[1]!) : null;
};

/** Cross-multiplied; in bigint where the factors are written small enough that no product leaves it. */
function share(part: string, whole: string, rate: RateSql, operator: ">=" | "<="): string {
  const [value, of] = [fits(rate.value), fits(rate.of)];
  const small = (factor: bigint | null) => factor !== null && (factor < 0n ? -factor : factor) * SAFE < INT8;
  const wide = small(value) && small(of) ? "" : "::numeric";
  return bind(
    [whole],
    (total) =>
      `CASE WHEN ${total} > 0 AND ${rate.of} > 0 THEN ${part}${wide} * ${rate.of} ${operator} ${total}${wide} * ${rate.value} END`,
  );
}

const extreme = (aggregate: "min" | "max", args: readonly string[]): string => {
  const name = aggregate === "min" ? "LEAST" : "GREATEST";
  return bind(
    args,
    (...known) =>
      `CASE WHEN ${known.map((arg) => `${arg} IS NOT NULL`).join(" AND ")} THEN ${name}(${known.join(", ")}) END`,
  );
};

/** `= ANY` would answer false for a missing item and an empty list, and takes a subquery for rows. */
export const memberSql = (item: string, list: string): string =>
  bind(
    [item, list],
    (x, items) =>
      `CASE WHEN ${x} IS NOT NULL AND ${items} IS NOT NULL THEN array_position(${items}, ${x}) IS NOT NULL END`,
  );

/** Digits of a division's code that its subordinates share; see `divisionPrefix`. */
function prefixOf(region: string): string {
  const written = /^\('(\d{6})'::text COLLATE "C"\)$/.exec(region)?.[1];
  if (written) return literal(divisionPrefix(written));
  return bind(
    [region],
    (code) =>
      `CASE WHEN ${code} = '000000' THEN '' WHEN ${code} ~ '^[0-9]{2}0000$' THEN left(${code}, 2) WHEN ${code} ~ '^[0-9]{4}00$' THEN left(${code}, 4) ELSE ${code} END`,
  );
}

/**
 * A call in SQL. `args` are its arguments in order; a rate stands as two numbers. Every form is strict and total: NULL for a missing
 * argument, NULL where no exact result exists, and no argument can raise an error.
 */
export function functionSql(
  name: string,
  args: readonly string[],
  rate: RateSql | null,
  isList: boolean,
  counting: MonthCounting,
): FunctionSql {
  const [a, b] = args as [string, string];
  switch (name) {
    case "满月日":
      return { sql: monthsComplete(a, b, counting), partial: [{ reason: "date-range" }] };
    case "整月数":
      return { sql: wholeMonths(a, b, counting) };
    case "周岁":
      return {
        sql: bind(
          [a, b],
          (birth, on) => `CASE WHEN ${on} >= ${birth} THEN date_part('year', age(${on}, ${birth}))::bigint END`,
        ),
        partial: [{ reason: "date-order" }],
      };
    case "年":
    case "月":
    case "日":
      return { sql: `date_part('${{ 年: "year", 月: "month", 日: "day" }[name]}', ${a})::bigint` };
    case "月初":
      return { sql: `date_trunc('month', ${a}::timestamp)::date` };
    case "月末":
      return { sql: `((date_trunc('month', ${a}::timestamp) + interval '1 month')::date - 1)` };
    case "加月":
      return { sql: bind([a], (date) => boundedDate(shiftMonths(date, b))), partial: [{ reason: "date-range" }] };
    case "加日":
      return {
        sql: bind([a, b], (date, days) =>
          boundedDate(`CASE WHEN ${days} BETWEEN -${MAX_DAYS} AND ${MAX_DAYS} THEN ${date} + ${days}::int END`),
        ),
        partial: [{ reason: "date-range" }],
      };
    case "日数":
      return {
        sql: bind(
          [a, b],
          (from, to) => `CASE WHEN ${to} >= ${from} THEN (${to} - ${from} + 1)::bigint WHEN ${to} < ${from} THEN 0 END`,
        ),
      };
    case "元":
      return { sql: boundedInteger(`${a} * 100`), partial: [{ reason: "overflow" }] };
    case "四舍五入到分":
      return { sql: rounded(a, b), partial: [{ reason: "zero-base" }] };
    case "向下取整比例":
      return { sql: floored(a, b), partial: [{ reason: "zero-base" }] };
    case "按比例":
      return { sql: rounded(`(${a}::numeric * ${rate!.value})`, rate!.of), partial: [{ reason: "overflow" }] };
    case "上浮":
      return {
        sql: rounded(`(${a}::numeric * (${rate!.of} + ${rate!.value}))`, rate!.of),
        partial: [{ reason: "overflow" }],
      };
    case "比例不低于":
      return { sql: share(a, b, rate!, ">="), partial: [{ reason: "zero-base" }] };
    case "比例不高于":
      return { sql: share(a, b, rate!, "<="), partial: [{ reason: "zero-base" }] };
    case "min":
    case "max":
      return isList
        ? { sql: `(SELECT ${name}(e.v) FROM unnest(${a}) AS e(v))`, partial: [{ reason: "empty-list" }] }
        : { sql: extreme(name, args) };
    case "count":
      return { sql: `cardinality(${a})::bigint` };
    case "sum":
      return {
        sql: `(SELECT ${boundedInteger("sum(e.v)")} FROM unnest(${a}) AS e(v))`,
        partial: [
          { reason: "empty-list", when: `cardinality(${a}) = 0` },
          { reason: "overflow", when: `cardinality(${a}) > 0` },
        ],
      };
    case "list contains":
      return { sql: memberSql(b, a) };
    case "contains":
      return { sql: `(strpos(${a}, ${b}) > 0)` };
    case "starts with":
      return { sql: `starts_with(${a}, ${b})` };
    case "ends with":
      return { sql: bind([b], (end) => `(right(${a}, char_length(${end})) = ${end})`) };
    case "区划属于":
      return { sql: `starts_with(${a}, ${prefixOf(b)})` };
    case "省级区划":
      return { sql: `(left(${a}, 2) || '0000')` };
    case "市级区划":
      return { sql: `(left(${a}, 4) || '00')` };
    default:
      throw new Error(`no SQL for function ${name}`);
  }
}
