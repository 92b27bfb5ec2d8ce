import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryModule } from "#registry";
import type { FactSource } from "#kernel";
import { columnsGiven, columnsPromised, outcomesOf, rowsOf } from "../policy/fixtures.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { checkDefinitions } from "#registers";
import { registersTables } from "../registers/fixtures.ts";
import { addCounty, addEveryForm, addPerson, insert, type AddedPerson } from "../registry/fixtures.ts";
import { synthesizeWelfarePosts, welfarePostsFacts, welfarePostsModule, welfarePostsRegisters } from "./index.ts";

const [village, urbanAndRural] = welfarePostsFacts as [FactSource, FactSource];
const HOME = "433124110226";
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime([registryModule, registersTables, welfarePostsModule]);
  owner = await runtime.owner();
});
afterAll(() => runtime.close());

let numbered = 0;
const kept = { region: "433124", recorded_on: "2025-06-18" };

async function placed(
  person: AddedPerson,
  given: { post?: object; placement?: object; signings?: readonly object[]; months?: readonly object[] } = {},
): Promise<string> {
  numbered++;
  const code = `T${numbered}`;
  await insert(owner, "welfare_posts.welfare_post", {
    code,
    name: "保洁岗",
    county: "433124",
    scheme: "乡村公益性岗位",
    ...kept,
    ...given.post,
  });
  const post = await idOf("welfare_post", "post_id", code);
  await insert(owner, "welfare_posts.placement", {
    code,
    post_id: post,
    person_id: person.personId,
    started_on: "2025-03-10",
    ...kept,
    ...given.placement,
  });
  const placement = await idOf("placement", "placement_id", code);
  for (const signing of given.signings ?? [])
    await insert(owner, "welfare_posts.signing", { placement_id: placement, kind: "劳务协议", ...kept, ...signing });
  for (const month of given.months ?? [])
    await insert(owner, "welfare_posts.placement_month", { placement_id: placement, ...kept, ...month });
  return placement;
}

async function idOf(table: string, column: string, code: string): Promise<string> {
  const { rows } = await owner.query(`SELECT ${column} AS id FROM welfare_posts.${table} WHERE code = $1`, [code]);
  return (rows[0] as { id: string }).id;
}

const somebody = () => addPerson(owner, runtime, { homeRegion: HOME });
const of = (person: AddedPerson) => `s.person_id = ${person.personId}`;

describe.each(welfarePostsFacts.map((source) => [source.name, source] as const))("%s", (_, source) => {
  it("gives the dictionary's columns and no others", async () => {
    expect(await columnsGiven(owner, source)).toEqual(columnsPromised(source));
  });
});

describe("months on post", () => {
  it("run from the first reported one to the business date's, those not reported without attendance", async () => {
    const person = await somebody();
    await placed(person, {
      months: [
        { month: "2025-04-01", days_on_post: 30 },
        { month: "2025-06-01", days_on_post: 18 },
      ],
    });
    const rows = await rowsOf(owner, village, "2025-06-18", of(person));
    expect(rows.map(({ month, days_on_post }) => [month, days_on_post])).toEqual([
      ["2025-04-01", "30"],
      ["2025-05-01", null],
      ["2025-06-01", "18"],
    ]);
  });

  it("end with the last on post, and are not looked for before the first", async () => {
    const person = await somebody();
    await placed(person, {
      placement: { ended_on: "2025-05-31" },
      months: [{ month: "2025-02-01", days_on_post: 28 }],
    });
    const rows = await rowsOf(owner, village, "2025-06-18", of(person));
    expect(rows.map(({ month }) => month)).toEqual(["2025-03-01", "2025-04-01", "2025-05-01"]);
  });

  it("are the present one alone of somebody of whom nothing was reported yet", async () => {
    const person = await somebody();
    await placed(person);
    expect((await rowsOf(owner, village, "2025-06-18", of(person))).map(({ month }) => month)).toEqual(["2025-06-01"]);
    expect(await rowsOf(owner, village, "2025-02-28", of(person))).toEqual([]);
  });

  it("have the signing that covers them, or the last before", async () => {
    const person = await somebody();
    await placed(person, {
      placement: { started_on: "2024-03-10" },
      signings: [
        { from_on: "2024-03-10", to_on: "2025-03-09" },
        { from_on: "2025-05-31", to_on: "2026-05-30", kind: "劳动合同" },
      ],
      months: [{ month: "2025-03-01", days_on_post: 31 }],
    });
    const rows = await rowsOf(owner, village, "2025-06-18", of(person));
    expect(rows.map(({ contract_kind, contract_to }) => [contract_kind, contract_to])).toEqual([
      ["劳务协议", "2025-03-09"],
      ["劳务协议", "2025-03-09"],
      ["劳动合同", "2026-05-30"],
      ["劳动合同", "2026-05-30"],
    ]);
  });

  it.each([
    ["2025-03-09", false],
    ["2025-03-10", true],
    ["2025-03-11", true],
  ])(
    "ask for categories of the first day on post, not of the month (placed 10 March, listed to %s)",
    async (to, is) => {
      const person = await somebody();
      await insert(owner, "registry.person_category", {
        person_id: person.personId,
        category: "lifted-from-poverty",
        valid_from: "2016-12-31",
        valid_to: to,
        home_region: HOME,
        recorded_on: "2025-05-20",
        source: 2,
      });
      await placed(person);
      expect((await rowsOf(owner, village, "2025-06-18", of(person)))[0]).toMatchObject({ lifted_from_poverty: is });
    },
  );

  it("belong to the county of the post, and to one scheme", async () => {
    const person = await somebody();
    await placed(person, { post: { county: "433127" } });
    const inCounty = (county: string) => `${of(person)} AND s.region LIKE '${county}%'`;
    expect(await rowsOf(owner, village, "2025-06-18", inCounty("433127"))).toHaveLength(1);
    expect(await rowsOf(owner, village, "2025-06-18", inCounty("433124"))).toEqual([]);
    expect(await rowsOf(owner, urbanAndRural, "2025-06-18", of(person))).toEqual([]);
  });
});

describe("the tables", () => {
  it("take two posts of one person, and not the same one twice at a time", async () => {
    const person = await somebody();
    const placement = await placed(person);
    await placed(person);
    const again = `INSERT INTO welfare_posts.placement (code, post_id, person_id, started_on, region, recorded_on)
      SELECT 'again', post_id, person_id, '2025-04-01', region, recorded_on FROM welfare_posts.placement WHERE placement_id = ${placement}`;
    await expect(owner.query(again)).rejects.toThrow(/placement_open/);
  });

  it("refuse more days on post than the month has", async () => {
    await expect(placed(await somebody(), { months: [{ month: "2025-02-01", days_on_post: 29 }] })).rejects.toThrow(
      /check constraint/,
    );
  });

  it("fit the registers", async () => {
    await checkDefinitions(runtime, welfarePostsRegisters);
  });
});

describe("synthetic posts", () => {
  const settings = {
    月最低工资: [{ from: "2020-01-01", region: "433100", value: 1_700_00 }],
    岗位补贴标准: [{ from: "2020-01-01", region: "433100", value: 1_000_00 }],
    不足整月按天计发: [{ from: "2020-01-01", region: "433100", value: true }],
    小时最低工资: [{ from: "2020-01-01", region: "370800", value: 19_00 }],
    岗位类型系数: [{ from: "2020-01-01", region: "370800", value: { of: 100, value: 100 } }],
    监测范围: [{ from: "2020-01-01", region: "370800", value: 9000_00 }],
  };
  const outcomes = ["ELIGIBLE", "NOT_ELIGIBLE", "NOT_YET", "UNKNOWN"];

  it.each([
    ["433125", "2025-06-18", village, "village-post-allowance/430000"],
    ["370831", "2023-06-18", urbanAndRural, "welfare-post-allowance/370800"],
  ])("of %s bring every outcome", async (region, asOf, source, measure) => {
    const county = { county: region, persons: 900, asOf };
    await addCounty(owner, county);
    await addEveryForm(owner, county);
    await runtime.database.worker.transaction().execute((tx) => synthesizeWelfarePosts(tx, { region, asOf }));
    const scope = `s.region LIKE '${region}%'`;
    const found = (await outcomesOf(owner, source, { asOf, scope, settings }))[measure]!;
    for (const outcome of outcomes) expect(found).toHaveProperty(outcome);
    const unset = (await outcomesOf(owner, source, { asOf, scope }))[measure]!;
    expect(unset).toHaveProperty("PARAM_MISSING");
    expect(unset).not.toHaveProperty("ELIGIBLE");
  });
});
