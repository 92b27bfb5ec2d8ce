import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addIntroduction, MEASURE, officerOf, openDesk, type Desk } from "../desk-fixtures.ts";
import {
  checkRule,
  exportRule,
  getRule,
  listRules,
  proposeRule,
  publishRule,
  returnRule,
  saveDraft,
  screenNow,
  summariseResults,
  simulateRule,
  withdrawRule,
  type RuleView,
} from "../contract.ts";
import { policyPermissions } from "../permissions.ts";

const author = officerOf("43");
const second = officerOf("43");
let desk: Desk;
let shipped: RuleView;
let personId: string;

beforeAll(async () => {
  desk = await openDesk();
  // One has six months behind him, one has five.
  personId = await addIntroduction(desk, { startedOn: "2024-10-10" });
  await addIntroduction(desk, { startedOn: "2025-01-10" });
  shipped = await desk.ask(author, getRule, { versionId: await desk.inForce(MEASURE) });
});
afterAll(() => desk?.close());

const draftOf = (source: string) =>
  desk.ask(author, saveDraft, { basedOn: shipped.versionId, path: MEASURE, source, cases: shipped.casesYaml });
const inFiveMonths = () => shipped.yaml.replaceAll("满月日(就业.开始日期, 6)", "满月日(就业.开始日期, 5)");

describe("a rule at its desk", () => {
  it("is read with its conditions, its parameters and the results of its cases", () => {
    expect(shipped.conditions.map(({ id }) => id)).toContain("six-months");
    expect(shipped.caseResults.every(({ agrees }) => agrees)).toBe(true);
    expect(shipped.parameters.find(({ name }) => name === "补助标准")).toMatchObject({
      kind: "fen",
      openTo: [],
      values: [{ value: 30_000, basis: { article: "（四）" } }],
    });
  });

  it("is checked without being kept: mistakes with their places, cases, one person", async () => {
    const wrong = shipped.yaml.replace("feel: 劳动者.脱贫人口 }", "feel: 劳动者.脱贫户 }");
    const asked = { path: MEASURE, cases: shipped.casesYaml, personId };
    const checked = await desk.ask(author, checkRule, { ...asked, source: wrong });
    expect(checked.problems[0]).toMatchObject({ code: "feel.unknown-name", file: MEASURE });
    expect(wrong.split("\n")[checked.problems[0]!.line - 1]).toContain("脱贫户");

    const sound = await desk.ask(author, checkRule, { ...asked, source: shipped.yaml });
    expect(sound.problems).toEqual([]);
    expect(sound.rows.map(({ explanation }) => explanation.outcome)).toEqual(["ELIGIBLE"]);
  });

  it("shows a person only to whoever may see results, and only of his area", async () => {
    const asked = { path: MEASURE, source: shipped.yaml, cases: null, personId };
    expect(await desk.refusal(officerOf("43", [policyPermissions.read]), checkRule, asked)).toBe(
      "platform.not-permitted",
    );
    expect(await desk.refusal(officerOf("4333"), checkRule, asked)).toBe("platform.not-found");
  });

  it("is not proposed while it has mistakes", async () => {
    const { versionId } = await draftOf(shipped.yaml.replace("amount: {", "amounts: {"));
    expect(await desk.refusal(author, proposeRule, { versionId })).toBe("policy.rule-broken");
    await desk.ask(author, withdrawRule, { versionId });
    expect(await desk.refusal(author, proposeRule, { versionId })).toBe("policy.not-possible");
  });

  it("is written by one at a time, by officers of its division, under a path of the rulebook", async () => {
    const { versionId, lock } = await draftOf(shipped.yaml);
    const text = { versionId, path: MEASURE, source: inFiveMonths(), cases: null };
    await desk.ask(author, saveDraft, { ...text, lock });
    expect(await desk.refusal(second, saveDraft, { ...text, lock })).toBe("policy.changed-meanwhile");
    expect(await desk.refusal(officerOf("62"), saveDraft, { ...text, lock: lock + 1 })).toBe("policy.outside-division");
    expect(await desk.refusal(author, saveDraft, { ...text, path: "policies/other.yaml" })).toBe("policy.path-fixed");
    await desk.ask(author, withdrawRule, { versionId });
  });

  it("is read by those who write and approve alone until it is published", async () => {
    const { versionId } = await draftOf(inFiveMonths());
    const reader = officerOf("43", [policyPermissions.read, policyPermissions.simulate]);
    const approver = officerOf("43", [policyPermissions.read, policyPermissions.publish]);
    expect(await desk.refusal(reader, getRule, { versionId })).toBe("platform.not-found");
    expect(await desk.refusal(reader, exportRule, { versionId })).toBe("platform.not-found");
    expect(await desk.refusal(reader, simulateRule, { versionId })).toBe("platform.not-found");
    expect(await desk.refusal(reader, simulateRule, { versionId: shipped.versionId, beside: versionId })).toBe(
      "platform.not-found",
    );
    expect((await desk.ask(reader, listRules, {})).waiting).toEqual([]);
    const seen = await desk.ask(reader, getRule, { versionId: shipped.versionId });
    expect(seen.versions.map((one) => one.versionId)).not.toContain(versionId);
    expect((await desk.ask(approver, getRule, { versionId })).yaml).toContain("满月日(就业.开始日期, 5)");
    expect((await desk.ask(approver, listRules, {})).waiting.map((one) => one.versionId)).toContain(versionId);
    await desk.ask(author, withdrawRule, { versionId });
  });

  it("is published by a second officer, who says why when the gate stops, and takes the place of what was in force", async () => {
    const { versionId } = await draftOf(inFiveMonths());
    await desk.ask(author, proposeRule, { versionId });
    expect(await desk.refusal(second, publishRule, { versionId })).toBe("policy.gate-not-done");
    await desk.work();

    const proposed = await desk.ask(author, getRule, { versionId });
    expect(proposed).toMatchObject({ state: "proposed", ownDraft: true, ownDivision: true });
    const findings = new Map(proposed.gate!.findings.map(({ code, weight }) => [code, weight]));
    // The cases still say six months, and half as many again would be paid.
    expect(findings.get("cases.disagree")).toBe("stop");
    expect(findings.get("change.much")).toBe("stop");

    expect(await desk.refusal(author, publishRule, { versionId, reason: "自己发布" })).toBe("policy.own-draft");
    expect(await desk.refusal(second, publishRule, { versionId })).toBe("policy.gate-stops");
    await desk.ask(second, publishRule, { versionId, reason: "上级已批准试行" });
    await desk.work();

    const published = await desk.ask(second, getRule, { versionId });
    expect(published).toMatchObject({
      state: "published",
      overrideReason: "上级已批准试行",
      basedOn: shipped.versionId,
    });
    expect(published.versions.find((one) => one.versionId === shipped.versionId)!.state).toBe("superseded");
    expect(published.outcomesByCounty).toMatchObject([
      { county: "433124", outcome: "ELIGIBLE", rows: 2, amountFen: 60_000 },
    ]);
    await expect(
      desk.owner.query("UPDATE policy.version SET source = 'x' WHERE version_id = $1", [versionId]),
    ).rejects.toThrow("never changed");
  });

  it("goes back to whoever drafted it", async () => {
    const { versionId } = await draftOf(shipped.yaml);
    await desk.ask(author, proposeRule, { versionId });
    await desk.ask(second, returnRule, { versionId, reason: "请补充依据" });
    const { rows, waiting } = await desk.ask(author, listRules, { words: "劳务输出就业创业服务补助" });
    expect(waiting.map((one) => [one.versionId, one.state])).toContainEqual([versionId, "draft"]);
    expect(rows[0]!.tally).toMatchObject({ eligible: 2, amountFen: 60_000, waiting: 0 });
  });

  it("stands in the library of its own area, and of every area for whoever asks for its document", async () => {
    const elsewhere = officerOf("62");
    const titles = async (input: { text?: string }) =>
      (await desk.ask(elsewhere, listRules, { kind: "measure", ...input })).rows.map(({ region }) => region);
    expect(new Set(await titles({}))).toEqual(new Set(["620000"]));
    expect(await titles({ text: "hn-2021-10" })).toContain("430000");
  });

  it("is screened with all others when somebody asks, and its results say meanwhile that they are being made", async () => {
    const isScreening = async () => (await desk.ask(officerOf("433124"), summariseResults, {})).screening;
    await desk.work();
    expect(await isScreening()).toBe(false);
    await desk.ask(author, screenNow, {});
    expect(await isScreening()).toBe(true);
    await desk.work();
    expect(await isScreening()).toBe(false);
  });
});
