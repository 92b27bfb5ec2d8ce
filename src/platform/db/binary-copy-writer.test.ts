import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRuntime, type TestRuntime } from "../testing/index.ts";
import { BinaryCopyWriter, type BinaryValue } from "./binary-copy-writer.ts";

let runtime: TestRuntime;
beforeAll(async () => {
  runtime = await testRuntime([]);
});
afterAll(() => runtime?.close());

const columns = [
  { name: "a_text", type: "text" },
  { name: "a_date", type: "date" },
  { name: "a_bigint", type: "bigint" },
  { name: "a_smallint", type: "smallint" },
  { name: "a_boolean", type: "boolean" },
  { name: "a_uuid", type: "uuid" },
  { name: "a_bytea", type: "bytea" },
] as const;

/** The rows as the server reads them, each value as text. */
async function copied(rows: readonly (readonly BinaryValue[])[]): Promise<(string | null)[][]> {
  const client = await runtime.database.pools.worker.connect();
  try {
    await client.query(
      `CREATE TEMP TABLE copied (place int GENERATED ALWAYS AS IDENTITY, ${columns.map(({ name, type }) => `${name} ${type}`).join(", ")})`,
    );
    const out = new BinaryCopyWriter(client, "copied", columns);
    for (const row of rows) {
      out.add(row);
      await out.flush();
    }
    await out.finish();
    const shown = columns.map(({ name, type }) => (type === "bytea" ? `encode(${name}, 'hex')` : `${name}::text`));
    const found = await client.query({
      text: `SELECT ${shown.join(", ")} FROM copied ORDER BY place`,
      rowMode: "array",
    });
    await client.query("DROP TABLE copied");
    return found.rows as (string | null)[][];
  } finally {
    client.release();
  }
}

const ends = (low: bigint, high: bigint) => fc.oneof(fc.bigInt(low, high), fc.constantFrom(low, high, 0n, -1n));
const value = {
  // A lone surrogate is no text, and becomes the mark for that.
  text: fc.string({ unit: "grapheme", maxLength: 300 }).filter((text) => text.isWellFormed() && !text.includes("\0")),
  date: fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  bigint: ends(-(2n ** 63n), 2n ** 63n - 1n).map(String),
  smallint: fc.integer({ min: -32_768, max: 32_767 }).map(String),
  boolean: fc.constantFrom("t", "f"),
  uuid: fc.stringMatching(/^[0-9a-f]{32}$/),
  bytea: fc.uint8Array({ maxLength: 200 }),
};
const row = fc.tuple(...columns.map(({ type }) => fc.option(value[type] as fc.Arbitrary<BinaryValue>)));

/** How PostgreSQL writes what was given. */
function shown(given: BinaryValue, type: (typeof columns)[number]["type"]): string | null {
  if (given === null) return null;
  if (typeof given !== "string") return Buffer.from(given).toString("hex");
  if (type === "boolean") return given === "t" ? "true" : "false";
  return type === "uuid" ? given.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : given;
}

describe("rows in COPY's binary format", () => {
  test("arrive as what they say, whatever they say", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        expect(await copied(rows)).toEqual(rows.map((one) => one.map((given, i) => shown(given, columns[i]!.type))));
      }),
      { numRuns: 30 },
    );
  });

  test("may be longer than a chunk, and many", async () => {
    const long = "十八洞村".repeat(100_000);
    const rows = Array.from({ length: 3_000 }, (_, n): BinaryValue[] => [
      n === 1_500 ? long : "花垣县",
      "2025-04-01",
      String(n),
      null,
      null,
      null,
      Buffer.alloc(300, n),
    ]);
    const found = await copied(rows);
    expect(found).toHaveLength(3_000);
    expect(found[1_500]![0]).toBe(long);
    expect(found.map((one) => Number(one[2]))).toEqual(rows.map((_, n) => n));
  });

  test("are refused as a whole when one is not of its type", async () => {
    await expect(copied([["\0", null, null, null, null, null, null]])).rejects.toThrow(/encoding/);
  });
});
