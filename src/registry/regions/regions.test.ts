import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { fieldAuthority } from "../authority.ts";
import { ask, callerIn, recordingGate } from "../fixtures.ts";
import { registryModule } from "../module.ts";
import { sourceNumbers } from "../sources.ts";
import {
  addRegionAlias,
  getRegionPath,
  listRegionAliases,
  listRegionChildren,
  removeRegionAlias,
  searchRegions,
} from "./contract.ts";
import { loadRegionIndex } from "./store.ts";

let runtime: TestRuntime;
const gate = recordingGate();
const clerk = callerIn("433124");

beforeAll(async () => {
  runtime = await testRuntime([registryModule], { businessDate: "2025-06-18" });
});
afterAll(() => runtime.close());

describe("a new installation", () => {
  it("has the divisions of the country, with the villages of the hosted areas, and preparing it again changes nothing", async () => {
    const owner = await runtime.owner();
    const state = async () =>
      (
        await owner.query(`SELECT (SELECT md5(string_agg(r::text, '' ORDER BY code COLLATE "C")) FROM registry.region r) AS regions, (SELECT count(*)::int FROM registry.region) AS n,
        (SELECT md5(string_agg(a::text, '' ORDER BY entity, field, source)) FROM registry.field_authority a) AS authority, (SELECT count(*)::int FROM registry.source) AS sources`)
      ).rows[0];
    const before = await state();
    expect(before).toMatchObject({ sources: 10 });
    expect(before.n).toBeGreaterThan(55_000);
    await owner.query(
      "UPDATE registry.field_authority SET rank = 9 WHERE entity = 'person' AND field = 'name' AND source = 1",
    );
    const changed = await state();
    await registryModule.prepare!(runtime);
    expect(await state()).toEqual(changed);
    const { rows } = await owner.query(
      "SELECT code FROM registry.region WHERE hosted AND length(code) = 4 AND code LIKE '37%'",
    );
    expect(rows).toEqual([{ code: "3708" }]);
  });

  it("believes the register for names, the office for phones, the payroll for wages and insurance for ends", async () => {
    const authority = await runtime.database.app.transaction().execute(fieldAuthority);
    const { officer, payroll } = sourceNumbers;
    const ledger = sourceNumbers["work-ledger"];
    expect(authority.replaces("person", "name", ledger, sourceNumbers["assisted-list"])).toBe(false);
    expect(authority.replaces("person", "phone", officer, ledger)).toBe(true);
    expect(authority.replaces("person", "phone", ledger, officer)).toBe(false);
    expect(authority.replaces("person", "job_willing", ledger, officer)).toBe(true);
    expect(authority.replaces("employment", "monthly_wage_fen", ledger, payroll)).toBe(false);
    expect(authority.replaces("employment", "end_date", sourceNumbers["social-insurance"], ledger)).toBe(true);
    expect(authority.replaces("employment", "end_date", ledger, null)).toBe(true);
  });
});

describe("picking a region", () => {
  it("begins with the officer's own area and stays in it", async () => {
    expect((await ask(runtime, gate, clerk, listRegionChildren, {})).map((region) => region.name)).toEqual(["花垣县"]);
    const towns = await ask(runtime, gate, clerk, listRegionChildren, { parent: "433124" });
    expect(towns.map((town) => town.name)).toContain("双龙镇");
    expect(towns.every((town) => town.hasChildren)).toBe(true);
    await expect(ask(runtime, gate, clerk, listRegionChildren, { parent: "433123" })).rejects.toThrow(
      "不在您的管辖范围内",
    );
    expect(
      (await ask(runtime, gate, clerk, searchRegions, { text: "村", level: "village" })).every((region) =>
        region.code.startsWith("433124"),
      ),
    ).toBe(true);
    expect(await ask(runtime, gate, callerIn(null), listRegionChildren, {})).toEqual([]);
  });

  it("goes anywhere for places of work, and names any code by its path", async () => {
    expect(await ask(runtime, gate, clerk, listRegionChildren, { reach: "anywhere" })).toHaveLength(34);
    expect((await ask(runtime, gate, clerk, searchRegions, { text: "东莞", reach: "anywhere" }))[0]!.code).toBe("4419");
    expect(
      (await ask(runtime, gate, clerk, getRegionPath, { code: "433124110226" })).map((region) => region.name),
    ).toEqual(["湖南省", "湘西土家族苗族自治州", "花垣县", "双龙镇", "十八洞村"]);
  });
});

describe("aliases", () => {
  it("teach the matcher a name, within the officer's area, once, and can be taken back", async () => {
    const resolve = async () =>
      (await loadRegionIndex(runtime.database.app)).matcher.within("433124", { on: "2025-06-01" }).resolve("测竹寨村");
    expect((await resolve()).kind).toBe("unknown");
    const alias = { alias: "测竹寨村", code: "433124110226", renamed: true, validTo: "2016-12-31", note: "2016年合并" };
    const added = await ask(runtime, gate, clerk, addRegionAlias, alias);
    expect(added).toMatchObject({ alias: "测竹寨村", region: { name: "双龙镇 十八洞村" }, validFrom: null });
    expect(await resolve()).toMatchObject({ kind: "renamed", code: "433124110226", note: "2016年合并" });
    await expect(ask(runtime, gate, clerk, addRegionAlias, alias)).rejects.toThrow("已有相同的别名");
    await expect(ask(runtime, gate, clerk, addRegionAlias, { ...alias, code: "433123" })).rejects.toThrow(
      "不在您的管辖范围内",
    );
    await expect(
      ask(runtime, gate, clerk, addRegionAlias, { ...alias, alias: "又一村", validFrom: "2020-01-01" }),
    ).rejects.toThrow("启用日期应早于停用日期");
    expect((await ask(runtime, gate, callerIn("433123"), listRegionAliases, {})).total).toBe(0);
    expect((await ask(runtime, gate, clerk, listRegionAliases, { text: "竹寨" })).total).toBe(1);
    await expect(ask(runtime, gate, callerIn("433123"), removeRegionAlias, { aliasId: added.aliasId })).rejects.toThrow(
      "没有找到该别名",
    );
    await ask(runtime, gate, clerk, removeRegionAlias, { aliasId: added.aliasId });
    expect((await resolve()).kind).toBe("unknown");
  });

  it("of the demo fit the divisions", async () => {
    await registryModule.seedDemo!(runtime);
    await registryModule.seedDemo!(runtime);
    expect((await ask(runtime, gate, callerIn("43"), listRegionAliases, {})).total).toBeGreaterThan(5);
    expect((await loadRegionIndex(runtime.database.app)).divisions.size).toBeGreaterThan(55_000);
  });
});
