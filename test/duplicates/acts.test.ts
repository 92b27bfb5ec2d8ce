import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  answerTransfer,
  decideMerge,
  getMerge,
  getPair,
  getTransfer,
  listPairs,
  proposeMerge,
  requestForPair,
  requestMove,
  swapNumbers,
} from "#duplicates";
import { modules } from "../../src/app.ts";
import { escalateOverdue } from "../../src/duplicates/transfers/store.ts";
import { runAct } from "../../src/platform/http/run-action.ts";
import type { OutputOf, RequestOf, Route } from "../../src/platform/contract.ts";
import type { Caller } from "../../src/platform/module.ts";
import { drainQueue } from "../../src/platform/tasks/worker.ts";
import { testRuntime, type TestRuntime } from "../../src/platform/testing/index.ts";
import { addPerson, callerIn, completeIdentity, insert, recordingGate } from "../../src/registry/fixtures.ts";
import { addPair, HOME } from "./world.ts";

const FAR = "370831101219";
const ALL = ["registry.read", "registry.compare", "duplicates.merge", "duplicates.transfer"];
let runtime: TestRuntime;
let owner: Client;
const clerk = callerIn("433124", ALL);
const reviewer: Caller = { ...clerk, officerId: "2", name: "石建华", sight: { ...clerk.sight, officerId: "2" } };
const farClerk: Caller = { ...callerIn("370831", ALL), officerId: "3", name: "孔令芳" };

beforeAll(async () => {
  runtime = await testRuntime(modules, { businessDate: "2025-06-18" });
  owner = await runtime.owner();
});
afterAll(() => runtime?.close());
beforeEach(() => owner.query("TRUNCATE registry.person, duplicates.pair CASCADE"));

async function ask<R extends Route>(caller: Caller, route: R, input: RequestOf<R>): Promise<OutputOf<R>> {
  const handler = modules.flatMap(({ handlers }) => handlers ?? []).find((one) => one.route === (route as Route))!;
  const request = { ip: "127.0.0.1", userAgent: "test" };
  const answer = await runAct(runtime, recordingGate(), { handler, caller, input, request });
  return route.output.parse(answer) as OutputOf<R>;
}
const work = () => drainQueue(runtime, modules);
const add = (given: Parameters<typeof addPerson>[2]) => addPerson(owner, runtime, given);

async function pairAcross() {
  const [here, there] = [
    await add({ homeRegion: HOME }),
    await add({ homeRegion: FAR, columns: { skills: "外县秘密" } }),
  ];
  const pairId = await addPair(owner, here.personId, there.personId);
  await owner.query("UPDATE duplicates.pair SET across = true WHERE pair_id = $1", [pairId]);
  await insert(owner, "duplicates.contact", {
    county: "370831",
    office: "人社局就业科",
    person_name: "联系人乙",
    phone: "0537-4000002",
    changed_by_name: "演示",
  }).catch(() => {});
  return { here, there, pairId };
}

describe("within a county", () => {
  it("merges at once, unless money was paid: then another officer decides", async () => {
    const [a, b] = [await add({ homeRegion: HOME }), await add({ homeRegion: HOME })];
    const pairId = await addPair(owner, a.personId, b.personId);
    await insert(owner, "subsidies.past_benefit", {
      code: "付款甲",
      benefit: "一次性交通补助",
      person_id: b.personId,
      event_date: "2025-01-01",
      region: "433124",
      recorded_on: "2025-05-20",
    });
    const asked = { pairId, survivorId: a.personId, note: "核对户口簿" };
    const { mergeId, state } = await ask(clerk, proposeMerge, asked);
    expect(state).toBe("proposed");
    const decision = { mergeId, act: "confirm", note: "已核对" } as const;
    await expect(ask(clerk, decideMerge, decision)).rejects.toThrow("另一名经办人员");
    await ask(reviewer, decideMerge, decision);
    await work();
    expect(await ask(clerk, getMerge, { mergeId })).toMatchObject({ state: "done", decidedByName: "石建华" });
    const { rows } = await owner.query("SELECT person_id::text AS p FROM subsidies.past_benefit");
    expect(rows).toEqual([{ p: a.personId }]);
  });

  it("exchanges the numbers of a couple, with the keys by which tables find them", async () => {
    const [his, hers] = [completeIdentity("43312419800101111"), completeIdentity("43312419850312002")];
    const he = await add({ homeRegion: HOME, identity: hers, birthDate: "1980-01-01", columns: { sex: 1 } });
    const she = await add({ homeRegion: HOME, identity: his, birthDate: "1985-03-12", columns: { sex: 2 } });
    const pairId = await addPair(owner, he.personId, she.personId);
    await owner.query("UPDATE duplicates.pair SET kind = 'swapped' WHERE pair_id = $1", [pairId]);
    const keys = async () =>
      (await owner.query("SELECT key_hash, person_id::text AS p FROM registry.person_key ORDER BY 1")).rows;
    const before = await keys();
    await ask(clerk, swapNumbers, { pairId, note: "核对身份证" });
    const other = (person: string) => (person === he.personId ? she.personId : he.personId);
    expect(await keys()).toEqual(before.map((row) => ({ ...row, p: other(row.p) })));
  });
});

describe("between two counties", () => {
  it("shows of the other record its county and contact, and refuses to merge alone", async () => {
    const { here, pairId, there } = await pairAcross();
    const page = await ask(clerk, getPair, { pairId });
    expect(page.pair.other).toMatchObject({ county: { code: "370831" }, phone: "0537-4000002" });
    for (const secret of [there.personId, there.name, "外县秘密"]) expect(JSON.stringify(page)).not.toContain(secret);
    await expect(ask(clerk, proposeMerge, { pairId, survivorId: here.personId, note: "核对" })).rejects.toThrow("外县");
  });

  it("moves the record with consent: one person is left, at home where both agreed, and both see it", async () => {
    const { here, there, pairId } = await pairAcross();
    const { transferId } = await ask(clerk, requestForPair, { pairId, keeps: "asking", note: "本人住在本县" });
    await expect(ask(clerk, answerTransfer, { transferId, act: "consent", note: "自己同意" })).rejects.toThrow(
      "被申请县",
    );
    await ask(farClerk, answerTransfer, { transferId, act: "consent", note: "误登" });
    await work();
    const { rows } = await owner.query("SELECT person_id::text AS p, home_region FROM registry.person");
    expect(rows).toEqual([{ p: here.personId, home_region: HOME }]);
    const keys = await owner.query("SELECT DISTINCT person_id::text AS p, home_region FROM registry.person_key");
    expect(keys.rows).toEqual([{ p: here.personId, home_region: HOME }]);
    for (const caller of [clerk, farClerk])
      expect(await ask(caller, getTransfer, { transferId })).toMatchObject({ state: "done" });
    expect(JSON.stringify(await ask(farClerk, getTransfer, { transferId }))).not.toContain(there.personId);
  });

  it("is refused with a reason, and the pair may be judged again", async () => {
    const { pairId } = await pairAcross();
    const { transferId } = await ask(clerk, requestForPair, { pairId, keeps: "asking", note: "本人住在本县" });
    await ask(farClerk, answerTransfer, { transferId, act: "refuse", note: "本人仍在我县" });
    expect(await ask(clerk, getTransfer, { transferId })).toMatchObject({ state: "refused", answer: "本人仍在我县" });
    expect((await ask(clerk, listPairs, {})).total).toBe(1);
  });

  it("goes to the level above both once it is late", async () => {
    const { pairId } = await pairAcross();
    const { transferId } = await ask(clerk, requestForPair, { pairId, keeps: "asked", note: "本人住在对方县" });
    const above: Caller = { ...callerIn("", ALL), officerId: "9" };
    const answer = { transferId, act: "consent", note: "上级裁定" } as const;
    await expect(ask(above, answerTransfer, answer)).rejects.toThrow("被申请县");
    await runtime.database.worker.transaction().execute((tx) => escalateOverdue(tx, () => "2025-06-29"));
    await ask(above, answerTransfer, answer);
    await work();
    const { rows } = await owner.query("SELECT home_region FROM registry.person");
    expect(rows).toEqual([{ home_region: FAR }]);
  });

  it("brings somebody who has moved, known by name and number together, with a history of his home", async () => {
    const person = await add({ homeRegion: FAR, name: "龙金秀" });
    const asked = { number: person.identity, region: HOME, note: "户口迁移证明" };
    await expect(ask(clerk, requestMove, { ...asked, name: "石建华" })).rejects.toThrow("都相符");
    const { transferId, county } = await ask(clerk, requestMove, { ...asked, name: "龙金秀" });
    expect(county.code).toBe("370831");
    await ask(farClerk, answerTransfer, { transferId, act: "consent", note: "已迁出" });
    await work();
    const { rows } = await owner.query(
      "SELECT p.home_region, k.home_region AS key_home, h.before ->> 'home_region' AS was, h.after ->> 'home_region' AS became FROM registry.person p JOIN registry.person_key k USING (person_id) JOIN registry.change h USING (person_id)",
    );
    expect(rows).toEqual([{ home_region: HOME, key_home: HOME, was: FAR, became: HOME }]);
  });
});
