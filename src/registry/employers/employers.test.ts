import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { creditCheckCharacter } from "../dictionaries/credit-code.ts";
import { addEmployment, addPerson, ask, callerIn, recordingGate } from "../fixtures.ts";
import { registryModule } from "../module.ts";
import { getPerson } from "../persons/page-contract.ts";
import {
  createEmployer,
  editEmployer,
  getEmployer,
  linkEmployerName,
  listEmployers,
  listEmployerWorkers,
  listUnlinkedNames,
  suggestEmployers,
  unlinkEmployerName,
} from "./contract.ts";
import { employerKey, likenessOfNames, normaliseEmployerName, tellingPairs } from "./names.ts";

describe("names of employers", () => {
  it.each([
    ["　东莞锦达电子有限公司 ", "东莞锦达电子有限公司"],
    ["东莞锦达电子有限公司。", "东莞锦达电子有限公司"],
    ["锦达（东莞）电子Ｃｏ", "锦达(东莞)电子CO"],
    ["“锦达”", "锦达"],
  ])("reads %s as %s", (written, normal) => {
    expect(normaliseEmployerName(written)).toBe(normal);
    expect(employerKey(written)).toBe(employerKey(normal));
  });

  it("gives every name a positive 63-bit key that does not change by normalising again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const key = BigInt(employerKey(name));
        expect(key >= 0n && key < 2n ** 63n).toBe(true);
        expect(employerKey(normaliseEmployerName(name))).toBe(employerKey(name));
      }),
      // One letter becomes two when made large, and these compose again; spaces once taken out bring marks to letters.
      { examples: [["ΐ"], ["e\u200D\u0301"]] },
    );
  });

  it("finds the same employer under other wordings more alike than others", () => {
    const same = likenessOfNames("锦达电子", "东莞市锦达电子科技有限公司");
    expect(same).toBeGreaterThan(likenessOfNames("锦达电子", "东莞市华星电子有限公司"));
    expect(likenessOfNames("锦达电子厂", "锦达电子厂 ")).toBe(100);
    expect(likenessOfNames("锦达", "花垣兴农合作社")).toBe(0);
    expect(tellingPairs("花垣县兴农农民专业合作社")).toContain("兴农");
    expect(tellingPairs("工厂").length).toBeGreaterThan(0);
  });
});

describe("the register of employers", () => {
  let runtime: TestRuntime;
  let owner: Client;
  const gate = recordingGate();
  const clerk = callerIn("433124");
  const seventeen = "91431900MA4L1X7K8";
  const creditCode = seventeen + creditCheckCharacter(seventeen)!;

  beforeAll(async () => {
    runtime = await testRuntime([registryModule], { businessDate: "2025-06-18" });
    owner = await runtime.owner();
    for (const [home, employerName] of [
      ["433124110226", "东莞锦达电子有限公司"],
      ["433124110226", "锦达电子"],
      ["433124110227", "锦达电子"],
      ["622927101201", "锦达电子"],
    ] as const) {
      await addEmployment(owner, await addPerson(owner, runtime, { homeRegion: home }), {
        employerName,
        workRegion: "441900",
      });
    }
    await addEmployment(owner, await addPerson(owner, runtime, { homeRegion: "433124110226" }), {
      employerName: "锦达电子",
      endDate: "2025-05-01",
    });
  });
  afterAll(() => runtime.close());

  it("lists written names by the workers now at work, registers one, links another, and takes the link back", async () => {
    const names = await ask(runtime, gate, clerk, listUnlinkedNames, {});
    expect(names.rows.map((row) => [row.name, row.workers])).toEqual([
      ["锦达电子", 2],
      ["东莞锦达电子有限公司", 1],
    ]);

    const { employerId } = await ask(runtime, gate, clerk, createEmployer, {
      name: "东莞锦达电子有限公司",
      creditCode: creditCode.toLowerCase(),
      region: "441900",
      kind: "enterprise",
    });
    const [suggestion] = await ask(runtime, gate, clerk, suggestEmployers, { name: "锦达电子" });
    expect(suggestion).toMatchObject({ employerId, creditCode });
    const { rows } = await ask(runtime, gate, clerk, listUnlinkedNames, {});
    expect(rows.map((row) => row.name)).toEqual(["锦达电子"]);
    expect(await ask(runtime, gate, clerk, linkEmployerName, { nameKeys: [rows[0]!.nameKey], employerId })).toEqual({
      linked: 1,
      workers: 2,
    });

    const employer = await ask(runtime, gate, clerk, getEmployer, { employerId });
    expect(employer).toMatchObject({ workers: 3, names: 2, region: { code: "441900" } });
    const workers = await ask(runtime, gate, clerk, listEmployerWorkers, { employerId });
    expect(workers.total).toBe(3);
    expect(workers.rows.every((row) => row.own && row.name !== "")).toBe(true);
    const page = await ask(runtime, gate, clerk, getPerson, { personId: workers.rows[0]!.personId });
    expect(page.employments[0]!.employerId).toBe(employerId);
    expect((await ask(runtime, gate, callerIn("622927"), getEmployer, { employerId })).workers).toBe(1);

    await ask(runtime, gate, clerk, unlinkEmployerName, { nameKey: rows[0]!.nameKey, employerId });
    expect((await ask(runtime, gate, clerk, listUnlinkedNames, {})).total).toBe(1);
  });

  it("refuses a false or taken credit code, another county's place, and a stale version", async () => {
    const base = { name: "另一家测试公司" };
    await expect(ask(runtime, gate, clerk, createEmployer, { ...base, creditCode: `${seventeen}0` })).rejects.toThrow(
      "校验位不符",
    );
    await expect(ask(runtime, gate, clerk, createEmployer, { ...base, creditCode })).rejects.toThrow(
      "已登记为另一家单位",
    );
    await expect(ask(runtime, gate, clerk, createEmployer, { ...base, region: "433123" })).rejects.toThrow(
      "不在您的管辖范围内",
    );
    await expect(ask(runtime, gate, clerk, createEmployer, { ...base, region: "999999" })).rejects.toThrow(
      "不在区划库中",
    );
    const { employerId } = await ask(runtime, gate, clerk, createEmployer, { ...base, region: "433124" });
    await expect(
      ask(runtime, gate, clerk, editEmployer, { ...base, employerId, version: 1, creditCode }),
    ).rejects.toThrow("已登记为另一家单位");
    expect(
      await ask(runtime, gate, clerk, editEmployer, {
        ...base,
        employerId,
        version: 1,
        region: "433124",
        status: "closed",
      }),
    ).toEqual({ version: 2 });
    await expect(ask(runtime, gate, clerk, editEmployer, { ...base, employerId, version: 1 })).rejects.toThrow(
      "已被他人修改",
    );
    await expect(ask(runtime, gate, callerIn("433123"), getEmployer, { employerId })).rejects.toThrow("没有找到该单位");
    expect((await ask(runtime, gate, callerIn("433123"), listEmployers, { text: "另一家" })).total).toBe(0);
    expect((await ask(runtime, gate, clerk, listEmployers, { text: creditCode })).total).toBe(1);
  });
});
