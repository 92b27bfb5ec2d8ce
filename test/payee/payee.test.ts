import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CurrentRulebook } from "#policy";
import { modules, sources } from "../../src/app.ts";
import { actFor, bindRealName } from "../../src/citizens/contract.ts";
import { forgetAttempts, Phone } from "../../src/citizens/fixtures.ts";
import { addOfficer, signedIn, testSite, type Browser, type TestSite } from "../../src/identity/fixtures.ts";
import { noSight, withSight } from "../../src/platform/db/database.ts";
import type { TextMessage } from "../../src/platform/messages.ts";
import { addEmployer, addEmployment, addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";
import {
  acceptClaims,
  answerBenefitLink,
  answerMyBenefit,
  approveClaims,
  approveTemplate,
  askProgress,
  askReview,
  decideReview,
  draftTemplate,
  getClaim,
  listLetters,
  listMyUncounted,
  listPushes,
  listReviews,
  listUncounted,
  listVisits,
  myBenefit,
  myBenefits,
  noteVisit,
  previewTemplate,
  pushFigures,
  readBenefitLink as readLink,
  refuseClaims,
  returnClaims,
  setMessageWish,
  setPayeeOffice,
  supplyMyBenefit,
  withdrawMyBenefit,
  withdrawReview,
} from "../../src/subsidies/contract.ts";
import { sendWaiting } from "../../src/subsidies/push/send.ts";
import { writePushes } from "../../src/subsidies/push/write.ts";

const COUNTY = "433124";
const VILLAGE = "433124110226";
const PATH = "policies/measures/transport-allowance/430000.yaml";
const TODAY = "2025-06-18";
const rulebook = new CurrentRulebook(sources);

let site: TestSite;
let long: AddedPerson;
let shi: AddedPerson;
let silent: AddedPerson;
let clerk: Browser;
let reviewer: Browser;
let village: Browser;
let far: Browser;
let versionId: string;

beforeAll(async () => {
  site = await testSite({ modules, demo: true });
  const add = (name: string, phone: string | null) =>
    addPerson(site.owner, site.runtime, { name, phone, homeRegion: VILLAGE, bankAccount: "6222020000000000019" });
  long = await add("龙建平", "13807430001");
  shi = await add("石桂英", "13807430002");
  silent = await add("吴老满", null);
  const officer = async (duty: "county-clerk" | "reviewer" | "village-worker", region: string) =>
    signedIn(site.server, (await addOfficer(site.owner, { duties: [duty], region })).login);
  [clerk, reviewer, village, far] = [
    await officer("county-clerk", COUNTY),
    await officer("reviewer", COUNTY),
    await officer("village-worker", VILLAGE),
    await officer("county-clerk", "622927"),
  ];
  const { rows } = await site.owner.query<{ version_id: string }>(
    "SELECT version_id FROM policy.version WHERE path = $1 ORDER BY version_id DESC LIMIT 1",
    [PATH],
  );
  versionId = rows[0]!.version_id;
  // The rulebooks are read once, which takes the processor for seconds: whoever asks meanwhile is told to come again.
  await rulebook.get(site.runtime.database.worker);
  const { claimId } = await propose({ person: long });
  const wording = { kind: "message", title: "消息", body: "{项目}{金额}{链接}{截止日期}，一共这些。" } as const;
  await calm(() => clerk.ask(previewTemplate, wording));
  await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [claimId]);
  await calm(() => new Phone(site).ask(readLink, { token: "A".repeat(43) }));
}, 120_000);
beforeEach(() => forgetAttempts(site.owner));
afterAll(() => site?.close());

/** A claim that waits for its payee, with an item. */
async function propose(
  payee: { person?: AddedPerson; employerId?: string },
  more: { state?: string; facts?: Record<string, unknown>; worker?: AddedPerson } = {},
): Promise<{ claimId: string; number: string }> {
  const { rows } = await site.owner.query<{ claim_id: string; number: string }>(
    `INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id, payee_person_id, payee_employer_id, payee_name,
       items, persons, amount_fen, state, received_on)
     VALUES ($1, 'proactive', '申请确认', $2, 'transport-allowance', $3, '外出务工一次性交通补助', '财政衔接推进乡村振兴补助资金', '劳动者', $4, $5, $6, $5, $7, 1, 1, 40000, $8, $9)
     RETURNING claim_id, number`,
    [
      COUNTY,
      PATH,
      versionId,
      payee.person ? "person" : "employer",
      payee.employerId ?? null,
      payee.person?.personId ?? null,
      payee.person?.name ?? "测试服饰厂",
      more.state ?? "proposed",
      TODAY,
    ],
  );
  const { claim_id: claimId, number } = rows[0]!;
  await site.owner.query(
    `INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, person_id, benefit_keys, event_date, amount_fen, facts)
     VALUES ($1, $2, $3, $7, $4, '{HN-transport}', $5, 40000, $6)`,
    [claimId, COUNTY, PATH, (more.worker ?? payee.person)?.personId ?? null, TODAY, more.facts ?? {}, `row ${claimId}`],
  );
  return { claimId, number };
}
/** A workshop of Gansu with a claim for one of its people; of the four others none is in it, each for another reason. */
async function addWorkshopClaim(): Promise<{ claimId: string; workers: readonly AddedPerson[] }> {
  const { owner, runtime } = site;
  const county = "622927";
  const employerId = await addEmployer(owner, "测试帮扶车间", { region: county, kind: "workshop" });
  const carrier = await owner.query<{ carrier_id: string }>(
    `INSERT INTO carriers.carrier (code, kind, name, employer_id, county, region, recorded_on) VALUES ('W-1', '帮扶车间', '测试帮扶车间', $1, $2, $2, $3) RETURNING carrier_id`,
    [employerId, county, TODAY],
  );
  const { carrier_id: carrierId } = carrier.rows[0]!;
  await owner.query(
    `INSERT INTO carriers.recognition (carrier_id, level, recognised_on, region, recorded_on) VALUES ($1, '县级', '2023-05-01', $2, $3)`,
    [carrierId, county, TODAY],
  );
  const works = async (
    name: string,
    { startDate = "2024-01-10", endDate = null as string | null, category = "lifted-from-poverty", home = county },
  ) => {
    const homeRegion = `${home}101204`;
    const person = await addPerson(owner, runtime, { name, homeRegion, columns: { residence_region: homeRegion } });
    await owner.query(
      `INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source) SELECT person_id, $2, '2018-12-31', home_region, recorded_on, source FROM registry.person WHERE person_id = $1`,
      [person.personId, category],
    );
    const employmentId = await addEmployment(owner, person, {
      employerName: "测试帮扶车间",
      workRegion: county,
      startDate,
      endDate,
    });
    return { ...person, employmentId };
  };
  const paid = await works("马得财", {});
  const workers = [
    await works("马新来", { startDate: "2025-03-01" }),
    await works("马已走", { endDate: "2025-05-31" }),
    await works("马外姓", { category: "marginal" }),
    await works("马远道", { home: "622926" }),
  ];
  const rule = await owner.query<{ version_id: string; path: string }>(
    "SELECT version_id, path FROM policy.version WHERE rule_id = 'workshop-award' AND state = 'published'",
  );
  const { version_id, path } = rule.rows[0]!;
  const claim = await owner.query<{ claim_id: string }>(
    `INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id, payee_employer_id, payee_name, items, persons, amount_fen, state, received_on)
     VALUES ($1, 'proactive', '申请确认', $2, 'workshop-award', $3, '乡村就业工厂（帮扶车间）吸纳就业奖补', '', '车间', 'carrier', $4, $5, '测试帮扶车间', 1, 1, 300000, 'proposed', $6) RETURNING claim_id`,
    [county, path, version_id, carrierId, employerId, TODAY],
  );
  const { claim_id: claimId } = claim.rows[0]!;
  await owner.query(
    `INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, person_id, workshop_id, employment_id, benefit_keys, event_date, amount_fen, facts)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '{GS-workshop}', '2025-06-30', 300000, '{}')`,
    [claimId, county, path, `${paid.employmentId}|2025-01-01`, paid.personId, carrierId, paid.employmentId],
  );
  const account = await owner.query<{ account_id: string; phone_hash: string }>(
    "SELECT account_id, phone_hash FROM citizens.account WHERE phone_hash = (SELECT phone_hash FROM registry.person WHERE person_id = $1)",
    [long.personId],
  );
  await owner.query(
    `INSERT INTO citizens.member (employer_id, employer_name, region, account_id, phone_hash, phone_mask, name, role, state, decided_by)
     VALUES ($1, '测试帮扶车间', $2, $3, $4, '138****0001', '龙建平', 'legal-representative', 'active', 1)`,
    [employerId, county, account.rows[0]!.account_id, account.rows[0]!.phone_hash],
  );
  return { claimId, workers };
}
const stateOf = async (claimId: string): Promise<string> =>
  (await site.owner.query<{ state: string }>("SELECT state FROM subsidies.claim WHERE claim_id = $1", [claimId]))
    .rows[0]!.state;

async function tell(): Promise<{ written: number; visits: number; sent: number }> {
  const made = await writePushes(site.runtime, { rulebook }, COUNTY);
  return { ...made, sent: (await sendWaiting(site.runtime, COUNTY)).sent };
}
/** What lies in the demonstration's outbox for a claim, newest first. */
async function messageOf(claimId: string): Promise<TextMessage & { token: string }> {
  const { rows } = await site.owner.query<{ content: Buffer }>(
    "SELECT content FROM subsidies.push WHERE claim_id = $1 AND content IS NOT NULL ORDER BY push_id DESC LIMIT 1",
    [claimId],
  );
  const message = JSON.parse(site.runtime.keys.open(rows[0]!.content)) as TextMessage;
  return { ...message, token: /#benefit=([\w-]{43})/.exec(message.text)![1]! };
}
const lastSix = (person: AddedPerson) => person.identity.slice(-6);
const wrongSix = (person: AddedPerson) => (lastSix(person).startsWith("9") ? "111111" : "999999");

/** Asks again while the server says that it is busy: reading the rulebook and printing take the processor for seconds. */
async function calm<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  let answer = await ask();
  for (let attempt = 0; attempt < 40 && answer.status === 503; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    answer = await ask();
  }
  return answer;
}

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

describe("a message", () => {
  test("tells what, how much, why and how, once in so many days, and the list of officers shows neither number nor link", async () => {
    const { claimId } = await propose({ person: long });
    expect(await tell()).toMatchObject({ written: 1, visits: 0, sent: 1 });
    expect(await tell()).toMatchObject({ written: 0, sent: 0 });
    const { phone, text, token } = await messageOf(claimId);
    expect(phone).toBe(long.phone);
    expect(text).toContain("“外出务工一次性交通补助”400.00元");
    expect(text).toContain("《");
    expect(text).toContain("2025年7月3日");
    const { body } = await calm(() => clerk.ask(listPushes, {}));
    const seen = JSON.stringify(body);
    expect(body.rows[0]).toMatchObject({ claimId, state: "sent", phoneMask: "138****0001", round: 1 });
    for (const secret of [token, long.phone!, long.identity]) expect(seen).not.toContain(secret);
    expect((await far.ask(listPushes, {})).body.total).toBe(0);
    // As many days later as the office says, and no more often than it says.
    await site.owner.query("UPDATE subsidies.push SET written_on = written_on - 15 WHERE claim_id = $1", [claimId]);
    expect(await tell()).toMatchObject({ written: 1, sent: 1 });
    expect(
      (await site.owner.query("SELECT round FROM subsidies.push WHERE claim_id = $1 ORDER BY round", [claimId])).rows,
    ).toEqual([{ round: 1 }, { round: 2 }]);
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [claimId]);
  });

  test("goes to nobody who wants none, and who has no telephone is visited", async () => {
    const phone = await citizen(shi);
    expect(await phone.ask(setMessageWish, { wanted: false })).toMatchObject({ status: 200 });
    const quiet = await propose({ person: shi });
    const home = await propose({ person: silent });
    expect(await tell()).toMatchObject({ written: 0, visits: 1, sent: 0 });
    expect((await calm(() => clerk.ask(pushFigures, {}))).body).toMatchObject({ unwanted: 1, stopped: null });
    // The village's officer sees the visit, of his own village, and neither the claim nor the other's.
    const { body } = await village.ask(listVisits, {});
    expect(body.rows.map(({ personName }) => personName)).toEqual(["吴老满"]);
    expect((await far.ask(listVisits, {})).body.total).toBe(0);
    expect((await village.ask(getClaim, { claimId: home.claimId })).status).toBe(403);
    const { pushId } = body.rows[0]!;
    expect((await far.ask(noteVisit, { pushId, answer: "confirm", note: "冒名" })).problem).toBe("subsidies.no-visit");
    expect(await village.ask(noteVisit, { pushId, answer: "confirm", note: "本人当面同意" })).toMatchObject({
      status: 200,
    });
    expect(await stateOf(home.claimId)).toBe("submitted");
    expect((await village.ask(noteVisit, { pushId, answer: "confirm", note: "再来一次" })).problem).toBe(
      "subsidies.no-visit",
    );
    const view = (await clerk.ask(getClaim, { claimId: home.claimId })).body;
    expect(view.events.at(-1)).toMatchObject({ act: "confirm", note: "确认领取（上门）：本人当面同意" });
    await phone.ask(setMessageWish, { wanted: true });
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [quiet.claimId]);
  });

  test("that a worker was sending when it was killed is sent by nobody again, and one that was refused is tried three times", async () => {
    const { claimId } = await propose({ person: long });
    await writePushes(site.runtime, { rulebook }, COUNTY);
    const handed: string[] = [];
    // The carrier has taken it, and the worker ends before it can note that.
    const killed = sendWaiting(site.runtime, COUNTY, () => ({
      send: (message) => {
        handed.push(message.reference!);
        return new Promise<void>(() => {});
      },
    }));
    void killed;
    await expect.poll(() => handed.length).toBe(1);
    expect((await sendWaiting(site.runtime, COUNTY)).sent).toBe(0);
    expect(handed).toHaveLength(1);
    expect((await clerk.ask(listPushes, { state: "sending" })).body.rows).toMatchObject([
      { claimId, state: "sending" },
    ]);

    await site.owner.query("UPDATE subsidies.push SET written_on = written_on - 15 WHERE claim_id = $1", [claimId]);
    await writePushes(site.runtime, { rulebook }, COUNTY);
    const failing = () => ({ send: () => Promise.reject(new Error(`no such number ${long.phone}`)) });
    for (let attempt = 1; attempt <= 4; attempt++) {
      await site.owner.query("UPDATE subsidies.push SET next_at = now() WHERE claim_id = $1", [claimId]);
      await sendWaiting(site.runtime, COUNTY, failing);
    }
    const { rows } = await site.owner.query(
      "SELECT state, attempts, content, problem FROM subsidies.push WHERE claim_id = $1 ORDER BY push_id DESC LIMIT 1",
      [claimId],
    );
    expect(rows[0]).toMatchObject({ state: "failed", attempts: 3, content: null });
    expect(JSON.stringify(rows)).not.toContain(long.phone);
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [claimId]);
  });

  test("is written once, however many workers write at a time", async () => {
    const { claimId } = await propose({ person: long });
    await Promise.all([1, 2, 3].map(() => writePushes(site.runtime, { rulebook }, COUNTY)));
    const { rows } = await site.owner.query("SELECT count(*)::int AS n FROM subsidies.push WHERE claim_id = $1", [
      claimId,
    ]);
    expect(rows).toEqual([{ n: 1 }]);
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [claimId]);
  });
});

describe("a link", () => {
  test("opens without an account, shows no number whole, and confirms with six digits, once", async () => {
    const { claimId, number } = await propose({ person: long });
    await tell();
    const { token } = await messageOf(claimId);
    const visitor = new Phone(site);
    const opened = await visitor.ask(readLink, { token });
    expect(opened.body).toMatchObject({ title: "外出务工一次性交通补助", amountFen: 40000, person: "龙*平" });
    const shown = JSON.stringify(opened.body);
    for (const secret of [long.name, long.identity, lastSix(long), long.identity.slice(-4), long.phone!])
      expect(shown).not.toContain(secret);
    expect(await visitor.ask(answerBenefitLink, { token, lastSix: lastSix(long), answer: "confirm" })).toMatchObject({
      status: 200,
      body: { number },
    });
    expect(await stateOf(claimId)).toBe("submitted");
    const view = (await clerk.ask(getClaim, { claimId })).body;
    expect(view.events.at(-1)).toMatchObject({ act: "confirm", note: "本人确认（链接）", officerName: "本人" });
    // Replayed, by the same browser or another, it is gone; a link that never was is answered alike.
    const replay = await new Phone(site).ask(answerBenefitLink, { token, lastSix: lastSix(long), answer: "decline" });
    const guess = await new Phone(site).ask(readLink, { token: "A".repeat(43) });
    expect([replay.problem, replay.message]).toEqual([guess.problem, guess.message]);
    expect((await new Phone(site).ask(readLink, { token })).problem).toBe("subsidies.link-gone");
  });

  test("dies of five wrong tries, of its last day, and of a claim that no longer waits", async () => {
    const open = async () => {
      const made = await propose({ person: long });
      await tell();
      return { ...made, token: (await messageOf(made.claimId)).token };
    };
    const tried = await open();
    const visitor = new Phone(site);
    const six = wrongSix(long);
    for (let attempt = 1; attempt <= 5; attempt++)
      expect(
        await visitor.ask(answerBenefitLink, { token: tried.token, lastSix: six, answer: "confirm" }),
      ).toMatchObject({
        problem: "subsidies.not-he",
      });
    expect(
      (await visitor.ask(answerBenefitLink, { token: tried.token, lastSix: lastSix(long), answer: "confirm" })).problem,
    ).toBe("subsidies.link-gone");
    expect(await stateOf(tried.claimId)).toBe("proposed");

    const late = await open();
    await site.owner.query("UPDATE subsidies.push SET expires_on = '2025-06-17' WHERE claim_id = $1", [late.claimId]);
    expect((await visitor.ask(readLink, { token: late.token })).problem).toBe("subsidies.link-gone");

    const revoked = await open();
    await clerk.ask(acceptClaims, { claimIds: [revoked.claimId] });
    expect((await visitor.ask(readLink, { token: revoked.token })).problem).toBe("subsidies.link-gone");
    expect(
      (await visitor.ask(answerBenefitLink, { token: revoked.token, lastSix: lastSix(long), answer: "confirm" }))
        .problem,
    ).toBe("subsidies.link-gone");
    expect(await stateOf(revoked.claimId)).toBe("accepted");
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE state = 'proposed'");
  });

  test("of one claim confirms no other, and what is not yes waits for the office", async () => {
    const [one, other] = [await propose({ person: long }), await propose({ person: shi })];
    await tell();
    const { token } = await messageOf(one.claimId);
    const visitor = new Phone(site);
    // The other payee's digits open nothing.
    expect(
      (
        await visitor.ask(answerBenefitLink, {
          token,
          lastSix: lastSix(shi) === lastSix(long) ? wrongSix(long) : lastSix(shi),
          answer: "confirm",
        })
      ).problem,
    ).toBe("subsidies.not-he");
    expect(
      (await visitor.ask(answerBenefitLink, { token, lastSix: lastSix(long), answer: "otherAccount" })).problem,
    ).toBe("subsidies.say-what");
    expect(
      await visitor.ask(answerBenefitLink, {
        token,
        lastSix: lastSix(long),
        answer: "otherAccount",
        said: "卡已注销",
        stop: true,
      }),
    ).toMatchObject({ status: 200 });
    expect([await stateOf(one.claimId), await stateOf(other.claimId)]).toEqual(["proposed", "proposed"]);
    const pending = (await clerk.ask(listPushes, { pending: "true" })).body;
    expect(pending.rows.map(({ claimId, answer }) => [claimId, answer])).toEqual([[one.claimId, "otherAccount"]]);
    // Nobody is written to again who has spoken, or who wants no more.
    await site.owner.query("UPDATE subsidies.push SET written_on = written_on - 30 WHERE claim_id = $1", [one.claimId]);
    expect((await tell()).written).toBe(0);
    await site.owner.query("DELETE FROM subsidies.message_wish");
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE state = 'proposed'");
  });

  test("is nothing that who serves the pages could read, or answer for", async () => {
    const { claimId } = await propose({ person: long });
    await tell();
    const app = site.runtime.database.app;
    for (const column of ["content", "token_hash", "six_hash"])
      await expect(
        withSight(app, { ...noSight, region: COUNTY }, (tx) =>
          sql.raw(`SELECT ${column} FROM subsidies.push`).execute(tx),
        ),
      ).rejects.toThrow(/permission denied/);
    await expect(
      withSight(app, noSight, (tx) =>
        sql`SELECT subsidies.answer_claim(${claimId}, 'confirm', 'link', 'x', NULL, 'x', '', ${TODAY}::date, NULL)`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow(/permission denied/);
    const answered = await withSight(app, noSight, (tx) =>
      sql<{
        done: boolean;
      }>`SELECT subsidies.answer_own(${claimId}, 'confirm', 'x', ${TODAY}::date, NULL) AS done`.execute(tx),
    );
    expect(answered.rows).toEqual([{ done: false }]);
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE state = 'proposed'");
  });
});

describe("my benefits", () => {
  test("are one's own on both walls, in words, with what comes next, and are confirmed there", async () => {
    const [mine, hers] = [await propose({ person: long }), await propose({ person: shi })];
    const phone = await citizen(long);
    const listed = (await phone.ask(myBenefits, {})).body;
    expect(listed.rows[0]).toMatchObject({ claimId: mine.claimId, says: "您可以领取，等您确认" });
    expect(listed.rows.map(({ claimId }) => claimId)).not.toContain(hers.claimId);
    expect((await phone.ask(myBenefit, { claimId: hers.claimId })).status).toBe(404);
    expect((await phone.ask(answerMyBenefit, { claimId: hers.claimId, answer: "confirm" })).status).toBe(404);
    const self = {
      ...noSight,
      self: { accountId: "1", personId: long.personId, employerId: null, homeRegion: VILLAGE },
    };
    const seen = await withSight(site.runtime.database.app, self, (tx) =>
      sql<{ n: number }>`SELECT (SELECT count(*) FROM subsidies.claim WHERE payee_person_id <> ${long.personId})::int
        + (SELECT count(*) FROM subsidies.claim_item WHERE claim_id = ${hers.claimId})::int + (SELECT count(*) FROM subsidies.push)::int AS n`.execute(
        tx,
      ),
    );
    expect(seen.rows).toEqual([{ n: 0 }]);
    expect(await phone.ask(answerMyBenefit, { claimId: mine.claimId, answer: "confirm" })).toMatchObject({
      status: 200,
    });
    const after = (await phone.ask(myBenefit, { claimId: mine.claimId })).body;
    expect(after).toMatchObject({ state: "submitted", next: "人社部门受理", answers: [] });
    expect(after.dueOn).not.toBeNull();
    expect(after.timeline.at(-1)).toMatchObject({ says: "确认领取", note: "本人确认（本人账号）" });
    expect(after.basis[0]!.quote).toContain("交通补助");
    expect(JSON.stringify(after)).not.toContain("6222020000000000019");
    expect((await phone.ask(answerMyBenefit, { claimId: mine.claimId, answer: "confirm" })).problem).toBe(
      "subsidies.answered-already",
    );
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = ANY($1::bigint[])", [
      [mine.claimId, hers.claimId],
    ]);
  });

  test("sent back for more are completed by their payee himself, taken back while nobody has examined them, and never another's", async () => {
    const { claimId } = await propose({ person: long }, { state: "submitted" });
    await clerk.ask(returnClaims, { claimIds: [claimId], note: "补 3 月考勤表" });
    const phone = await citizen(long);
    const asked = (await phone.ask(myBenefit, { claimId })).body;
    expect(asked).toMatchObject({ maySupply: true, told: "补 3 月考勤表", applicationId: null, mayWithdraw: true });
    const other = await citizen(shi);
    expect((await other.ask(supplyMyBenefit, { claimId, said: "已补" })).status).toBe(404);
    expect((await other.ask(withdrawMyBenefit, { claimId })).status).toBe(404);
    const supplied = await phone.ask(supplyMyBenefit, { claimId, said: "考勤表已交村里" });
    expect(supplied.status).toBe(200);
    expect(supplied.body.dueOn).not.toBeNull();
    expect(await stateOf(claimId)).toBe("accepted");
    const view = (await clerk.ask(getClaim, { claimId })).body;
    expect(view.events.at(-1)).toMatchObject({
      act: "supply",
      officerName: "本人",
      note: "本人补充（网上）：考勤表已交村里",
    });
    // Pressed twice it is done once.
    expect((await phone.ask(supplyMyBenefit, { claimId, said: "考勤表已交村里" })).problem).toBe(
      "subsidies.nothing-to-supply",
    );
    expect((await phone.ask(withdrawMyBenefit, { claimId })).status).toBe(200);
    expect(await stateOf(claimId)).toBe("withdrawn");
    const { rows } = await site.owner.query("SELECT live, dropped FROM subsidies.claim_item WHERE claim_id = $1", [
      claimId,
    ]);
    expect(rows).toEqual([{ live: false, dropped: "已撤销" }]);
    const examined = await propose({ person: long }, { state: "checked" });
    expect((await phone.ask(myBenefit, { claimId: examined.claimId })).body.mayWithdraw).toBe(false);
    expect((await phone.ask(withdrawMyBenefit, { claimId: examined.claimId })).problem).toBe(
      "subsidies.decided-already",
    );
    expect(await stateOf(examined.claimId)).toBe("checked");
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE claim_id = $1", [examined.claimId]);
  });

  test("of an enterprise name its workers masked, and say why an item was left out", async () => {
    const employerId = await addEmployer(site.owner, "测试服饰厂");
    const { claimId } = await propose(
      { employerId },
      { worker: shi, facts: { started_on: "2025-03-01", destination: "within-county" } },
    );
    await site.owner.query(
      "UPDATE subsidies.claim_item SET live = false, dropped = '初审时已不符合' WHERE claim_id = $1",
      [claimId],
    );
    const phone = await citizen(long);
    const { rows } = await site.owner.query<{ account_id: string; phone_hash: string }>(
      "SELECT account_id, phone_hash FROM citizens.account WHERE person_id = $1",
      [long.personId],
    );
    await site.owner.query(
      `INSERT INTO citizens.member (employer_id, employer_name, region, account_id, phone_hash, phone_mask, name, role, state, decided_by)
       VALUES ($1, '测试服饰厂', $2, $3, $4, '138****0001', '龙建平', 'legal-representative', 'active', 1)`,
      [employerId, COUNTY, rows[0]!.account_id, rows[0]!.phone_hash],
    );
    await phone.ask(actFor, { employerId });
    await phone.openPage();
    const listed = (await phone.ask(myBenefits, {})).body;
    expect(listed.rows.map((row) => row.claimId)).toEqual([claimId]);
    expect(listed.messages).toBeNull();
    const { items } = (await phone.ask(myBenefit, { claimId })).body;
    expect(items[0]).toMatchObject({ live: false, dropped: "初审时已不符合" });
    expect(items[0]!.person).toBe(`石*英（尾号 ${shi.identity.slice(-4)}）`);
    expect(items[0]!.failed).toContain("跨省或跨县就业");
    expect(JSON.stringify(items)).not.toContain(shi.identity);
    // An enterprise's session sees the enterprise, and not the person who acts for it.
    expect((await phone.ask(answerMyBenefit, { claimId, answer: "confirm" })).status).toBe(200);
    expect(await stateOf(claimId)).toBe("submitted");
  });

  test("of a workshop say who of its people is not in it, by which sentence and from when on, and to the office also on what facts", async () => {
    const phone = await citizen(long);
    const { claimId, workers } = await addWorkshopClaim();
    const { rows } = await site.owner.query<{ employer_id: string }>(
      "SELECT payee_employer_id AS employer_id FROM subsidies.claim WHERE claim_id = $1",
      [claimId],
    );
    await phone.ask(actFor, { employerId: rows[0]!.employer_id });
    await phone.openPage();
    expect((await calm(() => phone.ask(myBenefit, { claimId }))).body.forWorkers).toBe(true);
    const own = (await calm(() => phone.ask(listMyUncounted, { claimId }))).body;
    const told = Object.fromEntries(
      own.rows.map((row) => [row.personName, [row.outcome, row.from, row.reasons.map(({ says }) => says)]]),
    );
    const [lately, gone, other, abroad] = workers.map(
      ({ name, identity }) => `${name.slice(0, 1)}*${name.slice(2)}（尾号 ${identity.slice(-4)}）`,
    );
    expect(told).toEqual({
      [lately!]: ["NOT_YET", "2025-08-31", expect.arrayContaining(["本年度内稳定就业6个月以上"])],
      [gone!]: ["NOT_ELIGIBLE", null, ["本年度内稳定就业6个月以上"]],
      [other!]: ["NOT_ELIGIBLE", null, ["进入车间时是脱贫人口"]],
      [abroad!]: ["NOT_ELIGIBLE", null, ["就地就近吸纳"]],
    });
    expect(own).toMatchObject({ total: 4, asOf: TODAY });
    expect(own.byOutcome).toEqual([
      { outcome: "NOT_YET", rows: 1, from: "2025-08-31" },
      { outcome: "NOT_ELIGIBLE", rows: 3, from: null },
    ]);
    // What the register holds of its workers is not the enterprise's to read.
    expect(own.rows.every(({ reasons }) => reasons.every(({ facts }) => facts.length === 0))).toBe(true);

    const seen = (await calm(() => far.ask(listUncounted, { claimId, size: 3 }))).body;
    expect([seen.total, seen.rows.length]).toEqual([4, 3]);
    const last = (await calm(() => far.ask(listUncounted, { claimId, size: 3, page: 2 }))).body;
    const all = [...seen.rows, ...last.rows];
    const left = all.find(({ personId }) => personId === workers[1]!.personId)!;
    expect(left.reasons[0]).toMatchObject({ state: "failed", basis: { text: "gs-2025", article: "三" } });
    expect(left.reasons[0]!.facts).toContainEqual({ label: "离开车间的日期", value: "2025-05-31" });
    // Somebody of another place is counted and not named.
    expect(all.filter(({ personId }) => personId === null).map(({ personName }) => personName)).toEqual([
      "（外地人员）",
    ]);
    expect((await clerk.ask(listUncounted, { claimId })).status).toBe(404);
  });

  test("are looked up by number and six digits, five times an hour, and whoever guesses learns nothing", async () => {
    const { number } = await propose({ person: long });
    const visitor = new Phone(site);
    expect((await visitor.ask(askProgress, { number, lastSix: lastSix(long) })).body).toMatchObject({
      says: "您可以领取，等您确认",
    });
    const wrong = await visitor.ask(askProgress, { number, lastSix: wrongSix(long) });
    const none = await visitor.ask(askProgress, { number: "BT433124-99999999", lastSix: lastSix(long) });
    expect([wrong.status, wrong.message]).toEqual([none.status, none.message]);
    for (let attempt = 1; attempt <= 4; attempt++) await visitor.ask(askProgress, { number, lastSix: wrongSix(long) });
    expect((await visitor.ask(askProgress, { number, lastSix: lastSix(long) })).status).toBe(429);
    await site.owner.query("UPDATE subsidies.claim SET state = 'withdrawn' WHERE state = 'proposed'");
  });
});

describe("a letter", () => {
  test("is issued with its step, numbered without gaps, frozen, told how it can be challenged, and read by its payee", async () => {
    const { claimId } = await propose({ person: long });
    await clerk.ask(acceptClaims, { claimIds: [claimId] });
    await clerk.ask(returnClaims, { claimIds: [claimId], note: "补 3 月考勤表" });
    await site.owner.query("UPDATE subsidies.claim SET state = 'checked' WHERE claim_id = $1", [claimId]);
    await reviewer.ask(refuseClaims, {
      claimIds: [claimId],
      note: "没有外出务工记录 <script>alert(1)</script> {金额} =1+1",
    });
    const { rows } = (await clerk.ask(listLetters, { claimId })).body;
    expect(rows.map(({ kind }) => kind)).toEqual(["refusal", "correction", "acceptance"]);
    expect(rows[1]!.body).toContain("补 3 月考勤表");
    const [refusal] = rows;
    // What an officer wrote stands there as text, and is read for nothing.
    expect(refusal!.body).toContain("理由：没有外出务工记录 <script>alert(1)</script> {金额} =1+1");
    expect(refusal!.body).toMatch(/六十日内向.+申请行政复议.+六个月内向.+提起行政诉讼/);
    expect(refusal!.body).toContain("湘");
    const serials = (
      await site.owner.query<{ serial: number }>(
        "SELECT serial FROM subsidies.letter WHERE kind = 'acceptance' ORDER BY serial",
      )
    ).rows.map(({ serial }) => serial);
    expect(serials).toEqual(serials.map((_, index) => index + 1));
    await expect(
      withSight(site.runtime.database.app, { ...noSight, region: COUNTY }, (tx) =>
        sql`UPDATE subsidies.letter SET body = '改了' WHERE letter_id = ${refusal!.letterId}`.execute(tx),
      ),
    ).rejects.toThrow(/permission denied/);
    expect((await far.ask(listLetters, { claimId })).status).toBe(404);
    const phone = await citizen(long);
    const own = (await phone.ask(myBenefit, { claimId })).body;
    expect(own.letters.map(({ number }) => number)).toEqual(rows.map(({ number }) => number));
    for (const [path, kind] of [
      [`/api/subsidies/letters/${refusal!.letterId}?format=docx`, "PK"],
      [`/api/subsidies/letters/${refusal!.letterId}?format=pdf`, "%PDF"],
    ] as const) {
      const file = await site.server.inject({ url: path, headers: { cookie: `wengang_session=${clerk.cookie}` } });
      expect([file.statusCode, file.rawPayload.subarray(0, kind.length).toString()]).toEqual([200, kind]);
    }
    const other = await citizen(shi);
    const steal = async () => {
      const { statusCode: status } = await site.server.inject({
        url: `/api/citizen/letters/${refusal!.letterId}`,
        headers: { cookie: `wengang_citizen=${other.cookie}` },
      });
      return { status };
    };
    expect((await calm(steal)).status).toBe(404);
  });

  test("follows the office's own wording, which one drafts and another approves, and says where it cannot be read", async () => {
    const draft = {
      kind: "acceptance",
      title: "受理告知",
      body: "{姓名}：\n你的“{项目}”（{编号}）已收到，{机关}。",
    } as const;
    const fault = await clerk.ask(draftTemplate, { ...draft, body: "{姓名}：\n你的{项目名}（{编号}）已收到。" });
    expect(fault).toMatchObject({ problem: "subsidies.wording-fault", body: { details: { line: 2, column: 3 } } });
    expect((await clerk.ask(draftTemplate, { ...draft, body: "{姓名}：已经收到了您的申请。" })).problem).toBe(
      "subsidies.wording-lacks",
    );
    const { templateId } = (await clerk.ask(draftTemplate, draft)).body;
    const { number } = await propose({ person: long });
    expect((await clerk.ask(previewTemplate, { ...draft, number })).body).toMatchObject({
      claimNumber: number,
      body: expect.stringContaining(`（${number}）已收到，花垣县人力资源和社会保障局。`),
    });
    expect((await clerk.ask(approveTemplate, { templateId })).status).toBe(403);
    expect((await reviewer.ask(approveTemplate, { templateId })).body).toEqual({ version: 1 });
    const office = {
      name: "花垣县就业服务中心",
      mark: "花就",
      contact: "县就业服务中心 0743-0000000",
      reviewBody: "花垣县人民政府",
      court: "花垣县人民法院",
      messages: true,
      channel: "sms",
      everyDays: 15,
      mostMessages: 3,
      linkDays: 15,
      quietFrom: 21,
      quietTo: 8,
    } as const;
    expect(await clerk.ask(setPayeeOffice, office)).toMatchObject({ status: 200 });
    const { claimId } = await propose({ person: long });
    await clerk.ask(acceptClaims, { claimIds: [claimId] });
    const [letter] = (await clerk.ask(listLetters, { claimId })).body.rows;
    expect(letter).toMatchObject({ title: "受理告知", version: 1, office: "花垣县就业服务中心" });
    expect(letter!.number).toMatch(/^花就补受〔2025〕\d+号$/);
    await expect(
      site.owner.query("UPDATE subsidies.letter_template SET body = '改了改了改了改了' WHERE template_id = $1", [
        templateId,
      ]),
    ).rejects.toThrow(/never changed/);
    await site.owner.query("DELETE FROM subsidies.payee_office");
  });

  test("of an approval says the amount to the fen", async () => {
    const { claimId } = await propose({ person: long }, { state: "checked" });
    // Without an item there is nothing to decide again; the money is what the letter is about.
    await site.owner.query("UPDATE subsidies.claim_item SET live = false WHERE claim_id = $1", [claimId]);
    await site.owner.query(
      `WITH line AS (INSERT INTO subsidies.fund_line (region, fund, level, year, document, valid_from) VALUES ($1, '财政衔接推进乡村振兴补助资金', '县级', 2025, '测试', '2025-01-01') RETURNING fund_line_id)
       INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, officer_name, business_date) SELECT fund_line_id, $1, 'budget', 100000, '测试', $2 FROM line`,
      [COUNTY, TODAY],
    );
    expect((await reviewer.ask(approveClaims, { claimIds: [claimId] })).body).toMatchObject({ done: 1, left: [] });
    const [letter] = (await clerk.ask(listLetters, { claimId })).body.rows;
    expect(letter).toMatchObject({ kind: "award" });
    expect(letter!.body).toContain("人民币 400.00 元，资金渠道：财政衔接推进乡村振兴补助资金");
  });
});

describe("a request to look again", () => {
  test("is one at a time, has a last day, is answered by another hand, and sends the claim back", async () => {
    const { claimId } = await propose({ person: long }, { state: "checked" });
    await reviewer.ask(refuseClaims, { claimIds: [claimId], note: "没有外出务工记录" });
    const phone = await citizen(long);
    expect((await phone.ask(myBenefit, { claimId })).body.mayAsk).toEqual(["refusal", "facts"]);
    expect((await phone.ask(askReview, { claimId, kind: "amount", content: "金额不对呀" })).problem).toBe(
      "subsidies.nothing-to-review",
    );
    const asked = await phone.ask(askReview, { claimId, kind: "refusal", content: "我去年三月就在东莞务工" });
    expect(asked.body.dueOn).toBe("2025-07-09");
    expect((await phone.ask(askReview, { claimId, kind: "facts", content: "再说一遍再说一遍" })).problem).toBe(
      "subsidies.nothing-to-review",
    );
    const { rows } = (await reviewer.ask(listReviews, { state: "open" })).body;
    expect(rows).toMatchObject([{ claimId, own: true, claimState: "refused" }]);
    const { reviewId } = rows[0]!;
    expect((await reviewer.ask(decideReview, { reviewId, upheld: true, answer: "已核实在外务工" })).problem).toBe(
      "subsidies.own-decision",
    );
    await expect(
      site.owner.query(
        "UPDATE subsidies.review SET state = 'upheld', answer = 'x', decided_by = decision_by, decided_on = asked_on WHERE review_id = $1",
        [reviewId],
      ),
    ).rejects.toThrow(/review_other_hand/);
    const leader = await signedIn(
      site.server,
      (await addOfficer(site.owner, { duties: ["leader"], region: COUNTY })).login,
    );
    expect((await leader.ask(decideReview, { reviewId, upheld: true, answer: "已核实在外务工" })).body).toEqual({
      claimState: "accepted",
    });
    expect(await stateOf(claimId)).toBe("accepted");
    const after = (await phone.ask(myBenefit, { claimId })).body;
    expect(after.reviews).toMatchObject([{ state: "upheld", answer: "已核实在外务工" }]);
    expect(after.mayAsk).toEqual(["facts"]);
    const again = await phone.ask(askReview, { claimId, kind: "facts", content: "电话也登记错了" });
    expect(again.status).toBe(200);
    const { reviewId: open } = (await phone.ask(myBenefit, { claimId })).body.reviews[0]!;
    expect((await (await citizen(shi)).ask(withdrawReview, { reviewId: open })).problem).toBe(
      "subsidies.review-settled",
    );
    expect((await phone.ask(withdrawReview, { reviewId: open })).status).toBe(200);
  });
});

describe("an old case", () => {
  test("shows the facts and the rule by which it was decided, whatever has taken the rule's place since", async () => {
    const facts = { started_on: "2025-03-01", destination: "省外", meets_cited: true };
    const { claimId, number } = await propose({ person: long }, { facts, state: "checked" });
    const phone = await citizen(long);
    const before = (await phone.ask(myBenefit, { claimId })).body;
    expect(before.conditions.flatMap((one) => one.facts.map(({ value }) => value))).toContain("省外");
    const asked = {
      kind: "refusal",
      title: "不予发放决定书",
      body: "{姓名}{项目}\n{依据}\n{条件}\n{理由}\n{救济}",
      number,
    } as const;
    const letter = (await clerk.ask(previewTemplate, asked)).body;
    expect(letter.body).toContain("跨省或跨县就业");
    await site.owner.query("UPDATE policy.version SET state = 'superseded' WHERE version_id = $1", [versionId]);
    const { rowCount } = await site.owner.query(
      `INSERT INTO policy.version (path, kind, rule_id, region, title, source, hash, in_force_from, in_force_to, origin, state, published_at)
       SELECT path, kind, rule_id, region, title, replace(source, '跨省或跨县就业', '到省外就业'), md5(source || 'x'), in_force_from, in_force_to, 'local', 'published', now()
       FROM policy.version WHERE version_id = $1 AND source LIKE '%says: 跨省或跨县就业%'`,
      [versionId],
    );
    expect(rowCount).toBe(1);
    const after = (await phone.ask(myBenefit, { claimId })).body;
    expect([after.conditions, after.basis]).toEqual([before.conditions, before.basis]);
    expect((await clerk.ask(previewTemplate, asked)).body).toEqual(letter);
    // What is refused by it now says so too, and not by what nobody has asked it.
    await reviewer.ask(refuseClaims, { claimIds: [claimId], note: "没有外出务工记录" });
    const own = (await phone.ask(myBenefit, { claimId })).body;
    expect(own.letters[0]!.body).toContain(before.basis[0]!.source.split(" ")[0]);
    expect(own.conditions).toEqual(before.conditions);
  });
});
