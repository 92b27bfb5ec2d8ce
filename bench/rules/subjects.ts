/**
 * Subjects for the rule bench: introductions of one person each, made by the database itself from their number alone, so that every
 * run, engine and machine judges the same persons. Shares are such that every outcome occurs and most rows need more than one look.
 */
import type { Client } from "pg";

export const SIZES = { county: 20_000, prefecture: 200_000, province: 2_540_000 } as const;
export type Size = keyof typeof SIZES;
export const AS_OF = "2025-06-18";

/** A look at a number that is independent of the others: 0 to 999, by multiplication and remainder, the same on every server. */
const draw = (seed: number) => `((((i * 2654435761 + ${seed} * 40503) % 4294967291) >> 7) % 1000)`;
/** True for so many in a thousand. */
const share = (seed: number, thousandth: number) => `(${draw(seed)} < ${thousandth})`;
/** Missing for so many in a thousand. */
const gap = (seed: number, thousandth: number, value: string) =>
  `CASE WHEN NOT ${share(seed, thousandth)} THEN ${value} END`;

const COUNTIES = `(ARRAY['433101','433122','433123','433124','433125','433126','433127','433130'])`;
const AWAY = `(ARRAY['440300','440100','430100','430102','330100','310115'])`;
const KINDS = `(ARRAY['人力资源服务机构','农村劳务经纪人','其他市场主体'])`;

const TABLES = `
CREATE UNLOGGED TABLE introduction AS
SELECT i AS introduction_id, i AS person_id, i % 997 AS agency_id,
  CASE WHEN ${share(1, 30)} THEN '公共就业服务机构' ELSE ${KINDS}[1 + ${draw(2)} % 3] END AS agency_kind,
  ${gap(3, 8, share(4, 960))} AS agency_qualified,
  'A' || i % 997 AS agency_code,
  'A' || CASE WHEN ${share(5, 20)} THEN (i + 1) % 997 ELSE i % 997 END AS introduced_by,
  ${gap(6, 4, share(7, 970))} AS organised,
  ${gap(8, 8, share(9, 950))} AS purchased,
  ${gap(10, 4, share(11, 850))} AS lifted_from_poverty,
  CASE WHEN ${share(12, 15)} THEN '522624' ELSE ${COUNTIES}[1 + ${draw(13)} % 8] END AS home_county,
  ${gap(14, 5, `DATE '1960-01-01' + ((${draw(15)} * 18) % 17500)::int`)} AS birth_date,
  ${gap(16, 3, `CASE WHEN ${share(17, 540)} THEN '男' ELSE '女' END`)} AS sex,
  ${gap(18, 10, `CASE WHEN ${share(19, 120)} THEN ${COUNTIES}[1 + ${draw(13)} % 8] ELSE ${AWAY}[1 + ${draw(20)} % 6] END`)} AS work_county,
  ${gap(21, 3, `DATE '2024-03-01' + (${draw(22)} * 450 / 1000)::int`)} AS started_on,
  CASE WHEN ${share(23, 250)} THEN DATE '2024-03-01' + (${draw(22)} * 450 / 1000)::int + (${draw(24)} / 2)::int END AS ended_on
FROM generate_series(1::bigint, $SIZE) AS s(i);
CREATE UNLOGGED TABLE claim AS
SELECT 'HN-introduction'::text AS benefit_key, i AS person_id, i % 997 AS agency_id,
  DATE '2023-06-01' + (${draw(31)})::int AS event_date, 1 AS months
FROM generate_series(1::bigint, $SIZE) AS s(i) WHERE ${share(30, 150)};
CREATE UNIQUE INDEX ON introduction (introduction_id);
CREATE INDEX ON claim (person_id);
ANALYZE introduction; ANALYZE claim`;

export async function makeSubjects(database: Client, size: number): Promise<void> {
  await database.query(TABLES.replaceAll("$SIZE", String(size)));
}
