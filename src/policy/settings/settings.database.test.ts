import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RequestOf } from "../../platform/contract.ts";
import { officerOf, openDesk, type Desk } from "../desk-fixtures.ts";
import { listParameters, removeParameter, setParameter } from "../contract.ts";

const city = officerOf("4331");
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

const WAGE = "minimum-wage-monthly";
const ALLOWANCE = "village-post-allowance/430000:岗位补贴标准";
const given = (change: Partial<RequestOf<typeof setParameter>>): RequestOf<typeof setParameter> => ({
  parameter: ALLOWANCE,
  region: "433100",
  forCase: null,
  value: 90_000,
  from: "2025-01-01",
  to: null,
  document: "州人社发〔2025〕1号（测试）",
  documentDate: "2025-01-01",
  ...change,
});
const parameter = async (name: string) =>
  (await desk.ask(city, listParameters, {})).rows.find((row) => row.parameter === name)!;

describe("a standard that the law leaves to a locality", () => {
  it("says to whom it is open, and whether the asker may set it", async () => {
    expect(await parameter(ALLOWANCE)).toMatchObject({ openTo: ["市"], maySet: true, settings: [] });
    const county = (await desk.ask(officerOf("433124"), listParameters, {})).rows;
    expect(county.find((row) => row.parameter === ALLOWANCE)!.maySet).toBe(false);
    const other = (await desk.ask(officerOf("6229"), listParameters, {})).rows;
    expect(other.find((row) => row.parameter === ALLOWANCE)!.maySet).toBe(false);
  });

  it("is not set while that which bounds it is unknown", async () => {
    expect(await desk.refusal(city, setParameter, given({}))).toBe("policy.setting-refused");
    await desk.ask(city, setParameter, given({ parameter: WAGE, value: 170_000, from: "2024-09-01" }));
  });

  it("is set within its bounds and refused outside of them", async () => {
    await desk.ask(city, setParameter, given({}));
    expect(await desk.refusal(city, setParameter, given({ value: 180_000, from: "2025-02-01" }))).toBe(
      "policy.setting-refused",
    );
    expect(await desk.refusal(city, setParameter, given({ value: 80_000, from: "2025-02-01" }))).toBe(
      "policy.setting-refused",
    );
    expect((await parameter(ALLOWANCE)).settings).toMatchObject([
      { regionName: "湘西土家族苗族自治州", value: 90_000, from: "2025-01-01", sample: false, own: true },
    ]);
  });

  it("is refused to other levels, other areas, another kind of value, and twice on one day", async () => {
    expect(await desk.refusal(city, setParameter, given({ region: "433124" }))).toBe("policy.setting-refused");
    expect(await desk.refusal(city, setParameter, given({ region: "430100" }))).toBe("policy.outside-division");
    expect(await desk.refusal(city, setParameter, given({ value: "九百", from: "2025-03-01" }))).toBe(
      "policy.setting-refused",
    );
    expect(await desk.refusal(city, setParameter, given({}))).toBe("policy.setting-twice");
    expect(await desk.refusal(city, setParameter, given({ parameter: "no-such-thing" }))).toBe(
      "policy.parameter-unknown",
    );
    const fixed = given({ parameter: "export-introduction/430000:补助标准", value: 40_000 });
    expect(await desk.refusal(city, setParameter, fixed)).toBe("policy.setting-refused");
  });

  it("is withdrawn by its own area only; whoever read it is screened anew", async () => {
    const [setting] = (await parameter(ALLOWANCE)).settings;
    const { settingId } = setting!;
    expect(await desk.refusal(officerOf("4301"), removeParameter, { settingId })).toBe("platform.not-found");
    await desk.work();
    await desk.ask(city, removeParameter, { settingId });
    const waiting = await desk.owner.query(
      "SELECT 1 FROM platform.task WHERE name = 'policy.screen-rule' AND state = 'queued'",
    );
    expect(waiting.rowCount).toBe(1);
    expect((await parameter(ALLOWANCE)).settings).toEqual([]);
  });
});
