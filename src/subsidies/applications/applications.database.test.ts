import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerAtDesk, createGate } from "#identity";
import { screenNow } from "#policy/contract";
import { modules, synthesizeFacts } from "../../app.ts";
import { noSight, withSight, type SelfSight } from "../../platform/db/database.ts";
import type { Caller } from "../../platform/module.ts";
import { TestDesk } from "../../platform/testing/desk.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { addCounty, addEmployer, addEmployment, addPerson, type AddedPerson } from "../../registry/fixtures.ts";
import { lockApplication } from "./store.ts";
import {
  acceptClaims,
  approveClaims,
  checkClaims,
  gatherClaims,
  getClaim,
  listClaims,
  withdrawClaims,
  applicationOfClaim,
  attachFile,
  attachMine,
  beginElsewhere,
  beginForPerson,
  beginMine,
  checkStatement,
  countApplications,
  dropMine,
  findPrepayees,
  getApplication,
  getMine,
  listApplications,
  listPrepayments,
  lookAgain,
  myApplications,
  myBenefits,
  myOffers,
  offersForPerson,
  prepay,
  prepayable,
  previewSettlement,
  receiveApplication,
  refuseClaims,
  removeMine,
  returnApplication,
  returnClaims,
  settlePrepayment,
  stateFacts,
  stateMine,
  submitApplication,
  submitMine,
  supplyClaims,
  takeMine,
} from "../contract.ts";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "../fixtures.ts";

const ASOF = "2025-06-18";
const FENGHUANG = "433123";
const RULE = "transport-allowance";
const SOURCE = "外出务工";
const TICKET = "车票或其他交通凭证";

let runtime: TestRuntime;
let owner: Client;
let desk: TestDesk;
let office: PayingOffice;
const selves = new Map<string, { readonly self: SelfSight; readonly name: string; readonly organisation?: string }>();

/** An account's own session, by the person's number. */
function accountOf(login: string): Caller {
  const { self, name, organisation = "群众账号" } = selves.get(login)!;
  return {
    officerId: null,
    name,
    organisation,
    permissions: new Set(),
    sight: { ...noSight, self },
    session: { id: login, csrf: "" },
  };
}
let accounts = 900;
function signIn(person: { readonly personId: string; readonly name: string; readonly homeRegion: string }): string {
  const login = `my:${person.personId}`;
  if (!selves.has(login))
    selves.set(login, {
      name: person.name,
      self: {
        accountId: String(++accounts),
        personId: person.personId,
        employerId: null,
        homeRegion: person.homeRegion,
      },
    });
  return login;
}

const folder = mkdtempSync(join(tmpdir(), "wengang-attached-"));
let files = 0;
function fileOf(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const photo = () =>
  fileOf(
    `车票${++files}.png`,
    Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), Buffer.from(String(files))]),
  );

/** A living person at home in a county, with a way to sign in. */
const newcomer = (county: string): Promise<AddedPerson> => addPerson(owner, runtime, { homeRegion: `${county}100201` });

/** A stay away for work, as the office registers it; what `facts` leaves out nobody has registered. */
async function registerStay(person: AddedPerson, facts: Record<string, unknown>): Promise<string> {
  const { rows } = await owner.query<{ fact_row_id: string }>(
    `INSERT INTO policy.fact_row (source, code, person_id, region, facts, recorded_on) VALUES ($1, $2, $3, $4, $5, '2025-06-01') RETURNING fact_row_id`,
    [SOURCE, `测-${person.personId}-${++files}`, person.personId, person.homeRegion, JSON.stringify(facts)],
  );
  return rows[0]!.fact_row_id;
}
const STAY = { destination: "省外", started_on: "2025-02-20", meets_cited: true };
const makePoor = (person: AddedPerson) =>
  owner.query(
    "INSERT INTO registry.person_category (person_id, home_region, category, valid_from, recorded_on, source) VALUES ($1, $2, 'lifted-from-poverty', '2016-01-01', '2025-05-20', 2)",
    [person.personId, person.homeRegion],
  );
const lineOf = async (applicationId: string, as = "clerk") =>
  (await desk.act(getApplication, { applicationId }, as)).lines[0]!;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  await addPayingOffice(runtime, FENGHUANG, "-far");
  await addCounty(owner, { county: HUAYUAN, persons: 120, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  const gate = createGate(modules);
  desk = new TestDesk(runtime, modules, gate, (login) =>
    login.startsWith("my:") ? Promise.resolve(accountOf(login)) : callerAtDesk(runtime, modules, login),
  );
  office = new PayingOffice(runtime, modules);
}, 240_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await runtime.close();
});

describe("somebody who applies at his telephone", () => {
  let person: AddedPerson;
  let me: string;
  let applicationId: string;
  beforeAll(async () => {
    person = await newcomer(HUAYUAN);
    await makePoor(person);
    await registerStay(person, STAY);
    me = signIn(person);
  });

  it("is told what there is for him, measure by measure and as what one event of life opens", async () => {
    const { measures, bundles } = await desk.act(myOffers, {}, me);
    expect(measures.find(({ rule }) => rule === RULE)).toMatchObject({ kind: "ready" });
    expect(measures.find(({ rule }) => rule === RULE)!.amountFen).toBeGreaterThan(0);
    expect(measures.find(({ kind }) => kind === "report")!.why[0]).toContain("还没有");
    expect(bundles.map(({ bundle }) => bundle)).toContain("work-away");
    expect(bundles.map(({ bundle }) => bundle)).not.toContain("hire-and-train");
  });

  it("finds his draft again, with what registers hold and what is not asked for", async () => {
    ({ applicationId } = await desk.act(beginMine, { rules: [RULE] }, me));
    expect(await desk.act(beginMine, { rules: [RULE] }, me)).toEqual({ applicationId });
    const view = await desk.act(getMine, { applicationId }, me);
    expect(view.known).toContainEqual(
      expect.objectContaining({ label: "务工去向", value: "省外", source: "人社部门" }),
    );
    expect(view.questions).toEqual([]);
    expect(view.materials.filter(({ certifiedBy }) => certifiedBy !== null)).toHaveLength(1);
  });

  it("cannot state what a department has certified", async () => {
    await expect(desk.act(stateMine, { applicationId, statements: { "务工.去向": "县内" } }, me)).rejects.toThrow(
      "已由人社部门登记，不用填，也不能改",
    );
  });

  it("is told what is still missing, and which files are none", async () => {
    await expect(desk.act(submitMine, { applicationId, declared: true }, me)).rejects.toThrow(`还缺材料：${TICKET}`);
    const put = (path: string) => desk.act(attachMine, { applicationId, material: TICKET }, me, path);
    await expect(put(fileOf("车票.png", "MZ this is a program"))).rejects.toThrow("不是照片、PDF、Word、Excel");
    await expect(put(fileOf("车票.pdf", ""))).rejects.toThrow("打不开");
    await expect(
      put(fileOf("大.jpg", Buffer.concat([Buffer.from("ffd8ff", "hex"), Buffer.alloc(10 * 1024 * 1024)]))),
    ).rejects.toThrow("超过 10 MB");
    const path = photo();
    const { fileId } = await put(path);
    await expect(put(path)).rejects.toThrow("已经上传过了");
    const { files: held } = await desk.act(getMine, { applicationId }, me);
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ fileId, material: TICKET });
    expect(held[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("loses a file that he takes away, from the store as well", async () => {
    const { fileId } = await desk.act(attachMine, { applicationId, material: TICKET }, me, photo());
    const { rows } = await owner.query<{ key: string }>(
      "SELECT key FROM subsidies.application_file WHERE file_id = $1",
      [fileId],
    );
    await desk.act(removeMine, { applicationId, fileId }, me);
    await desk.drain();
    await expect(runtime.files.read(rows[0]!.key).then(async (body) => body.toArray())).rejects.toThrow();
  });

  it("is the only one who sees his draft, on both walls", async () => {
    const other = signIn(await newcomer(HUAYUAN));
    for (const act of [
      () => desk.act(getMine, { applicationId }, other),
      () => desk.act(stateMine, { applicationId, statements: {} }, other),
      () => desk.act(submitMine, { applicationId, declared: true }, other),
      () => desk.act(dropMine, { applicationId }, other),
      () => desk.run(takeMine, { applicationId, fileId: "1" }, other),
      () => desk.act(getApplication, { applicationId }, "clerk"),
      () => desk.act(submitApplication, { applicationId, declared: true }, "clerk"),
    ])
      await expect(act()).rejects.toThrow("没有找到这件申请");
    expect((await desk.act(myApplications, {}, other)).total).toBe(0);
    const seen = (sight: Caller["sight"]) =>
      withSight(runtime.database.app, sight, async (tx) => {
        const { rows } = await sql<{
          n: number;
        }>`SELECT (SELECT count(*) FROM subsidies.application WHERE application_id = ${applicationId})::int + (SELECT count(*) FROM subsidies.application_file WHERE application_id = ${applicationId})::int AS n`.execute(
          tx,
        );
        return rows[0]!.n;
      });
    expect(await seen(accountOf(me).sight)).toBe(2);
    expect(await seen(accountOf(other).sight)).toBe(0);
    expect(await seen((await callerAtDesk(runtime, modules, "clerk")).sight)).toBe(0);
    await expect(
      withSight(runtime.database.app, accountOf(other).sight, (tx) =>
        sql`INSERT INTO subsidies.application_statement (application_id, fact, label, value, shown) VALUES (${applicationId}, 'x', 'x', '1', 'x')`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow("row-level security");
  });

  it("hands in once, gets a number, and one claim is made however often it is tried", async () => {
    await expect(desk.act(submitMine, { applicationId, declared: false as true }, me)).rejects.toThrow("请先确认");
    const both = await Promise.allSettled([
      desk.act(submitMine, { applicationId, declared: true }, me),
      desk.act(submitMine, { applicationId, declared: true }, me),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await desk.drain();
    await desk.act(lookAgain, { applicationId }, "clerk");
    const view = await desk.act(getMine, { applicationId }, me);
    expect(view).toMatchObject({ state: "lodged", mayWrite: false });
    expect(view.number).toMatch(/^SQ433124-\d{8}$/);
    expect(view.lines[0]).toMatchObject({ state: "claimed", claims: [{ state: "submitted", own: false }] });
    const claim = await desk.act(getClaim, { claimId: view.lines[0]!.claims[0]!.claimId }, "clerk");
    expect(claim).toMatchObject({ way: "applied", agent: "本人网上申请", items: 1, payeeName: person.name });
    const made = await owner.query("SELECT 1 FROM subsidies.claim WHERE payee_person_id = $1", [person.personId]);
    expect(made.rowCount).toBe(1);
    await expect(desk.act(beginMine, { rules: [RULE] }, me)).rejects.toThrow("已经在办");
    await expect(desk.act(stateMine, { applicationId, statements: {} }, me)).rejects.toThrow("不能再改");
    expect((await desk.act(myApplications, {}, me)).rows[0]!.lines[0]!.state).toBe("claimed");
  });

  it("adds what the office has sent it back for, takes nothing away, and nobody else adds anything", async () => {
    const { lines } = await desk.act(getMine, { applicationId }, me);
    const add = (as: string) => desk.act(attachMine, { applicationId, material: TICKET }, as, photo());
    await expect(add(me)).rejects.toThrow("不能再改");
    await desk.act(returnClaims, { claimIds: [lines[0]!.claims[0]!.claimId], note: "车票不清楚，请重拍" }, "clerk");
    const { maySupply, files: before } = await desk.act(getMine, { applicationId }, me);
    expect(maySupply).toBe(true);
    await add(me);
    await expect(add(signIn(await newcomer(HUAYUAN)))).rejects.toThrow("没有找到这件申请");
    await expect(desk.act(removeMine, { applicationId, fileId: before[0]!.fileId }, me)).rejects.toThrow("不能再改");
    expect((await desk.act(getApplication, { applicationId }, "clerk")).files).toHaveLength(before.length + 1);
  });
});

describe("a fact that only the applicant states", () => {
  it("goes to examination as his declaration, fills what no register holds, and never stands before one that does", async () => {
    const person = await newcomer(HUAYUAN);
    await makePoor(person);
    const rowId = await registerStay(person, { started_on: "2025-03-01", meets_cited: true });
    const me = signIn(person);
    const { applicationId } = await desk.act(beginMine, { rules: [RULE] }, me);
    const draft = await desk.act(getMine, { applicationId }, me);
    expect(draft.questions.map(({ fact }) => fact)).toEqual(["务工.去向"]);
    expect(draft.lines[0]!.offer).toMatchObject({ kind: "facts", why: ["还要填写：务工去向"] });
    await expect(desk.act(stateMine, { applicationId, statements: { "务工.去向": "月球" } }, me)).rejects.toThrow(
      "从所列选项中选",
    );
    await desk.act(stateMine, { applicationId, statements: { "务工.去向": "省外" } }, me);
    expect((await desk.act(getMine, { applicationId }, me)).lines[0]!.offer).toMatchObject({ kind: "ready" });
    await desk.act(attachMine, { applicationId, material: TICKET }, me, photo());
    await desk.act(submitMine, { applicationId, declared: true }, me);
    await desk.drain();
    const claimId = (await lineOf(applicationId)).claims[0]!.claimId;
    const claimIds = [claimId];
    const view = await desk.act(getClaim, { claimId }, "clerk");
    expect(view.events[0]!.note).toContain("含申请人承诺的情况：务工去向");
    expect((await desk.act(applicationOfClaim, { claimId }, "clerk")).application).toMatchObject({
      applicationId,
      stated: 1,
      unchecked: 1,
    });
    await desk.act(acceptClaims, { claimIds }, "clerk");
    expect(await desk.act(checkClaims, { claimIds }, "clerk")).toMatchObject({
      done: 0,
      left: [{ why: expect.stringContaining("1 项情况还没有核实") }],
    });
    await desk.act(checkStatement, { applicationId, fact: "务工.去向", accepted: true }, "clerk");
    expect(await desk.act(checkClaims, { claimIds }, "clerk")).toMatchObject({ done: 1 });
    const { rows } = await owner.query<{ to: string }>(
      "SELECT facts->>'destination' AS to FROM subsidies.claim_item WHERE claim_id = $1",
      [claimId],
    );
    expect(rows[0]!.to).toBe("省外");
    // The register says otherwise now: it counts, and the statement does not.
    await owner.query(`UPDATE policy.fact_row SET facts = facts || '{"destination": "县内"}' WHERE fact_row_id = $1`, [
      rowId,
    ]);
    expect(await desk.act(approveClaims, { claimIds }, "reviewer")).toMatchObject({
      done: 0,
      left: [{ why: expect.stringContaining("不符合") }],
    });
  });
});

describe("an application that no register knows of", () => {
  it("is a report to the office: no row is invented, and a claim is made once the fact is registered", async () => {
    const person = await newcomer(HUAYUAN);
    await makePoor(person);
    const agent = "柜台本人在场，已核身份证";
    const offers = await desk.act(offersForPerson, { personId: person.personId }, "clerk");
    expect(offers).toMatchObject({ name: person.name });
    expect(offers.measures.find(({ rule }) => rule === RULE)).toMatchObject({ kind: "report" });
    const begun = { personId: person.personId, agent };
    await expect(desk.act(beginForPerson, { ...begun, rules: [RULE], way: "authorised" }, "clerk")).rejects.toThrow(
      "没有您对本人的有效代办授权",
    );
    const { applicationId } = await desk.act(
      beginForPerson,
      { ...begun, bundle: "work-away", way: "counter" },
      "clerk",
    );
    const draft = await desk.act(getApplication, { applicationId }, "clerk");
    expect(draft.title).toBe("外出务工");
    // Asked once, although several measures of the bundle want it; and nothing that the registry of persons holds.
    const asked = draft.questions.map(({ label }) => label);
    expect(new Set(asked).size).toBe(asked.length);
    expect(draft.questions.every(({ fact }) => fact !== "劳动者.脱贫人口")).toBe(true);
    expect((await desk.act(countApplications, {}, "clerk")).drafts).toBe(1);
    await desk.act(
      stateFacts,
      { applicationId, statements: { "务工.去向": "省外", "务工.开始日期": "2025-02-20" } },
      "clerk",
    );
    await expect(desk.act(submitApplication, { applicationId, declared: true }, "clerk")).rejects.toThrow("还缺材料");
    for (const { name, certifiedBy, optional } of draft.materials)
      if (certifiedBy === null && !optional) {
        await desk.act(attachFile, { applicationId, material: name }, "clerk", photo());
      }
    await desk.act(submitApplication, { applicationId, declared: true }, "clerk");
    await desk.drain();
    const waiting = await desk.act(listApplications, { view: "waiting" }, "clerk");
    expect(waiting.rows.find((row) => row.applicationId === applicationId)!.dueOn).not.toBeNull();
    const invented = await owner.query("SELECT 1 FROM policy.fact_row WHERE person_id = $1", [person.personId]);
    expect(invented.rowCount).toBe(0);
    await registerStay(person, STAY);
    expect(await desk.act(lookAgain, { applicationId }, "clerk")).toMatchObject({ claimed: 1 });
    const view = await desk.act(getApplication, { applicationId }, "clerk");
    const claimed = view.lines.filter(({ state }) => state === "claimed");
    expect(claimed.map(({ rule }) => rule)).toEqual([RULE]);
    expect(claimed[0]!.claims[0]).toMatchObject({ state: "submitted", own: true });
    expect((await desk.act(getClaim, { claimId: claimed[0]!.claims[0]!.claimId }, "clerk")).agent).toContain(agent);
  });
});

describe("an application for another county", () => {
  it("is forwarded, sent back with a reason, forwarded again and acknowledged; the taker sees its state and not the case", async () => {
    const person = await newcomer(HUAYUAN);
    await makePoor(person);
    await registerStay(person, STAY);
    const given = {
      name: person.name,
      identity: person.identity,
      paysRegion: HUAYUAN,
      rules: [RULE],
      way: "counter" as const,
      agent: "柜台本人在场",
    };
    await expect(desk.act(beginElsewhere, given, "clerk")).rejects.toThrow("就在您的管辖范围内");
    await expect(desk.act(beginElsewhere, { ...given, paysRegion: "110101" }, "clerk-far")).rejects.toThrow(
      "没有接入本系统",
    );
    const wrong = `${person.identity.slice(0, 17)}${person.identity.endsWith("1") ? "2" : "1"}`;
    await expect(desk.act(beginElsewhere, { ...given, identity: wrong }, "clerk-far")).rejects.toThrow("校验位不对");
    const { applicationId } = await desk.act(beginElsewhere, given, "clerk-far");
    const draft = await desk.act(getApplication, { applicationId }, "clerk-far");
    expect(draft).toMatchObject({ personId: null, known: [], mayWrite: true, mayDecide: false });
    expect(JSON.stringify(draft)).not.toContain(person.identity);
    await expect(desk.act(getApplication, { applicationId }, "clerk")).rejects.toThrow("没有找到");
    await desk.act(attachFile, { applicationId, material: TICKET }, "clerk-far", photo());
    await desk.act(submitApplication, { applicationId, declared: true }, "clerk-far");
    expect((await desk.act(countApplications, {}, "clerk")).received).toBe(1);
    await expect(desk.act(receiveApplication, { applicationId }, "clerk-far")).rejects.toThrow("这里只能看进度");
    await desk.act(returnApplication, { applicationId, reason: "车票看不清，请重新拍照" }, "clerk");
    const back = await desk.act(getApplication, { applicationId }, "clerk-far");
    expect(back).toMatchObject({
      state: "returned",
      answer: "车票看不清，请重新拍照",
      mayWrite: true,
      mayWithdraw: true,
    });
    await desk.act(submitApplication, { applicationId, declared: true }, "clerk-far");
    await desk.act(receiveApplication, { applicationId }, "clerk");
    await desk.drain();
    const line = await lineOf(applicationId, "clerk-far");
    expect(line).toMatchObject({ state: "claimed", claims: [{ state: "submitted", own: false }] });
    await expect(desk.act(getClaim, { claimId: line.claims[0]!.claimId }, "clerk-far")).rejects.toThrow("没有找到");
    expect((await lineOf(applicationId)).claims[0]!.own).toBe(true);
  });

  it("is not acknowledged for somebody whom the county does not know by name and number", async () => {
    const stranger = await newcomer(FENGHUANG);
    const { applicationId } = await desk.act(
      beginElsewhere,
      {
        name: stranger.name,
        identity: stranger.identity,
        paysRegion: HUAYUAN,
        rules: [RULE],
        way: "visit",
        agent: "上门办",
      },
      "clerk-far",
    );
    await desk.act(attachFile, { applicationId, material: TICKET }, "clerk-far", photo());
    await desk.act(submitApplication, { applicationId, declared: true }, "clerk-far");
    await expect(desk.act(receiveApplication, { applicationId }, "clerk")).rejects.toThrow(
      "没有姓名和证件号码都一致的人",
    );
    expect(
      await runtime.database.worker.transaction().execute((tx) => lockApplication(tx, applicationId)),
    ).toMatchObject({ state: "forwarded" });
  });
});

describe("an enterprise that applies from its account", () => {
  /** Each with two workers who were trained on the job, and an account of its own. */
  const enterprises: { employerId: string; login: string; name: string }[] = [];
  const rule = "work-based-training";
  let me: string;
  let other: string;

  const signInFor = (employer: { employer_id: string; name: string; region: string }): string => {
    const login = `my:firm-${employer.employer_id}`;
    selves.set(login, {
      name: `办事员${employer.employer_id}`,
      organisation: employer.name,
      self: {
        accountId: String(++accounts),
        personId: null,
        employerId: employer.employer_id,
        homeRegion: employer.region,
      },
    });
    return login;
  };
  /** A draft with everything that is asked for. */
  const drafted = async (login: string): Promise<string> => {
    const { applicationId } = await desk.act(beginMine, { rules: [rule] }, login);
    const { materials } = await desk.act(getMine, { applicationId }, login);
    for (const { name, certifiedBy, optional } of materials)
      if (certifiedBy === null && !optional)
        await desk.act(attachMine, { applicationId, material: name }, login, photo());
    return applicationId;
  };
  const claimOf = async (applicationId: string, login: string) =>
    (await desk.act(getMine, { applicationId }, login)).lines[0]!.claims[0]!;

  beforeAll(async () => {
    for (const name of ["丰禾测试农产品有限公司", "锦绣测试服饰有限公司"]) {
      const employerId = await addEmployer(owner, name, { region: HUAYUAN, kind: "enterprise" });
      for (const month of ["2021-09-01", "2021-10-01"]) {
        const worker = await newcomer(HUAYUAN);
        // Of the two measures for such months one asks for what another document says, and does not pay these.
        await makePoor(worker);
        await addEmployment(owner, worker, { employerName: name, startDate: "2021-08-02", workRegion: HUAYUAN });
        await owner.query(
          "INSERT INTO subsidies.work_training (person_id, employer_id, month_from, trained, reviewed, meets_cited, region, recorded_on) VALUES ($1, $2, $3, true, true, false, $4, '2021-12-01')",
          [worker.personId, employerId, month, HUAYUAN],
        );
      }
      enterprises.push({ employerId, name, login: signInFor({ employer_id: employerId, name, region: HUAYUAN }) });
    }
    [me, other] = enterprises.map(({ login }) => login) as [string, string];
  });

  it("drafts in its own name; another enterprise, its officer and a person know nothing of it", async () => {
    const offer = (await desk.act(myOffers, {}, me)).measures.find((one) => one.rule === rule);
    expect(offer).toMatchObject({ kind: "ready", amountFen: 100_000 });
    const applicationId = await drafted(me);
    const view = await desk.act(getMine, { applicationId }, me);
    expect(view).toMatchObject({ applicantName: enterprises[0]!.name, personId: null, mayWrite: true });
    const { fileId } = view.files[0]!;
    const person = signIn(await newcomer(HUAYUAN));
    for (const who of [other, person]) {
      for (const act of [
        () => desk.act(getMine, { applicationId }, who),
        () => desk.act(submitMine, { applicationId, declared: true }, who),
        () => desk.act(dropMine, { applicationId }, who),
        () => desk.run(takeMine, { applicationId, fileId }, who),
      ])
        await expect(act()).rejects.toThrow("没有找到这件申请");
      expect((await desk.act(myApplications, {}, who)).total).toBe(0);
    }
    await expect(desk.act(getApplication, { applicationId }, "clerk")).rejects.toThrow("没有找到");
    await desk.act(dropMine, { applicationId }, me);
    await desk.drain();
    expect((await desk.act(myApplications, {}, me)).total).toBe(0);
    expect(
      (await owner.query("SELECT 1 FROM subsidies.application_file WHERE application_id = $1", [applicationId]))
        .rowCount,
    ).toBe(0);
  });

  it("hands in once; its claims name it, are sent back for a supplement, supplied, refused with a reason, and asked for anew", async () => {
    const applicationId = await drafted(me);
    const both = await Promise.allSettled(
      [1, 2].map(() => desk.act(submitMine, { applicationId, declared: true }, me)),
    );
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await desk.drain();
    const { claimId } = await claimOf(applicationId, me);
    const claim = await desk.act(getClaim, { claimId }, "clerk");
    expect(claim).toMatchObject({
      way: "applied",
      agent: "单位网上申请",
      payeeName: enterprises[0]!.name,
      payeePersonId: null,
    });
    expect(claim).toMatchObject({ items: 2, persons: 2, amountFen: 100_000 });
    expect(
      (
        await owner.query("SELECT 1 FROM subsidies.claim WHERE claim_id = $1 AND payee_employer_id = $2", [
          claimId,
          enterprises[0]!.employerId,
        ])
      ).rowCount,
    ).toBe(1);
    await expect(desk.act(beginMine, { rules: [rule] }, me)).rejects.toThrow("已经在办");
    const claimIds = [claimId];
    await office.act(returnClaims, { claimIds, note: "请补充盖章的花名册" }, "clerk");
    expect(await claimOf(applicationId, me)).toMatchObject({ state: "correction" });
    expect((await desk.act(myBenefits, {}, me)).rows.find((row) => row.claimId === claimId)).toMatchObject({
      state: "correction",
    });
    await office.act(supplyClaims, { claimIds, note: "已补花名册" }, "clerk");
    await office.act(checkClaims, { claimIds }, "clerk");
    await office.act(refuseClaims, { claimIds, note: "花名册与社保不符" }, "reviewer");
    expect(await claimOf(applicationId, me)).toMatchObject({ state: "refused" });
    // What was refused may be asked for again, as another claim.
    const again = await drafted(me);
    await desk.act(submitMine, { applicationId: again, declared: true }, me);
    await desk.drain();
    const second = await claimOf(again, me);
    expect(second.claimId).not.toBe(claimId);
    await office.act(withdrawClaims, { claimIds: [second.claimId], note: "单位自己撤回" }, "clerk");
    expect(await claimOf(again, me)).toMatchObject({ state: "withdrawn" });
    expect((await desk.act(myApplications, {}, me)).total).toBe(2);
    expect((await desk.act(myApplications, {}, other)).total).toBe(0);
  });

  it("goes through to a decision with the facts that registers hold, and nothing is claimed twice by screening", async () => {
    const applicationId = await drafted(other);
    await desk.act(submitMine, { applicationId, declared: true }, other);
    await desk.drain();
    const { claimId } = await claimOf(applicationId, other);
    const { fund, amountFen } = await desk.act(getClaim, { claimId }, "clerk");
    await office.fund(fund, amountFen + 900_000_000);
    const claimIds = [claimId];
    await office.act(acceptClaims, { claimIds }, "clerk");
    expect(await office.act(checkClaims, { claimIds }, "clerk")).toMatchObject({ done: 1, left: [] });
    expect(await office.act(approveClaims, { claimIds }, "reviewer")).toMatchObject({ done: 1, left: [] });
    const [{ n }] = (
      await owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM (SELECT rule_path, row_key FROM subsidies.claim_item WHERE live AND difference_id IS NULL GROUP BY 1, 2 HAVING count(*) > 1) twice`,
      )
    ).rows as [{ n: number }];
    expect(n).toBe(0);
  });
});

describe("what screening had proposed", () => {
  it("is confirmed by applying for it: the same claim, and no second one", async () => {
    await desk.act(screenNow, {}, "policy");
    await desk.drain();
    await desk.act(gatherClaims, {}, "clerk");
    await desk.drain();
    const { rows } = await desk.act(listClaims, { state: "proposed", rule: RULE, size: 200 }, "clerk");
    const [claim] = rows.filter(({ payeePersonId }) => payeePersonId !== null);
    const { rows: people } = await owner.query<{ home_region: string; name: string }>(
      "SELECT home_region, name FROM registry.person WHERE person_id = $1",
      [claim!.payeePersonId],
    );
    const me = signIn({ personId: claim!.payeePersonId!, name: people[0]!.name, homeRegion: people[0]!.home_region });
    expect((await desk.act(myOffers, {}, me)).measures.find(({ rule }) => rule === RULE)).toMatchObject({
      kind: "found",
    });
    const { applicationId } = await desk.act(beginMine, { rules: [RULE] }, me);
    await desk.act(submitMine, { applicationId, declared: true }, me);
    await desk.drain();
    expect(await desk.act(getClaim, { claimId: claim!.claimId }, "clerk")).toMatchObject({
      state: "submitted",
      way: "proactive",
      agent: "本人网上申请",
    });
    expect((await lineOf(applicationId)).claims.map(({ claimId }) => claimId)).toContain(claim!.claimId);
  });
});

describe("a prepayment", () => {
  const given = {
    document: "花垣县人社局〔2025〕8号 定额预付办法",
    plan: "全年外出务工交通补助，先付后核",
    settleBy: "2025-12-31",
  } as const;
  const totals = async (claimId: string) =>
    (
      await owner.query<{ reserved: string; spent: string; moved: string }>(
        `SELECT l.reserved_fen AS reserved, l.spent_fen AS spent, (SELECT sum(CASE kind WHEN 'reserve' THEN amount_fen WHEN 'spend' THEN 0 ELSE 0 END) FROM subsidies.fund_movement WHERE claim_id = c.claim_id) AS moved
         FROM subsidies.claim c JOIN subsidies.fund_line l USING (fund_line_id) WHERE c.claim_id = $1`,
        [claimId],
      )
    ).rows[0]!;

  it("is a claim like others, is paid once, settled against what screening found, and its difference is paid or owed to the fen", async () => {
    const { rules } = await desk.act(prepayable, {}, "clerk");
    const { rule, funds } = rules.find((one) => one.rule === RULE)!;
    const person = await newcomer(HUAYUAN);
    await makePoor(person);
    await giveAccounts(runtime);
    const { rows: payees } = await desk.act(findPrepayees, { rule, search: person.name }, "clerk");
    expect(payees).toContainEqual({ payeeId: person.personId, name: person.name });
    const fund = funds[0] ?? "";
    const asked = { ...given, rule, fund, payeeId: person.personId, amountFen: 10_001 };
    await expect(desk.act(prepay, { ...asked, settleBy: ASOF }, "clerk")).rejects.toThrow("两年以内");
    const { prepaymentId, claimId } = await desk.act(prepay, asked, "clerk");
    await expect(desk.act(prepay, asked, "clerk")).rejects.toThrow("还有没结算的预付");
    await office.fund(fund, 5_000_000);
    await desk.act(acceptClaims, { claimIds: [claimId] }, "clerk");
    expect(await desk.act(checkClaims, { claimIds: [claimId] }, "clerk")).toMatchObject({ done: 1, amountFen: 10_001 });
    expect(await desk.act(approveClaims, { claimIds: [claimId] }, "reviewer")).toMatchObject({ done: 1 });
    expect(await totals(claimId)).toMatchObject({ moved: "10001" });
    await expect(desk.act(settlePrepayment, { prepaymentId, actualFen: 0 }, "clerk")).rejects.toThrow("钱还没有付出去");
    await owner.query("UPDATE subsidies.claim SET state = 'paid', paid_on = decided_on WHERE claim_id = $1", [claimId]);
    await registerStay(person, STAY);
    await desk.act(screenNow, {}, "policy");
    await desk.drain();
    await desk.act(gatherClaims, {}, "clerk");
    await desk.drain();
    // What the prepayment is settled against is no claim of its own meanwhile.
    const own = await owner.query("SELECT 1 FROM subsidies.claim WHERE payee_person_id = $1", [person.personId]);
    expect(own.rowCount).toBe(1);
    const shown = await desk.act(previewSettlement, { prepaymentId }, "clerk");
    expect(shown.items).toBe(1);
    expect(shown.balanceFen - shown.owedFen).toBe(shown.actualFen - 10_001);
    await expect(desk.act(settlePrepayment, { prepaymentId, actualFen: shown.actualFen + 1 }, "clerk")).rejects.toThrow(
      "刚有变化",
    );
    await desk.act(settlePrepayment, { prepaymentId, actualFen: shown.actualFen }, "clerk");
    await expect(desk.act(settlePrepayment, { prepaymentId, actualFen: shown.actualFen }, "clerk")).rejects.toThrow(
      "刚有人办理过",
    );
    const [row] = (await desk.act(listPrepayments, { size: 200 }, "clerk")).rows.filter(
      (one) => one.prepaymentId === prepaymentId,
    );
    expect(row).toMatchObject({
      actualFen: shown.actualFen,
      owedFen: shown.owedFen,
      balance: { amountFen: shown.balanceFen },
    });
    const view = await desk.act(getClaim, { claimId }, "clerk");
    expect(view).toMatchObject({ amountFen: 10_001, items: 1 });
    expect(view.events.at(-1)).toMatchObject({ act: "settle" });
    expect(await desk.act(prepay, asked, "clerk")).toHaveProperty("prepaymentId");
  });

  it("that comes to nothing is void, and leaves room for another", async () => {
    const [open] = (await desk.act(listPrepayments, { state: "open" }, "clerk")).rows;
    await office.act(withdrawClaims, { claimIds: [open!.claimId], note: "计划取消" }, "clerk");
    expect(
      (await desk.act(listPrepayments, { state: "void" }, "clerk")).rows.map(({ prepaymentId }) => prepaymentId),
    ).toContain(open!.prepaymentId);
  });
});
