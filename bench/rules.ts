/**
 * Deciding one measure (HN10-04a) for a whole place:
 *   node bench/rules.ts [--size county|prefecture|province] [--sample N] [--json]
 * the compiled statement beside the same measure written by hand in SQL, over the same generated persons, results stored; then a sample of
 * them in our interpreter, our emitted JavaScript, and in other rule engines. Outcomes and amounts must have equal checksums.
 *   node bench/rules.ts --draws 100000 [--json]
 * so many draws of every shipped measure: interpreter = JavaScript = PostgreSQL, with the distribution of outcomes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Client } from "pg";
import { scripted } from "../src/kernel/agreement/engines.ts";
import {
  measureStatement,
  planOf,
  prepareMeasure,
  runtime,
  type Claim,
  type Facts,
  type MeasurePlan,
  type PreparedMeasure,
  type Question,
} from "../src/kernel/index.ts";
import { connectOwner, type DatabaseAddress } from "../src/platform/db/database.ts";
import { startPostgres, type PostgresServer } from "../src/platform/postgres/index.ts";
import { DICTIONARIES, measuresOf, readLibrary, rulebookFiles } from "../src/policy/index.ts";
import { machine, print, round, serverPids, stage, type Stage } from "./lib/measure.ts";
import { byHand } from "./rules/by-hand.ts";
import { agreements, type Agreement } from "./rules/draws.ts";
import { feelinAlone, jsonRulesEngine, zen, type Peer, type PeerAnswer, type PeerFacts } from "./rules/peers.ts";
import { AS_OF, makeSubjects, SIZES, type Size } from "./rules/subjects.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "county" },
    sample: { type: "string", default: "2000" },
    draws: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const size = SIZES[values.size as Size];
if (!size) throw new Error(`--size must be one of ${Object.keys(SIZES).join(", ")}`);
const say = (line: string) => void (values.json || process.stderr.write(`${line}\n`));
/** Persons of one statement: what it holds in memory meanwhile is bounded, whatever the size of the place. */
const RANGE = 50_000;

const CHECKSUM = `SELECT outcome, count(*)::int AS persons, sum(amount)::bigint AS fen,
  sum(hashtextextended(k0 || outcome || COALESCE(amount, -1), 0))::text AS checksum FROM result GROUP BY 1 ORDER BY 1`;

const folder = mkdtempSync(join(tmpdir(), "wengang-bench-rules-"));
const pids = () => serverPids(folder);
const server = await startPostgres({ dataFolder: join(folder, "postgres"), durable: true });
const database = await connect(server);
const command = process.argv
  .slice(1)
  .map((part) => basename(part))
  .join(" ");
try {
  if (values.draws) await agreement(Number(values.draws));
  else await places();
} finally {
  await database.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function agreement(draws: number): Promise<void> {
  const measures: Agreement[] = [];
  const run = async () => void measures.push(...(await agreements(addressOf(server), draws, say)));
  const took = await stage("draws in three engines", draws, pids, run);
  const rare = measures.filter((one) => one.rare.length > 0).map((one) => ({ measure: one.measure, under5: one.rare }));
  print(values.json, { machine: machine(), command, measures, rare }, [took]);
  if (measures.some(({ differences }) => differences > 0)) process.exitCode = 1;
}

async function places(): Promise<void> {
  const stages: Stage[] = [];
  const rule = sharedMeasure();
  const timed = async (name: string, rows: number, work: () => Promise<unknown>) => {
    say(`${name} …`);
    stages.push(await stage(name, rows, pids, work));
  };
  await timed("generate persons and claims", size, () => makeSubjects(database, size));
  const cores = availableParallelism();
  const compiled = (low: number, high: number, more: object = {}) =>
    measureStatement(rule, {
      placeholders: { low: String(low), high: String(high) },
      asOf: `DATE '${AS_OF}'`,
      claims: {
        sql: `SELECT * FROM claim WHERE person_id BETWEEN ${low} AND ${high}`,
        subjects: { 劳动者: "person_id", 介绍机构: "agency_id" },
      },
      ...more,
    });
  const columns = "k0 bigint, outcome text, amount bigint, failed text[]";
  // By hand first and last, so that a warm cache favours nobody.
  const ways = [
    ["by hand", byHand],
    ["compiled", compiled],
    ["by hand, again", byHand],
    ["compiled, again", compiled],
  ] as const;
  const sums = new Set<string>();
  for (const connections of [1, cores])
    for (const [name, statement] of connections === 1 ? ways : ways.slice(0, 2)) {
      await database.query(`DROP TABLE IF EXISTS result; CREATE UNLOGGED TABLE result (${columns})`);
      await timed(`${name}, ${connections} connection${connections > 1 ? "s" : ""}`, size, () =>
        store(connections, "k0, outcome, amount, failed", statement),
      );
      sums.add(JSON.stringify((await database.query(CHECKSUM)).rows));
    }
  const everything = { settleAmongRows: true, withFacts: true };
  await database.query(
    `DROP TABLE IF EXISTS result; CREATE UNLOGGED TABLE result AS SELECT * FROM (${compiled(1, 0, everything)}) q`,
  );
  await timed(`compiled, every column, rivals, facts, ${cores} connections`, size, () =>
    store(cores, "*", (low, high) => compiled(low, high, everything)),
  );
  const sample = Math.min(Number(values.sample), size);
  const one = await onePerson(rule, sample, timed);
  const cpu = (name: string) => stages.find((found) => found.name.startsWith(name))!.cpuSeconds;
  const [hand, own] = ["by hand", "compiled"].map((name) => cpu(`${name}, 1`) + cpu(`${name}, again, 1`));
  print(
    values.json,
    {
      machine: machine(),
      command,
      persons: size,
      outcomes: JSON.parse([...sums][0]!) as unknown,
      equalChecksums: sums.size === 1 && one.equal,
      compiledOverByHand: round(own! / hand!),
      microsecondsPerDecision: one.each,
    },
    stages,
  );
  if (sums.size > 1 || !one.equal) process.exitCode = 1;
}

/** Splits the persons by range over so many connections, and stores what each gives. */
async function store(connections: number, columns: string, statement: (low: number, high: number) => string) {
  const ranges = Array.from({ length: Math.ceil(size / RANGE) }, (_, index) => index * RANGE + 1);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await connect(server);
      try {
        await client.query("SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '64MB'");
        for (let low = ranges.shift(); low !== undefined; low = ranges.shift()) {
          const select = statement(low, Math.min(size, low + RANGE - 1));
          await client.query(`INSERT INTO result SELECT ${columns} FROM (${select}) q`);
        }
      } finally {
        await client.end();
      }
    }),
  );
}

interface Row {
  readonly facts: Facts;
  readonly peer: PeerFacts;
  readonly claims: readonly Claim[];
  readonly person: string;
}

/** A sample, one person at a time, in every engine; times are of this process only. */
async function onePerson(
  rule: PreparedMeasure,
  sample: number,
  timed: (name: string, rows: number, work: () => Promise<unknown>) => Promise<void>,
) {
  const rows = await readSample(rule, sample);
  const ask = (row: Row): Question => ({
    facts: row.facts,
    asOf: AS_OF,
    subjects: { 劳动者: row.person, 介绍机构: "1" },
    claims: row.claims,
  });
  const decides =
    (plan: MeasurePlan) =>
    (row: Row): Promise<PeerAnswer> =>
      Promise.resolve(runtime.decide(plan, ask(row)));
  const peer = (decide: Peer) => (row: Row) => decide(row.peer);
  const engines: readonly (readonly [string, (row: Row) => Promise<PeerAnswer>])[] = [
    ["our interpreter", decides(planOf(rule))],
    ["our JavaScript", decides(scripted(rule))],
    ["json-rules-engine", peer(jsonRulesEngine())],
    ["zen-engine", peer(zen())],
    ["feelin alone", peer(feelinAlone())],
  ];
  const each: Record<string, number> = {};
  const sums = new Map<string, string>();
  for (const [name, decide] of engines) {
    for (const row of rows.slice(0, 200)) await decide(row);
    const answers: string[] = [];
    const before = process.cpuUsage();
    await timed(name, sample, async () => {
      for (const row of rows) {
        const { outcome, amount } = await decide(row);
        answers.push(`${row.person} ${outcome} ${amount}`);
      }
    });
    const { user, system } = process.cpuUsage(before);
    each[name] = round((user + system) / sample);
    sums.set(name, answers.join("\n"));
  }
  return { each, equal: new Set(sums.values()).size === 1 };
}

async function readSample(rule: PreparedMeasure, sample: number): Promise<readonly Row[]> {
  const fields = rule.source.fields.map(({ column, type }) => (type === "date" ? `${column}::text` : column));
  const { rows } = await database.query<Record<string, string | boolean | null>>(
    `SELECT introduction_id, ${fields.join(", ")},
       (e.six - DATE '1970-01-01') AS six, (ended_on - DATE '1970-01-01') AS ended_day,
       date_part('year', age(started_on, birth_date)) AS years,
       ARRAY(SELECT event_date::text FROM claim c WHERE c.person_id = i.person_id) AS paid_on,
       (SELECT count(*)::int FROM claim c WHERE c.person_id = i.person_id AND date_part('year', c.event_date) = date_part('year', e.six)) AS paid
     FROM introduction i, LATERAL (SELECT CASE WHEN date_part('day', started_on) = 1 THEN (started_on + interval '6 months')::date - 1
       ELSE (started_on - 1 + interval '6 months')::date END AS six) e
     WHERE introduction_id <= ${sample} ORDER BY introduction_id`,
  );
  return rows.map((row) => {
    const person = String(row["introduction_id"]);
    const facts = Object.fromEntries(rule.source.fields.map(({ name, column }) => [name, row[column] ?? null]));
    const home = row["home_county"] as string | null;
    const oldest: Record<string, number> = { 男: 60, 女: 55 };
    const number = (name: string) => (row[name] === null ? null : Number(row[name]));
    const peer = {
      home,
      province: home?.slice(0, 2) ?? null,
      work: row["work_county"]!,
      six: number("six"),
      ended: number("ended_day"),
      kind: row["agency_kind"]!,
      qualified: row["agency_qualified"]!,
      organised: row["organised"]!,
      purchased: row["purchased"]!,
      assisted: row["lifted_from_poverty"]!,
      years: number("years"),
      oldest: oldest[String(row["sex"])] ?? null,
      introducedBy: row["introduced_by"]!,
      agency: row["agency_code"]!,
      paid: number("paid"),
    };
    const claims = (row["paid_on"] as unknown as string[]).map((date): Claim => ({
      key: "HN-introduction",
      subjects: { 劳动者: person },
      date,
      months: 1,
    }));
    return { person, facts, peer, claims };
  });
}

/** The shipped measure over the generated table. */
function sharedMeasure(): PreparedMeasure {
  const library = readLibrary(rulebookFiles(join(import.meta.dirname, "../policies")));
  const definition = measuresOf(library).find(({ id, region }) => id === "export-introduction" && region === "430000")!;
  const sql = "SELECT * FROM introduction WHERE introduction_id BETWEEN {{low}} AND {{high}}";
  const { rule, problems } = prepareMeasure(
    definition,
    DICTIONARIES.map((dictionary) => ({ ...dictionary, sql })),
  );
  if (!rule) throw new Error(JSON.stringify(problems));
  return rule;
}

function addressOf({ connection: { host, port, user, password } }: PostgresServer): DatabaseAddress {
  return { host, port, database: "postgres", owner: { user, password } };
}

function connect(of: PostgresServer): Promise<Client> {
  return connectOwner(addressOf(of));
}
