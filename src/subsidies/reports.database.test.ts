import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { screenNow } from "#policy/contract";
import { modules, synthesizeFacts } from "../app.ts";
import { othersEnded, publicKeyOf, sealAndSign } from "../audit/fixtures.ts";
import { printFormats } from "../platform/print/index.ts";
import type { DownloadBody } from "../platform/module.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { columnsGiven, columnsPromised, rowsOf } from "../policy/fixtures.ts";
import { addCounty } from "../registry/fixtures.ts";
import { writeWorkbook, openSheets, isProblem, cellText } from "../platform/sheets/index.ts";
import {
  acceptClaims,
  approveClaims,
  checkClaims,
  clearLists,
  closeInspection,
  confirmClaims,
  decideSettlement,
  downloadFundProgress,
  downloadInspections,
  downloadPublication,
  downloadTargets,
  endorseClaims,
  getClaim,
  getFundProgress,
  listFundLines,
  listInspections,
  listOfficeSettings,
  listPublications,
  listSettlements,
  listTargets,
  proposeSettlement,
  publishClaims,
  recordInspection,
  rectifyInspection,
  returnInspection,
  sendBackClaims,
  setOfficeSetting,
  settingKinds,
  setTarget,
  type ClaimRow,
} from "./contract.ts";
import { moneyCheckFacts } from "./check-facts.ts";
import { addPayingOffice, giveAccounts, HUAYUAN, PayingOffice } from "./fixtures.ts";
import { checkStored } from "./publicity/check-stored.ts";
import { checkListFile } from "./publicity/list-check.ts";
import { readListFile } from "./publicity/list-file.ts";

const ASOF = "2025-06-18";
const CONTACT = "花垣县人社局就业股 0743-0000000";
let runtime: TestRuntime;
let owner: Client;
let office: PayingOffice;
const folder = mkdtempSync(join(tmpdir(), "wengang-lists-"));
const factsOf = (name: string) =>
  rowsOf(
    owner,
    moneyCheckFacts.find((one) => one.name === name)!,
    ASOF,
    `starts_with(s.region, '${HUAYUAN}')`,
  );
const idsOf = (claims: readonly ClaimRow[]) => claims.map(({ claimId }) => claimId);

beforeAll(async () => {
  runtime = await testRuntime(modules);
  owner = await runtime.owner();
  await addPayingOffice(runtime);
  // The city's desk, that agrees to the largest amounts.
  await owner.query(
    `WITH office AS (INSERT INTO identity.organisation (name, department, region) VALUES ('州局', 'human-resources', '4331') RETURNING organisation_id)
     INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
     SELECT 'city', '测city', organisation_id, '4331', '4331', ARRAY['city-dispatcher'], '$argon2id$none' FROM office`,
  );
  await addCounty(owner, { county: HUAYUAN, persons: 200, asOf: ASOF });
  await giveAccounts(runtime);
  await synthesizeFacts(runtime);
  await owner.query("TRUNCATE subsidies.fund_line, subsidies.fund_movement CASCADE");
  office = new PayingOffice(runtime, modules);
  await office.act(screenNow, {}, "policy");
  await office.drain();
  await office.gather();
}, 240_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await runtime.close();
});

/** Takes claims of one rule to the reviewer's desk and through it. */
async function approved(claims: readonly ClaimRow[]): Promise<void> {
  const claimIds = idsOf(claims);
  await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
  await office.act(acceptClaims, { claimIds }, "clerk");
  await office.act(checkClaims, { claimIds }, "clerk");
  await office.act(approveClaims, { claimIds }, "reviewer");
}

async function fileOf(format: (typeof printFormats)[number], publicationId: string): Promise<string> {
  const { fileName, body } = (await office.run(
    downloadPublication,
    { publicationId, format },
    "clerk",
  )) as DownloadBody;
  const path = join(folder, fileName.replaceAll("/", " "));
  writeFileSync(path, body as Buffer);
  return path;
}

/** The same workbook with one shown cell written otherwise; `both`: also in what lies within for programs. */
async function altered(path: string, change: (text: string, sheet: string) => string): Promise<string> {
  const opened = await openSheets(path);
  if (isProblem(opened)) throw new Error(opened.message);
  await using source = opened;
  const sheets = [];
  for (const { index, name } of source.sheets) {
    const rows: string[][] = [];
    for await (const batch of source.rows(index))
      for (const { cells } of batch) rows.push(Array.from(cells, (cell) => change(cellText(cell ?? null), name)));
    sheets.push({ name, columns: Array.from({ length: 8 }, () => ({ header: " ", kind: "text" as const })), rows });
  }
  const out = path.replace(".xlsx", "-改.xlsx");
  const stream = createWriteStream(out);
  await writeWorkbook(stream, { sheets });
  if (!stream.closed) await new Promise((resolve) => stream.end(resolve));
  return out;
}

describe("a list", () => {
  let publicationId: string;
  let number: string;
  const key = () => publicKeyOf(runtime);

  it("may be of one village alone, and is open as long as the office has set", async () => {
    await office.fund("就业专项资金", 1_000_000_000);
    const claims = (await office.claims("proposed", "clerk", "skill-upgrade-subsidy")).slice(0, 12);
    for (const fund of new Set(claims.map((claim) => claim.fund)))
      if (fund !== "就业专项资金") await office.fund(fund, 1_000_000_000);
    await approved(claims);
    const { waiting } = await office.act(listPublications, {}, "clerk");
    const own = waiting.find(({ rule }) => rule === "skill-upgrade-subsidy")!;
    expect(own.villages.reduce((sum, one) => sum + one.claims, 0)).toBe(own.claims);
    const village = own.villages.find(({ code }) => code.length > 6)!;
    const given = { rule: "skill-upgrade-subsidy", contact: CONTACT };
    await expect(office.act(publishClaims, { ...given, workdays: 3 }, "clerk")).rejects.toThrow("不少于 5 个工作日");
    await expect(office.act(publishClaims, { ...given, area: "522600" }, "clerk")).rejects.toThrow();
    const made = await office.act(publishClaims, { ...given, area: village.code }, "clerk");
    expect(made).toMatchObject({ claims: village.claims, amountFen: village.amountFen, endsOn: "2025-06-25" });
    const rest = await office.act(publishClaims, given, "clerk");
    expect(rest.claims).toBe(own.claims - village.claims);
    publicationId = rest.publicationId;
    const { rows } = await office.act(listPublications, {}, "clerk");
    number = rows.find((row) => row.publicationId === publicationId)!.number;
    expect(rows.find((row) => row.publicationId === made.publicationId)!.area!.code).toBe(village.code);
  });

  it("is printed in every format, and its workbook and PDF prove it without a database", async () => {
    for (const format of printFormats)
      expect(readFileSync(await fileOf(format, publicationId)).length).toBeGreaterThan(4000);
    const young = checkListFile(await readListFile(await fileOf("xlsx", publicationId)), [key()]);
    expect(young).toMatchObject({ number, signedDay: null, problems: [] });
    // Other tests write on the same server: what is under way there would hold the seal back.
    await othersEnded(owner);
    await sealAndSign(runtime);
    for (const format of ["xlsx", "pdf"] as const) {
      const answer = checkListFile(await readListFile(await fileOf(format, publicationId)), [key()]);
      expect(answer).toMatchObject({ number, problems: [] });
      expect(answer.signedDay).not.toBeNull();
    }
  });

  it("with one altered fen or name is found out, and the line named", async () => {
    const path = await fileOf("xlsx", publicationId);
    const { lines } = await readListFile(path);
    const [first] = lines;
    const seen = await altered(path, (text, sheet) =>
      sheet === "名单" && text === first!.payeeName ? `${text}甲` : text,
    );
    const shown = checkListFile(await readListFile(seen), [key()]).problems;
    expect(shown).toContain(`第 1 行收款人写的是“${first!.payeeName}甲”，公示的是“${first!.payeeName}”。`);

    const text = `|${first!.persons}|${first!.amountFen}`;
    const within = await altered(path, (cell, sheet) =>
      sheet === "校验数据" && cell.startsWith("1|")
        ? cell.replace(text, `|${first!.persons}|${first!.amountFen + 1}`)
        : cell,
    );
    const found = checkListFile(await readListFile(within), [key()]).problems;
    expect(found.some((problem) => problem.startsWith("第 1 行（") && problem.endsWith("被改动过。"))).toBe(true);
    expect(found.filter((problem) => /^第 [2-9]/.test(problem))).toEqual([]);

    // Another installation's key vouches for nothing.
    const other = await altered(path, (cell) => cell);
    expect(checkListFile(await readListFile(other), ["-----"]).problems.join()).toContain("公钥");
  });

  it("is checked by its number against the log, and an altered row in the database is named", async () => {
    expect(await checkStored(runtime, number)).toMatchObject({ number, problems: [] });
    await owner.query(
      "UPDATE subsidies.publication_line SET amount_fen = amount_fen + 1 WHERE publication_id = $1 AND line = 2",
      [publicationId],
    );
    const { problems } = (await checkStored(runtime, number))!;
    expect(problems[1]).toMatch(/^第 2 行写的是/);
    await owner.query(
      "UPDATE subsidies.publication_line SET amount_fen = amount_fen - 1 WHERE publication_id = $1 AND line = 2",
      [publicationId],
    );
    expect(await checkStored(runtime, "GS433124-999999")).toBeNull();
  });

  it("whose last day is over goes on by hand as it does at night", async () => {
    expect(await office.act(clearLists, {}, "clerk")).toEqual({ lists: 0, claims: 0, held: 0 });
    await owner.query("UPDATE subsidies.publication SET starts_on = '2025-06-01', ends_on = '2025-06-17'");
    const { runOut } = await office.act(listPublications, {}, "clerk");
    expect(runOut).toBe(2);
    const done = await office.act(clearLists, {}, "clerk");
    expect(done).toMatchObject({ lists: 2, held: 0 });
    expect((await office.claims("cleared")).length).toBe(done.claims);
  });
});

describe("settings", () => {
  const set = (setting: object, as = "reviewer", validFrom = ASOF) =>
    office.act(setOfficeSetting, { setting, validFrom, document: "花人社发〔2025〕1号" } as never, as);

  it("are the nearest place's, and the program's samples where nobody has set any", async () => {
    const before = await office.act(listOfficeSettings, {}, "reviewer");
    expect(before.inForce.every(({ place }) => place === null)).toBe(true);
    expect(before.inForce.map(({ kind }) => kind)).toEqual(settingKinds);
    expect(before.maySet).toBe(true);
    expect((await office.act(listOfficeSettings, {}, "clerk")).maySet).toBe(false);
    await set({ kind: "publicity", value: { workdays: 9 } }, "city");
    const inherited = (await office.act(listOfficeSettings, {}, "reviewer")).inForce.find(
      ({ kind }) => kind === "publicity",
    )!;
    expect(inherited).toMatchObject({ value: { workdays: 9 }, place: { code: "4331" } });
    await set({ kind: "publicity", value: { workdays: 7 } });
    const own = (await office.act(listOfficeSettings, {}, "reviewer")).inForce.find(
      ({ kind }) => kind === "publicity",
    )!;
    expect(own).toMatchObject({ value: { workdays: 7 }, place: { code: HUAYUAN } });
    await expect(set({ kind: "publicity", value: { workdays: 6 } }, "reviewer", "2025-06-17")).rejects.toThrow(
      "不能早于今天",
    );
    await expect(office.act(publishClaims, { rule: "x", workdays: 6, contact: CONTACT }, "clerk")).rejects.toThrow(
      "不少于 7",
    );
  });

  it("never alter a clock that runs, and hold from the next step on", async () => {
    const [claim] = await office.claims("proposed", "clerk", "transport-allowance");
    const dueOf = async () => (await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).dueOn;
    const claimIds = [claim!.claimId];
    await office.act(confirmClaims, { claimIds, agent: "柜台本人确认" }, "clerk");
    await office.act(acceptClaims, { claimIds }, "clerk");
    const due = await dueOf();
    const terms = (await office.act(listOfficeSettings, {}, "reviewer")).inForce.find(({ kind }) => kind === "terms")!
      .value as Record<string, number>;
    await set({ kind: "terms", value: { ...terms, accepted: 1, checked: 1 } });
    expect(await dueOf()).toBe(due);
    await office.act(checkClaims, { claimIds }, "clerk");
    expect(await dueOf()).toBe("2025-06-19");
  });

  it("ask as many hands as the amount wants, of the place that they name, each another one", async () => {
    const [claim] = await office.claims("proposed", "clerk", "transport-allowance");
    const claimIds = [claim!.claimId];
    const amount = claim!.amountFen;
    await office.fund(claim!.fund, 1_000_000_001);
    await set({
      kind: "levels",
      value: [
        { fromFen: 1, by: "leader" },
        { fromFen: amount, by: "city" },
      ],
    });
    await approved([claim!]);
    const state = async () => (await office.act(getClaim, { claimId: claim!.claimId }, "clerk")).state;
    expect(await state()).toBe("escalated");
    // What is set now is for others: this claim was asked for two levels.
    await set({ kind: "levels", value: [] });
    await office.act(endorseClaims, { claimIds }, "leader");
    expect(await state()).toBe("escalated");
    expect(await office.act(endorseClaims, { claimIds }, "leader")).toMatchObject({
      done: 0,
      left: [{ why: "您已在前一级同意，须由另一人审批" }],
    });
    await owner.query("UPDATE identity.officer SET duties = ARRAY['finance', 'leader'] WHERE login = 'finance3'");
    expect((await office.act(endorseClaims, { claimIds }, "finance3")).left[0]!.why).toContain("须由市（州）级审批");
    await expect(
      owner.query(
        "UPDATE subsidies.claim_level SET officer_id = (SELECT officer_id FROM subsidies.claim_level WHERE claim_id = $1 AND level = 1), officer_name = 'x', agreed_on = now() WHERE claim_id = $1 AND level = 2",
        claimIds,
      ),
    ).rejects.toThrow("level_other_hand");
    await office.act(endorseClaims, { claimIds }, "city");
    expect(await state()).toBe("approved");
    const { events } = await office.act(getClaim, { claimId: claim!.claimId }, "clerk");
    expect(events.map(({ act }) => act).slice(-3)).toEqual(["escalate", "agree", "endorse"]);
    await office.act(sendBackClaims, { claimIds, note: "重新核对" }, "reviewer");
    const { rows } = await owner.query("SELECT 1 FROM subsidies.claim_level WHERE claim_id = $1", claimIds);
    expect(rows).toEqual([]);
  });
});

describe("funds", () => {
  it("say how far they are, what is idle, and what was reached of the year's targets", async () => {
    const { rows } = await office.act(getFundProgress, {}, "finance");
    const used = rows.find(({ reservedFen }) => reservedFen > 0)!;
    expect(used).toMatchObject({ idle: false, idleDays: 0 });
    expect(used.forecastFen).toBe(used.reservedFen);
    const unused = rows.find(({ reservedFen }) => reservedFen === 0)!;
    expect(unused).toMatchObject({ idle: true, idleDays: 168, slow: true, timeShare: Math.floor((169 * 1000) / 365) });
    const target = { year: 2025, fund: "", document: "2025年绩效目标批复" };
    await office.act(setTarget, { ...target, indicator: "claims", target: 10 }, "finance");
    await office.act(setTarget, { ...target, indicator: "spent", target: 0 }, "finance");
    await office.act(setTarget, { ...target, indicator: "claims", target: 20 }, "finance");
    const table = await office.act(listTargets, {}, "finance");
    const of = (indicator: string) => table.rows.find((row) => row.indicator === indicator)!;
    expect(of("claims")).toMatchObject({ target: 20, actual: 0, reached: false });
    expect(of("spent")).toMatchObject({ target: 0, actual: 0, reached: true });
    expect(of("days")).toMatchObject({ target: null, actual: null, reached: null });
    for (const format of printFormats)
      for (const route of [downloadFundProgress, downloadTargets])
        expect(((await office.run(route, { format }, "finance")) as DownloadBody).body).toBeInstanceOf(Buffer);
  });

  it("say the same to checks", async () => {
    const { rows } = await office.act(getFundProgress, {}, "finance");
    const numbers = (line: Record<string, unknown>) => [
      String(line["fund_line_id"]),
      ...["budget", "used", "left_over", "spent_share", "time_share", "idle_days"].map((name) => Number(line[name])),
    ];
    const asked = rows.map((row) => [
      row.fundLineId,
      row.budgetFen,
      row.reservedFen + row.spentFen,
      row.leftFen,
      row.spentShare,
      row.timeShare,
      row.idleDays,
    ]);
    const lines = await factsOf("资金额度");
    const byLine = (a: readonly unknown[], b: readonly unknown[]) => Number(a[0]) - Number(b[0]);
    expect(lines.map(numbers).toSorted(byLine)).toEqual(asked.toSorted(byLine));
    expect(lines.every((line) => Number(line["behind"]) === 20 && Number(line["idle_limit"]) === 90)).toBe(true);
  });

  it("carry on or give back what is left, once a second person has agreed", async () => {
    const line = async (fundLineId: string) =>
      (await office.act(listFundLines, {}, "finance")).rows.find((row) => row.fundLineId === fundLineId)!;
    const fundLineId = await office.fund("就业专项资金", 5000);
    const propose = (kind: "carry" | "claw", amountFen: number) =>
      office.act(proposeSettlement, { fundLineId, kind, amountFen, document: "湘财社〔2025〕99号" }, "finance");
    await expect(propose("claw", 5001)).rejects.toThrow("最多 50.00 元");
    const { settlementId } = await propose("carry", 3000);
    await expect(propose("claw", 1000)).rejects.toThrow("待另一人确认");
    expect((await line(fundLineId)).leftFen).toBe(5000);
    await expect(office.act(decideSettlement, { settlementId, agree: true }, "finance")).rejects.toThrow(
      "须由另一人确认",
    );
    await office.act(decideSettlement, { settlementId, agree: true }, "finance2");
    await expect(office.act(decideSettlement, { settlementId, agree: true }, "finance2")).rejects.toThrow("已有人办理");
    expect((await line(fundLineId)).leftFen).toBe(2000);
    const [done] = (await office.act(listSettlements, { fundLineId }, "finance")).rows;
    expect(done).toMatchObject({ state: "done", mayDecide: false });
    expect(await line(done!.toFundLineId!)).toMatchObject({ year: 2026, leftFen: 3000, validFrom: "2026-01-01" });
    const claw = await propose("claw", 2000);
    await office.act(decideSettlement, { settlementId: claw.settlementId, agree: true }, "leader");
    expect(await line(fundLineId)).toMatchObject({ leftFen: 0, budgetFen: 0 });
  });
});

describe("what an audit found", () => {
  it("is put right by one, closed by another, and late after its day", async () => {
    const found = {
      source: "审计",
      foundBy: "县审计局",
      foundOn: "2025-05-06",
      content: "交通补助重复发放 2 人",
      demand: "追回并完善比对",
      responsible: "县人社局就业股",
      amountFen: 80_000,
      dueOn: "2025-06-10",
    } as const;
    const { itemId } = await office.act(recordInspection, found, "auditor");
    const item = async () => (await office.act(listInspections, {}, "finance")).rows[0]!;
    expect(await item()).toMatchObject({ itemId, state: "open", overdue: true, acts: ["rectify"] });
    const rectifiedOn = async () => (await factsOf("检查问题")).map((row) => [row["due_on"], row["rectified_on"]]);
    expect(await rectifiedOn()).toEqual([["2025-06-10", null]]);
    expect(await office.act(listInspections, { overdue: "true" }, "clerk")).toMatchObject({
      total: 1,
      open: 1,
      late: 1,
    });
    const said = { measure: "已追回 800 元", evidence: "缴款书 0012 号" };
    await office.act(rectifyInspection, { itemId, lock: 1, ...said }, "finance");
    expect(await item()).toMatchObject({ state: "rectified", overdue: false, acts: [] });
    await expect(office.act(closeInspection, { itemId, lock: 2, closing: "情况属实" }, "finance")).rejects.toThrow(
      "须由另一人核实",
    );
    await expect(office.act(closeInspection, { itemId, lock: 1, closing: "情况属实" }, "auditor")).rejects.toThrow(
      "刷新",
    );
    await office.act(returnInspection, { itemId, lock: 2, closing: "缺比对记录" }, "auditor");
    expect(await rectifiedOn()).toEqual([["2025-06-10", null]]);
    await office.act(rectifyInspection, { itemId, lock: 3, ...said }, "finance");
    await office.act(closeInspection, { itemId, lock: 4, closing: "情况属实" }, "auditor");
    expect(await item()).toMatchObject({ state: "closed", acts: [], closedByName: "测auditor" });
    expect(await rectifiedOn()).toEqual([["2025-06-10", ASOF]]);
    await expect(
      owner.query("UPDATE subsidies.inspection_item SET closed_by = rectified_by WHERE item_id = $1", [itemId]),
    ).rejects.toThrow("inspection_second_hand");
    for (const format of printFormats)
      expect(((await office.run(downloadInspections, { format }, "finance")) as DownloadBody).body).toBeInstanceOf(
        Buffer,
      );
  });
});

describe("what checks ask of money", () => {
  it.each(moneyCheckFacts.map((one) => [one.name, one] as const))(
    "%s has the columns of its dictionary",
    async (_, one) => {
      expect(await columnsGiven(owner, one)).toMatchObject(columnsPromised(one));
    },
  );

  it("tells what screening found and nobody took in from what was taken in, refused or withdrawn", async () => {
    const waiting = async () => (await factsOf("可享未办")).find((row) => row["rule_id"] === "transport-allowance");
    expect(await waiting()).toBeUndefined();
    await owner.query(
      "UPDATE subsidies.claim_item SET live = false, dropped = '测试' WHERE item_id = (SELECT min(i.item_id) FROM subsidies.claim_item i JOIN subsidies.claim c USING (claim_id) WHERE i.live AND c.rule_id = 'transport-allowance')",
    );
    expect(await waiting()).toMatchObject({ county: HUAYUAN, waiting: "1" });
  });

  it("says what a payment rested on on the day of its batch", async () => {
    const [claim] = await office.claims("cleared");
    await owner.query(
      `WITH batch AS (INSERT INTO subsidies.payment_batch (region, fund_line_id, state, built_by_name, built_on)
         SELECT region, fund_line_id, 'draft', '测试', '2025-06-17' FROM subsidies.claim WHERE claim_id = $1 RETURNING batch_id, region, fund_line_id)
       INSERT INTO subsidies.payment (batch_id, claim_id, region, fund_line_id, line, payee_name, secret, of_person, account_mask, account_hash, amount_fen, state)
         SELECT batch_id, $1, region, fund_line_id, 1, '测', '', true, '', gen_random_uuid(), 1, 'sent' FROM batch`,
      [claim!.claimId],
    );
    await owner.query(
      `INSERT INTO subsidies.objection (publication_id, claim_id, region, raised_by, content, raised_on, due_on, state)
       SELECT publication_id, claim_id, region, '测', '测', '2025-06-17', '2025-06-30', 'open' FROM subsidies.publication_line WHERE claim_id = $1`,
      [claim!.claimId],
    );
    // Decided on 18 June, put up until the 17th: too early in every respect.
    expect(await factsOf("补贴发放")).toMatchObject([
      {
        number: claim!.number,
        batched_on: "2025-06-17",
        decided_on: ASOF,
        published_to: "2025-06-17",
        open_objections: "1",
      },
    ]);
  });
});
