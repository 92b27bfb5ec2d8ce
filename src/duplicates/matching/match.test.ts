import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addPerson, completeIdentity, insert, type PersonGiven } from "../../registry/fixtures.ts";
import { duplicatesTestModules } from "../fixtures.ts";
import { matchPersons } from "./match.ts";

const HOME = "433124110226";
let runtime: TestRuntime;
let owner: Client;

beforeAll(async () => {
  runtime = await testRuntime(duplicatesTestModules, { businessDate: "2025-06-18" });
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());
beforeEach(async () => {
  await owner.query("TRUNCATE registry.person CASCADE");
  await owner.query("TRUNCATE duplicates.pair CASCADE");
});

const add = (given: Partial<PersonGiven>) => addPerson(owner, runtime, { homeRegion: HOME, ...given });
const match = (touched?: readonly string[]) =>
  runtime.database.worker
    .transaction()
    .execute((tx) =>
      matchPersons(tx, runtime, touched ? `(SELECT unnest('{${touched.join(",")}}'::bigint[]) AS person_id) t` : null),
    );
const pairs = async () =>
  (
    await owner.query(
      `SELECT p.pair_id::text AS id, p.state, p.band, p.kind, p.across, p.reasons, array_agg(s.person_id::text ORDER BY s.person_id) AS persons FROM duplicates.pair p JOIN duplicates.side s USING (pair_id) GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1`,
    )
  ).rows;

describe("matching the whole registry", () => {
  it("proposes records with name, birth, village and account in common, and leaves strangers alone", async () => {
    const [a, b] = [
      await add({ name: "龙金秀", bankAccount: "6222000000000001" }),
      await add({ name: "龙金秀", bankAccount: "6222000000000001" }),
    ];
    await add({ name: "石建华" });
    expect(await match()).toMatchObject({ compared: 1, found: 1, raised: 1 });
    const [pair] = await pairs();
    expect(pair).toMatchObject({ state: "open", band: "likely", kind: "duplicate", across: false });
    expect(pair.persons.toSorted()).toEqual([a.personId, b.personId].toSorted());
  });

  it("finds a number typed wrong in another village of the county by what else is the same", async () => {
    const right = completeIdentity("43312419850312002");
    await add({ name: "龙金秀", identity: right, phone: "13800001111" });
    await add({
      name: "龙金秀",
      identity: `${right.slice(0, 15)}9${right.slice(16)}`,
      phone: "13800001111",
      homeRegion: "433124109201",
    });
    await match();
    const [pair] = await pairs();
    expect(pair.reasons).toContain("number-typed");
    expect(pair.band).toBe("likely");
  });

  it("finds a husband and wife with each other's number", async () => {
    const [his, hers] = [completeIdentity("43312419800101111"), completeIdentity("43312419850312002")];
    const mask = (number: string) => ({ identity_mask: `${number.slice(0, 6)}********${number.slice(-4)}` });
    await add({
      name: "石建华",
      identity: hers,
      birthDate: "1980-01-01",
      householdId: "5",
      columns: { sex: 1, ...mask(hers) },
    });
    await add({
      name: "龙金秀",
      identity: his,
      birthDate: "1985-03-12",
      householdId: "5",
      columns: { sex: 2, ...mask(his) },
    });
    await match();
    expect(await pairs()).toMatchObject([{ kind: "swapped", state: "open" }]);
  });

  it("does not bring a judged pair back until what was compared changes", async () => {
    const given = { name: "龙金秀", phone: "13800001111" };
    const a = await add(given);
    await add(given);
    await match();
    await owner.query("UPDATE duplicates.pair SET state = 'different'");
    expect(await match()).toMatchObject({ found: 1, raised: 0 });
    expect(await pairs()).toMatchObject([{ state: "different" }]);
    await owner.query("UPDATE registry.person SET bank_hash = gen_random_uuid() WHERE person_id = $1", [a.personId]);
    await match();
    expect(await pairs()).toMatchObject([{ state: "open" }]);
  });

  it("withdraws an open pair once the records no longer look alike", async () => {
    const given = { name: "龙金秀", phone: "13800001111" };
    const a = await add(given);
    await add(given);
    await match();
    await owner.query("UPDATE registry.person SET name = '龙银秀', phone_hash = NULL WHERE person_id = $1", [
      a.personId,
    ]);
    expect(await match()).toMatchObject({ withdrawn: 1 });
    expect(await pairs()).toMatchObject([{ state: "withdrawn" }]);
  });

  it("does not compare everybody with everybody where a name says nothing", async () => {
    for (let i = 0; i < 60; i++) await insert(owner, "registry.person", plain(String(i + 1)));
    expect(await match()).toMatchObject({ compared: 0 });
  });
});

function plain(personId: string): Record<string, unknown> {
  const own = { person_id: personId, name: "未知", birth_date: "1900-01-01", identity_mask: "*", home_region: HOME };
  return { ...own, secret: Buffer.from("0"), recorded_on: "2025-05-20", source: 3 };
}

describe("matching the persons of a batch", () => {
  it("finds the pairs of these persons as the whole would, and no others", async () => {
    const given = { name: "龙金秀", phone: "13800001111" };
    const a = await add(given);
    await add(given);
    const other = { name: "石建华", phone: "13800002222" };
    await add(other);
    await add(other);
    await match([a.personId]);
    expect(await pairs()).toHaveLength(1);
    await match();
    expect(await pairs()).toHaveLength(2);
  });
});
