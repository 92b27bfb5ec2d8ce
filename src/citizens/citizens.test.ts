import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addOfficer, signedIn, type Browser, type TestSite } from "../identity/fixtures.ts";
import { noSight, withSight } from "../platform/db/database.ts";
import { addEmployer, addEmployment, addPerson, type AddedPerson } from "../registry/fixtures.ts";
import { getPerson, unmask } from "#registry";
import {
  acceptCorrection,
  actFor,
  answerInvitation,
  askByLink,
  askCorrection,
  askCorrectionWithEvidence,
  askOnMandate,
  askToRepresent,
  bindByLink,
  bindRealName,
  decideRepresentative,
  downloadEvidence,
  endMember,
  enterWithCode,
  inviteMember,
  issueLink,
  leave,
  listCorrections,
  listRepresentatives,
  myCorrections,
  myData,
  myEnterprise,
  myMandates,
  myOpenings,
  personAccount,
  readLink,
  recordMandate,
  refuseCorrection,
  requestCode,
  revokeLink,
  revokeMandate,
  withdrawCorrection,
} from "./contract.ts";
import { citizensSite, forgetAttempts, multipart, Phone, picture } from "./fixtures.ts";

const VILLAGE = "433124110226";
let site: TestSite;
let long: AddedPerson;
let shi: AddedPerson;
let clerk: Browser;
let village: Browser;
let far: Browser;
beforeAll(async () => {
  site = await citizensSite();
  const add = (name: string, phone: string) =>
    addPerson(site.owner, site.runtime, { name, phone, homeRegion: VILLAGE, bankAccount: "6222020000000000019" });
  long = await add("龙建平", "13807430001");
  shi = await add("石桂英", "13807430002");
  await addEmployment(site.owner, long);
  const officer = async (duty: "county-clerk" | "village-worker", region: string) =>
    signedIn(site.server, (await addOfficer(site.owner, { duties: [duty], region })).login);
  clerk = await officer("county-clerk", "433124");
  village = await officer("village-worker", VILLAGE);
  far = await officer("county-clerk", "622927");
});
beforeEach(() => forgetAttempts(site.owner));
afterAll(() => site.close());

let numbers = 0;
const strangePhone = () => `1397000${String(++numbers).padStart(4, "0")}`;

/** Signed in and bound: an account is made anew for each test. */
async function citizen(person: AddedPerson): Promise<Phone> {
  await site.owner.query(
    "UPDATE citizens.account SET person_id = NULL, name = NULL, bound_at = NULL WHERE person_id = $1",
    [person.personId],
  );
  const phone = new Phone(site);
  await phone.enter(person.phone!);
  expect(await phone.ask(bindRealName, { name: person.name, identity: person.identity })).toMatchObject({
    status: 200,
  });
  await phone.openPage();
  await forgetAttempts(site.owner);
  return phone;
}

async function upload(browser: Browser, url: string, fields: Record<string, string>, file = picture) {
  const form = multipart(fields, file);
  const response = await site.server.inject({
    method: "POST",
    url,
    headers: { ...form.headers, cookie: `wengang_session=${browser.cookie}`, "x-csrf-token": browser.csrf! },
    payload: form.payload,
  });
  return { status: response.statusCode, body: response.json<Record<string, string>>() };
}

describe("the code by text message", () => {
  test("is good once, for five minutes, for its number and for five guesses", async () => {
    const phone = new Phone(site);
    const number = strangePhone();
    await phone.ask(requestCode, { phone: number });
    const code = await phone.codeFor(number);
    const wrong = code === "000000" ? "000001" : "000000";
    expect(await phone.ask(enterWithCode, { phone: strangePhone(), code })).toMatchObject({
      problem: "citizens.code-wrong",
    });
    expect(await phone.ask(enterWithCode, { phone: number, code: wrong })).toMatchObject({
      problem: "citizens.code-wrong",
    });
    expect(await phone.ask(enterWithCode, { phone: number, code })).toMatchObject({ status: 200 });
    await phone.openPage();
    expect(await phone.ask(enterWithCode, { phone: number, code })).toMatchObject({ problem: "citizens.code-wrong" });

    const guessed = strangePhone();
    await phone.ask(requestCode, { phone: guessed });
    const right = await phone.codeFor(guessed);
    const guesses = Array.from({ length: 5 }, (_, n) => String((Number(right) + n + 1) % 1_000_000).padStart(6, "0"));
    for (const guess of guesses) await phone.ask(enterWithCode, { phone: guessed, code: guess });
    expect(await phone.ask(enterWithCode, { phone: guessed, code: right })).toMatchObject({
      problem: "citizens.code-wrong",
    });

    const late = strangePhone();
    await phone.ask(requestCode, { phone: late });
    await site.owner.query("UPDATE citizens.sms_code SET sent_at = now() - interval '6 minutes'");
    expect(await phone.ask(enterWithCode, { phone: late, code: await phone.codeFor(late) })).toMatchObject({
      problem: "citizens.code-wrong",
    });
  });

  test("is sent once a minute to a number, and an address is kept waiting; the answer is the same for a number with an account", async () => {
    const phone = new Phone(site);
    const number = strangePhone();
    const first = await phone.ask(requestCode, { phone: number });
    expect(await phone.ask(requestCode, { phone: number })).toMatchObject({ status: 429 });
    const known = await new Phone(site).ask(requestCode, { phone: long.phone! });
    expect(known).toEqual(first);
    let asked = await phone.ask(requestCode, { phone: strangePhone() });
    for (let n = 0; n < 25 && asked.status === 200; n += 1)
      asked = await phone.ask(requestCode, { phone: strangePhone() });
    expect(asked.status).toBe(429);
    expect(await new Phone(site).ask(requestCode, { phone: strangePhone() })).toMatchObject({ status: 200 });
  });

  test("stands nowhere in clear: neither it nor the number", async () => {
    const phone = new Phone(site);
    const number = strangePhone();
    await phone.ask(requestCode, { phone: number });
    const code = await phone.codeFor(number);
    for (const table of [
      "citizens.sms_code",
      "citizens.message",
      "citizens.account",
      "audit.entry",
      "identity.attempt",
    ]) {
      const { rows } = await site.owner.query(`SELECT 1 FROM ${table} t WHERE t::text LIKE $1 OR t::text LIKE $2`, [
        `%${number}%`,
        `%"${code}"%`,
      ]);
      expect(rows, table).toEqual([]);
    }
  });

  test("twelve guesses at once are not twelve chances", async () => {
    const phone = new Phone(site);
    const number = strangePhone();
    await phone.ask(requestCode, { phone: number });
    const right = await phone.codeFor(number);
    const wrong = Array.from({ length: 12 }, (_, n) => String((Number(right) + n + 1) % 1_000_000).padStart(6, "0"));
    await Promise.all(wrong.map((code) => phone.ask(enterWithCode, { phone: number, code })));
    expect(await phone.ask(enterWithCode, { phone: number, code: right })).toMatchObject({
      problem: "citizens.code-wrong",
    });
  });
});

describe("the real name", () => {
  test("is bound when number, name and telephone agree; whatever does not, the answer is the same", async () => {
    const stranger = new Phone(site);
    await stranger.enter(strangePhone());
    const tries = [
      { name: long.name, identity: long.identity },
      { name: "不是他", identity: long.identity },
      { name: long.name, identity: "110101199001010010" },
      { name: "谁也不是", identity: "110101199001010029" },
    ];
    const answers = [];
    for (const input of tries) answers.push(await stranger.ask(bindRealName, input));
    expect(new Set(answers.map((one) => JSON.stringify([one.status, one.problem, one.message])))).toHaveProperty(
      "size",
      1,
    );
    expect(answers[0]).toMatchObject({ status: 422, problem: "citizens.not-verified" });
    expect(await stranger.ask(bindRealName, tries[0]!)).toMatchObject({ problem: "citizens.not-verified" });
    expect(await stranger.ask(bindRealName, tries[0]!)).toMatchObject({ status: 429 });
  });

  test("gives the session a new token, and cannot be bound twice", async () => {
    const phone = new Phone(site);
    await phone.enter(long.phone!);
    const before = phone.cookie;
    await phone.ask(bindRealName, { name: long.name, identity: long.identity });
    expect(phone.cookie).not.toBe(before);
    expect((await phone.openPage()).account?.name).toBe("龙建平");
    expect(await phone.ask(bindRealName, { name: shi.name, identity: shi.identity })).toMatchObject({
      problem: "citizens.bound-already",
    });
  });

  test("before it there is nothing to see", async () => {
    const phone = new Phone(site);
    await phone.enter(strangePhone());
    for (const route of [myData, myMandates] as const)
      expect(await phone.ask(route, {})).toMatchObject({ problem: "citizens.needs-real-name" });
  });
});

describe("my data", () => {
  test("shows what is held and from where, numbers masked, and leaves no more than two sessions", async () => {
    const phone = await citizen(long);
    const { body } = await phone.ask(myData, {});
    expect(body.fields.find(({ field }) => field === "phone")).toMatchObject({
      value: "138****0001",
      source: "务工情况台账",
    });
    expect(body.employments[0]?.title).toContain("锦达电子");
    expect(JSON.stringify(body)).not.toContain(long.identity);
    expect(JSON.stringify(body)).not.toContain(long.phone);
    const sessions = await site.owner.query(
      "SELECT count(*)::int AS n FROM citizens.session s JOIN citizens.account a USING (account_id) WHERE a.person_id = $1",
      [long.personId],
    );
    expect(sessions.rows[0].n).toBeLessThanOrEqual(2);
    await phone.ask(leave, {});
    expect(await phone.ask(myData, {})).toMatchObject({ status: 401 });
  });

  test("tells who opened it: office, duty, when and what for, without the officer's name", async () => {
    const phone = await citizen(long);
    await clerk.ask(getPerson, { personId: long.personId });
    await clerk.ask(unmask, { personId: long.personId, field: "phone", purpose: "电话回访务工情况" });
    const { body } = await phone.ask(myOpenings, {});
    expect(body.rows[0]).toMatchObject({
      act: unmask.summary,
      purpose: "电话回访务工情况",
      duties: ["台账与补贴经办"],
    });
    expect(body.rows[1]).toMatchObject({ act: "查看一人一档" });
    expect(JSON.stringify(body)).not.toMatch(/测试人员|10\.1\.0\.1/);
    const other = await citizen(shi);
    expect((await other.ask(myOpenings, {})).body.rows).toEqual([]);
  });
});

describe("a request for correction", () => {
  test("goes to the queue, is accepted through the register with source and history, and the citizen reads the answer", async () => {
    const phone = await citizen(long);
    const wish = { field: "phone" as const, proposed: "13907430009", reason: "换了手机号" };
    const asked = await phone.ask(askCorrectionWithEvidence, wish, { file: picture });
    expect(asked).toMatchObject({ status: 200, body: { dueOn: "2025-07-03" } });
    expect(await phone.ask(askCorrection, wish)).toMatchObject({ problem: "citizens.asked-already" });
    expect(await far.ask(acceptCorrection, { correctionId: asked.body.correctionId, answer: "已核实" })).toMatchObject({
      status: 404,
    });
    const { body } = await clerk.ask(listCorrections, { state: "waiting" });
    expect(body.rows[0]).toMatchObject({
      personName: "龙建平",
      proposed: "139****0009",
      held: "138****0001",
      askedBy: "本人",
      evidence: "户口本.png",
    });
    expect((await clerk.ask(downloadEvidence, { correctionId: asked.body.correctionId })).status).toBe(200);
    const accepted = await clerk.ask(acceptCorrection, {
      correctionId: asked.body.correctionId,
      answer: "已电话核实，予以更正",
    });
    expect(accepted).toMatchObject({ status: 200, body: { state: "accepted" } });
    const { body: mine } = await phone.ask(myCorrections, {});
    expect(mine.rows[0]).toMatchObject({ state: "accepted", answer: "已电话核实，予以更正" });
    const { rows } = await site.owner.query(
      "SELECT phone_mask, (SELECT reason FROM registry.change c WHERE c.person_id = p.person_id ORDER BY change_id DESC LIMIT 1) AS reason FROM registry.person p WHERE person_id = $1",
      [long.personId],
    );
    const [{ phone_mask: mask, reason }] = rows;
    // Written, or raised as a comparison task where another source is believed more: never silently lost.
    if (accepted.body.raised.length === 0)
      expect({ mask, reason }).toMatchObject({ mask: "139****0009", reason: expect.stringContaining("更正申请") });
    else expect(accepted.body.raised).toEqual(["联系电话"]);
    await site.owner.query(
      "UPDATE registry.person SET phone_hash = $2, phone_mask = '138****0001' WHERE person_id = $1",
      [
        long.personId,
        (await site.owner.query("SELECT phone_hash FROM citizens.account WHERE person_id = $1", [long.personId]))
          .rows[0].phone_hash,
      ],
    );
    expect((await phone.ask(myOpenings, {})).body.rows.map((row) => row.act)).toContain("采纳更正申请");
  });

  test("is refused with a reason, or taken back, and then settled for good", async () => {
    const phone = await citizen(shi);
    const { body } = await phone.ask(askCorrection, { field: "skills", proposed: "缝纫", reason: "参加过培训" });
    expect(
      await clerk.ask(refuseCorrection, { correctionId: body.correctionId, answer: "没有证书，请补充后再申请" }),
    ).toMatchObject({ status: 200 });
    expect(await phone.ask(withdrawCorrection, { correctionId: body.correctionId })).toMatchObject({ status: 409 });
    const second = await phone.ask(askCorrection, { field: "skills", proposed: "缝纫", reason: "参加过培训" });
    expect(await phone.ask(withdrawCorrection, { correctionId: second.body.correctionId })).toMatchObject({
      status: 200,
    });
    expect(
      await clerk.ask(acceptCorrection, { correctionId: second.body.correctionId, answer: "晚了一步" }),
    ).toMatchObject({ status: 409 });
  });

  test("takes only values that the register could hold, and only pictures and PDF as evidence", async () => {
    const phone = await citizen(shi);
    expect(await phone.ask(askCorrection, { field: "phone", proposed: "12345", reason: "换了号" })).toMatchObject({
      status: 422,
    });
    expect(
      await phone.ask(askCorrection, { field: "education", proposed: "nonsense", reason: "填错了" }),
    ).toMatchObject({ status: 422 });
    const page = { name: "证明.html", bytes: Buffer.from("<script>alert(1)</script>") };
    expect(
      await phone.ask(
        askCorrectionWithEvidence,
        { field: "address", proposed: "新地址", reason: "搬家了" },
        { file: page },
      ),
    ).toMatchObject({ problem: "citizens.evidence-unfit" });
  });

  test("of somebody else is not seen, withdrawn or answered by a citizen", async () => {
    const [one, other] = [await citizen(long), await citizen(shi)];
    const { body } = await one.ask(askCorrection, { field: "desired_job", proposed: "电焊", reason: "想换工种" });
    expect(await other.ask(withdrawCorrection, { correctionId: body.correctionId })).toMatchObject({ status: 409 });
    expect((await other.ask(myCorrections, {})).body.rows.map((row) => row.correctionId)).not.toContain(
      body.correctionId,
    );
    expect(
      await other.ask(acceptCorrection as never, { correctionId: body.correctionId, answer: "同意同意" } as never),
    ).toMatchObject({ status: 401 });
    await one.ask(withdrawCorrection, { correctionId: body.correctionId });
  });
});

describe("代办", () => {
  const period = { authorisedOn: "2025-06-10", validFrom: "2025-06-10", validTo: "2025-12-31" };
  const record = (browser: Browser, person: AddedPerson, more: Record<string, string> = {}) =>
    upload(browser, recordMandate.path.replace(":personId", person.personId), {
      authority: "written",
      ...period,
      ...more,
    });

  test("every act names officer and authority; the person sees it, takes it back, and then it ends", async () => {
    const { body } = await record(village, shi, { note: "外出务工，委托村里代办" });
    const mandateId = body["mandateId"]!;
    const asked = await village.ask(askOnMandate, { mandateId, field: "skills", proposed: "家政", reason: "电话委托" });
    expect(asked.status).toBe(200);
    const phone = await citizen(shi);
    expect((await phone.ask(myCorrections, {})).body.rows[0]?.askedBy).toMatch(/代办（书面委托书）/);
    expect((await phone.ask(myMandates, {})).body.rows[0]).toMatchObject({
      authority: "书面委托书",
      acts: 1,
      revokedBy: null,
    });
    expect((await phone.ask(myOpenings, {})).body.rows.map((row) => row.purpose)).toContain("代办更正申请");
    expect(await phone.ask(revokeMandate, { mandateId })).toMatchObject({ status: 200 });
    expect(
      await village.ask(askOnMandate, { mandateId, field: "address", proposed: "某处", reason: "再试" }),
    ).toMatchObject({
      problem: "citizens.mandate-not-in-force",
    });
    expect((await village.ask(personAccount, { personId: shi.personId })).body.mandates[0]).toMatchObject({
      inForce: false,
      revokedBy: "person",
    });
  });

  test("is the officer's own: not a colleague's, not before or after its time, not of another county", async () => {
    const { body } = await record(village, long);
    const mandateId = body["mandateId"]!;
    const wish = { mandateId, field: "address" as const, proposed: "某处", reason: "试一试" };
    expect(await clerk.ask(askOnMandate, wish)).toMatchObject({ problem: "citizens.mandate-not-in-force" });
    expect(await far.ask(askOnMandate, wish)).toMatchObject({ status: 404 });
    await site.owner.query("UPDATE citizens.mandate SET valid_to = '2025-06-17' WHERE mandate_id = $1", [mandateId]);
    expect(await village.ask(askOnMandate, wish)).toMatchObject({ problem: "citizens.mandate-not-in-force" });
    expect((await record(village, long, { validTo: "2027-01-01" })).body).toMatchObject({
      code: "citizens.mandate-dates",
    });
    expect((await record(village, long, { authorisedOn: "2025-06-19" })).body).toMatchObject({
      code: "citizens.mandate-dates",
    });
    expect((await record(far, long)).status).toBe(404);
  });
});

describe("a one-time link", () => {
  const tokenOf = (path: string) => path.split("=")[1]!;

  test("binds the account that opens it to the person whose document was seen; an older account loses him", async () => {
    const old = await citizen(long);
    const { body } = await village.ask(issueLink, {
      personId: long.personId,
      purpose: "bind-account",
      reason: "当面核对身份证",
    });
    const token = tokenOf(body.path);
    const phone = new Phone(site);
    await phone.enter(strangePhone());
    expect((await phone.ask(readLink, { token })).body).toMatchObject({ purpose: "bind-account", person: "龙*平" });
    expect(await phone.ask(bindByLink, { token })).toMatchObject({ status: 200 });
    expect((await phone.openPage()).account?.name).toBe("龙建平");
    expect((await old.openPage()).account).toBeNull();
    const again = new Phone(site);
    await again.enter(strangePhone());
    expect(await again.ask(bindByLink, { token })).toMatchObject({ problem: "citizens.link-gone" });
    const { rows } = await site.owner.query("SELECT 1 FROM citizens.link l WHERE l::text LIKE $1", [`%${token}%`]);
    expect(rows).toEqual([]);
  });

  test("is good for its purpose alone, once, before its end, and not after it was revoked", async () => {
    const issue = async (purpose: "bind-account" | "correction") =>
      tokenOf((await village.ask(issueLink, { personId: shi.personId, purpose, reason: "当面核对身份证" })).body.path);
    const correction = await issue("correction");
    const phone = new Phone(site);
    await phone.enter(strangePhone());
    expect(await phone.ask(bindByLink, { token: correction })).toMatchObject({ problem: "citizens.link-gone" });
    const wish = { field: "address" as const, proposed: "双龙镇某组 3 号", reason: "搬了家" };
    const nobody = new Phone(site);
    expect(await nobody.ask(askByLink, { token: correction, ...wish })).toMatchObject({ status: 200 });
    expect(await nobody.ask(askByLink, { token: correction, ...wish })).toMatchObject({
      problem: "citizens.link-gone",
    });
    expect(await nobody.ask(askByLink, { token: await issue("bind-account"), ...wish })).toMatchObject({
      problem: "citizens.link-gone",
    });
    const late = await issue("correction");
    await site.owner.query(
      "UPDATE citizens.link SET expires_at = now() - interval '1 second', issued_at = now() - interval '1 day' WHERE used_at IS NULL",
    );
    expect(await nobody.ask(readLink, { token: late })).toMatchObject({ problem: "citizens.link-gone" });
    const revoked = await issue("correction");
    const { links } = (await village.ask(personAccount, { personId: shi.personId })).body;
    await village.ask(revokeLink, { linkId: links[0]!.linkId });
    expect(await nobody.ask(readLink, { token: revoked })).toMatchObject({ problem: "citizens.link-gone" });
    expect(await nobody.ask(readLink, { token: "A".repeat(43) })).toMatchObject({ problem: "citizens.link-gone" });
  });
});

describe("an enterprise", () => {
  const CODE = "91433124MA4L0QYC0X";

  async function represented(): Promise<Phone> {
    const employerId =
      (await site.owner.query("SELECT employer_id FROM registry.employer WHERE credit_code = $1", [CODE])).rows[0]
        ?.employer_id ??
      (await addEmployer(site.owner, "花垣测试制衣有限公司", {
        region: "433124",
        credit_code: CODE,
        kind: "enterprise",
      }));
    await site.owner.query("UPDATE citizens.member SET state = 'ended' WHERE employer_id = $1", [employerId]);
    const phone = await citizen(long);
    await phone.ask(askToRepresent, { creditCode: CODE }, { file: picture });
    const { rows } = (await clerk.ask(listRepresentatives, { state: "asked" })).body;
    expect(rows[0]).toMatchObject({ employerName: "花垣测试制衣有限公司", name: "龙建平", evidence: "户口本.png" });
    const decision = { memberId: rows[0]!.memberId, approve: true, answer: "营业执照与法定代表人一致" };
    expect(await far.ask(decideRepresentative, decision)).toMatchObject({ status: 404 });
    expect(await clerk.ask(decideRepresentative, decision)).toMatchObject({ status: 200 });
    expect(await phone.ask(actFor, { employerId })).toMatchObject({ status: 200 });
    await phone.openPage();
    return phone;
  }

  test("a code that nobody has is answered like one that somebody has", async () => {
    await represented();
    const phone = await citizen(shi);
    const known = await phone.ask(askToRepresent, { creditCode: CODE }, { file: picture });
    const unknown = await phone.ask(askToRepresent, { creditCode: "91433124MA4L0QYC99" }, { file: picture });
    expect(unknown).toEqual(known);
  });

  test("its representative sees it and its staff and nothing of himself; staff are invited with roles and no more", async () => {
    const phone = await represented();
    expect((await phone.ask(myEnterprise, {})).body).toMatchObject({
      name: "花垣测试制衣有限公司",
      creditCode: CODE,
      mayInvite: ["manager", "clerk"],
    });
    expect(await phone.ask(myData, {})).toMatchObject({ problem: "citizens.for-himself" });
    const staff = strangePhone();
    expect(await phone.ask(inviteMember, { phone: staff, name: "麻秀英", role: "manager" })).toMatchObject({
      status: 200,
    });
    const manager = new Phone(site);
    await manager.enter(staff);
    const [invitation] = (await manager.openPage()).account!.memberships;
    expect(await manager.ask(actFor, { employerId: invitation!.employerId })).toMatchObject({
      problem: "citizens.not-member",
    });
    const stranger = new Phone(site);
    await stranger.enter(strangePhone());
    expect(await stranger.ask(answerInvitation, { memberId: invitation!.memberId, accept: true })).toMatchObject({
      status: 404,
    });
    expect(await stranger.ask(actFor, { employerId: invitation!.employerId })).toMatchObject({
      problem: "citizens.not-member",
    });
    await manager.ask(answerInvitation, { memberId: invitation!.memberId, accept: true });
    await manager.ask(actFor, { employerId: invitation!.employerId });
    await manager.openPage();
    expect(await manager.ask(inviteMember, { phone: strangePhone(), name: "又一人", role: "manager" })).toMatchObject({
      problem: "citizens.may-not-invite",
    });
    const representative = (await manager.ask(myEnterprise, {})).body.staff.find(
      (one) => one.role === "legal-representative",
    )!;
    expect(await manager.ask(endMember, { memberId: representative.memberId })).toMatchObject({ status: 404 });
    expect(await phone.ask(endMember, { memberId: invitation!.memberId })).toMatchObject({ status: 200 });
    expect(await manager.ask(myEnterprise, {})).toMatchObject({ status: 401 });
  });
});

describe("scope self, each wall alone", () => {
  test("row security: with every condition of the program gone, an account reads its own person's rows and no other's", async () => {
    await citizen(long);
    const { rows: accounts } = await site.owner.query("SELECT account_id FROM citizens.account WHERE person_id = $1", [
      long.personId,
    ]);
    const { rows: tables } = await site.owner.query<{ name: string }>(
      "SELECT a.attrelid::regclass::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attname = 'person_id' AND c.relkind IN ('r', 'p') AND c.relnamespace IN ('registry'::regnamespace, 'citizens'::regnamespace) AND has_column_privilege('wengang_app', c.oid, a.attnum, 'SELECT')",
    );
    expect(tables.length).toBeGreaterThan(8);
    const self = { accountId: accounts[0].account_id, personId: long.personId, employerId: null, homeRegion: VILLAGE };
    await withSight(site.runtime.database.app, { ...noSight, self }, async (tx) => {
      let seen = 0;
      for (const { name } of tables) {
        const { rows } = await sql<{ person_id: string | null }>`SELECT person_id FROM ${sql.table(name)}`.execute(tx);
        expect(
          rows.filter((row) => row.person_id !== long.personId),
          name,
        ).toEqual([]);
        seen += rows.length;
      }
      expect(seen).toBeGreaterThan(2);
      const touched = await sql`UPDATE registry.person SET name = '改名' WHERE person_id = ${long.personId}`.execute(
        tx,
      );
      expect(Number(touched.numAffectedRows)).toBe(0);
      const employers = await sql<{ n: number }>`SELECT count(*)::int AS n FROM registry.employer`.execute(tx);
      expect(employers.rows[0]!.n).toBe(0);
    });
  });

  test("row security: nobody asks in another's name, answers for the office, or makes a settled request wait again", async () => {
    await citizen(long);
    const { rows: accounts } = await site.owner.query("SELECT account_id FROM citizens.account WHERE person_id = $1", [
      long.personId,
    ]);
    const self = {
      accountId: accounts[0].account_id as string,
      personId: long.personId,
      employerId: null,
      homeRegion: VILLAGE,
    };
    const asSelf = <T>(work: Parameters<typeof withSight<T>>[2]) =>
      withSight(site.runtime.database.app, { ...noSight, self }, work);
    const wish = { home_region: VILLAGE, field: "other", proposed: "x", reason: "x", due_on: "2025-07-01" };
    await expect(
      asSelf((tx) =>
        tx
          .insertInto("citizens.correction")
          .values({ ...wish, person_id: shi.personId, account_id: self.accountId })
          .execute(),
      ),
    ).rejects.toThrow("row-level security");
    await asSelf((tx) =>
      tx
        .insertInto("citizens.correction")
        .values({ ...wish, person_id: long.personId, account_id: self.accountId })
        .execute(),
    );
    await expect(
      asSelf((tx) =>
        tx
          .updateTable("citizens.correction")
          .set({ state: "accepted", answer: "同意", decided_by: "1" })
          .where("state", "=", "waiting")
          .execute(),
      ),
    ).rejects.toThrow("row-level security");
    await asSelf((tx) =>
      tx.updateTable("citizens.correction").set({ state: "withdrawn" }).where("state", "=", "waiting").execute(),
    );
  });
});
