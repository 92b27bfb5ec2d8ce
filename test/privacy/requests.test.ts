import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { modules } from "../../src/app.ts";
import { bindRealName, myOpenings } from "../../src/citizens/contract.ts";
import { forgetAttempts, Phone } from "../../src/citizens/fixtures.ts";
import { addOfficer, signedIn, testSite, type Browser, type TestSite } from "../../src/identity/fixtures.ts";
import { askErasure, myPrivacy, setConsent, withdrawErasure } from "../../src/privacy/contract.ts";
import { addEmployment, addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";
import { drainQueue } from "../../src/platform/tasks/worker.ts";

const VILLAGE = "433124110226";
let site: TestSite;
let clerk: Browser;
let security: Browser;
let system: Browser;

beforeAll(async () => {
  site = await testSite({ modules, demo: true });
  const officer = async (duty: "county-clerk" | "security-admin" | "system-admin", region: string) =>
    signedIn(site.server, (await addOfficer(site.owner, { duties: [duty], region })).login);
  clerk = await officer("county-clerk", "433124");
  security = await officer("security-admin", "43");
  system = await officer("system-admin", "43");
});
beforeEach(() => forgetAttempts(site.owner));
afterAll(() => site.close());

let made = 0;
async function citizen(name: string): Promise<{ person: AddedPerson; phone: Phone }> {
  const number = `1390743${String(++made).padStart(4, "0")}`;
  const person = await addPerson(site.owner, site.runtime, { name, phone: number, homeRegion: VILLAGE });
  const phone = new Phone(site);
  await phone.enter(number);
  expect(await phone.ask(bindRealName, { name, identity: person.identity })).toMatchObject({ status: 200 });
  await phone.openPage();
  return { person, phone };
}

async function ask(browser: Browser, method: "GET" | "POST", url: string, payload?: object) {
  const response = await site.server.inject({
    method,
    url,
    headers: { cookie: `wengang_session=${browser.cookie}`, "x-csrf-token": browser.csrf! },
    ...(payload ? { payload } : {}),
  });
  return { status: response.statusCode, body: response.json<Record<string, never>>() as Record<string, unknown> };
}
const drain = () => drainQueue(site.runtime, modules);
const nameOf = async (person: AddedPerson) =>
  (await site.owner.query<{ name: string }>("SELECT name FROM registry.person WHERE person_id = $1", [person.personId]))
    .rows[0]?.name;

test("whoever asks to be erased is told until when the law keeps something, and erased when nothing does", async () => {
  const { person, phone } = await citizen("龙申请");
  await addEmployment(site.owner, person);
  await site.owner.query(
    "UPDATE registry.employment SET start_date = '2020-01-01', end_date = '2024-01-31', end_precision = 'day' WHERE person_id = $1",
    [person.personId],
  );
  const asked = await phone.ask(askErasure, { reason: "不再务工" });
  expect(asked).toMatchObject({ status: 200 });
  expect(await phone.ask(askErasure, { reason: "再来一次" })).toMatchObject({ problem: "privacy.asked" });
  const { requestId } = asked.body;
  // Ten years from the end of the spell: the program's example.
  expect((await ask(clerk, "GET", `/api/privacy/requests/${requestId}/kept`)).body).toMatchObject({
    until: "2034-01-31",
    kept: [{ title: "务工经历", until: "2034-01-31" }],
  });
  expect(
    (await ask(clerk, "POST", `/api/privacy/requests/${requestId}/decision`, { act: "approve", answer: "同意删除" }))
      .body,
  ).toMatchObject({ code: "privacy.still-kept" });
  expect(
    await ask(clerk, "POST", `/api/privacy/requests/${requestId}/decision`, { act: "refuse", answer: "依法保存" }),
  ).toMatchObject({ status: 200 });
  expect((await phone.ask(myPrivacy, {})).body.requests).toMatchObject([{ state: "refused", keptUntil: "2034-01-31" }]);

  const free = await citizen("龙自由");
  const own = (await free.phone.ask(askErasure, { reason: "搬走了" })).body.requestId;
  expect(await free.phone.ask(withdrawErasure, { requestId: own })).toMatchObject({ status: 200 });
  const again = (await free.phone.ask(askErasure, { reason: "还是删除" })).body.requestId;
  expect(
    await ask(clerk, "POST", `/api/privacy/requests/${again}/decision`, { act: "approve", answer: "同意删除" }),
  ).toMatchObject({ status: 200 });
  await drain();
  expect(await nameOf(free.person)).toBeUndefined();
  expect(
    (await site.owner.query("SELECT state, person_id, reason FROM privacy.request WHERE request_id = $1", [again]))
      .rows,
  ).toEqual([{ state: "done", person_id: null, reason: "" }]);
  expect(await free.phone.ask(myPrivacy, {})).toMatchObject({ status: 401 });
  // Nobody asks in another's name.
  expect(await phone.ask(withdrawErasure, { requestId: own })).toMatchObject({ problem: "privacy.settled" });
});

test("a consent that is taken back empties its cells, and again when a table brings them back", async () => {
  const { person, phone } = await citizen("石同意");
  const health = async () =>
    (
      await site.owner.query<{ health: string | null }>("SELECT health FROM registry.person WHERE person_id = $1", [
        person.personId,
      ])
    ).rows[0]!.health;
  const fill = () =>
    site.owner.query("UPDATE registry.person SET health = 'ill' WHERE person_id = $1", [person.personId]);
  await fill();
  await site.owner.query(
    `INSERT INTO registry.change (person_id, entity, entity_key, act, before, after, source, home_region) VALUES ($1, 'person', '{}', 'update', '{"health": "ill", "name": "石"}', '{"health": "well"}', 1, $2)`,
    [person.personId, VILLAGE],
  );
  await phone.ask(setConsent, { kind: "health", given: true });
  expect((await phone.ask(myPrivacy, {})).body.consents.map(({ kind }) => kind)).toEqual(["health", "disability"]);
  await drain();
  expect(await health()).toBe("ill");
  await phone.ask(setConsent, { kind: "health", given: false });
  await drain();
  expect(await health()).toBeNull();
  expect(
    (await site.owner.query("SELECT before, after FROM registry.change WHERE person_id = $1", [person.personId])).rows,
  ).toEqual([{ before: { health: null, name: "石" }, after: { health: null } }]);
  await fill();
  await phone.ask(setConsent, { kind: "disability", given: false });
  await drain();
  expect(await health()).toBeNull();
});

test("lists that showed him and exports that hold him stand in 谁查看过", async () => {
  const { phone } = await citizen("麻被看");
  const acts = async () => (await phone.ask(myOpenings, {})).body.rows.map(({ act }) => act);
  expect(await acts()).toEqual([]);
  await ask(clerk, "GET", `/api/registry/persons?name=${encodeURIComponent("麻被看")}`);
  await ask(clerk, "GET", `/api/registry/persons?name=${encodeURIComponent("石同意")}`);
  expect(await acts()).toEqual(["查看人员名单"]);
  await site.server.inject({
    method: "GET",
    url: `/api/registry/persons.xlsx?name=${encodeURIComponent("麻被看")}&purpose=${encodeURIComponent("核对名单用")}`,
    headers: { cookie: `wengang_session=${clerk.cookie}` },
  });
  expect(await acts()).toEqual(["导出人员名单", "查看人员名单"]);
});

test("a length is proposed by one administrator and agreed to by the other, who has seen what would go", async () => {
  const proposed = await ask(security, "POST", "/api/privacy/settings", {
    period: "spell",
    length: 60,
    reason: "省厅会议纪要",
  });
  expect(proposed.status).toBe(200);
  const { settingId } = proposed.body as { settingId: string };
  const decide = (browser: Browser) =>
    ask(browser, "POST", `/api/privacy/settings/${settingId}/decision`, { act: "approve" });
  expect((await decide(security)).status).toBe(403);
  expect((await decide(system)).body).toMatchObject({ code: "privacy.preview-first" });
  await drain();
  expect((await decide(system)).status).toBe(200);
  expect((await decide(system)).body).toMatchObject({ code: "privacy.settled" });
  expect(
    (await ask(security, "POST", "/api/privacy/settings", { period: "audit", length: 1, reason: "想删日志" })).body,
  ).toMatchObject({ code: "privacy.fixed-period" });
});

test("the notice names what is held, what is asked for separately, and where to go", async () => {
  const page = await site.server.inject("/privacy");
  expect(page.statusCode).toBe(200);
  for (const words of [
    "健康状况",
    "残疾情况",
    "位置</b>：目前不收集",
    "语音</b>：目前不收集",
    "银行账号（脱敏）",
    "5 年",
    "申请删除",
    "第 1.0 版",
  ])
    expect(page.body).toContain(words);
  expect(page.body).not.toContain("key_hash");
});
