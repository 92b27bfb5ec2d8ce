import type { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { registryModule } from "#registry";
import { runAct } from "../platform/http/run-action.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { addEmployment, addPerson, callerIn, insert, recordingGate, type AddedPerson } from "../registry/fixtures.ts";
import { countMonitored, listMonitored, type MonitoredRow } from "./contract.ts";
import { monitoredModule } from "./module.ts";

const HOME = "433124110226";
let runtime: TestRuntime;
let owner: Client;
// Help that some domain would keep: a relation that the test fills.
const helps = [{ label: "职业介绍", rows: "SELECT person_id, given_on, detail FROM test_help" }];
const module = monitoredModule(helps);

beforeAll(async () => {
  runtime = await testRuntime([registryModule, module], { businessDate: "2025-06-18" });
  owner = await runtime.owner();
  await owner.query("CREATE TABLE public.test_help (person_id bigint, given_on date, detail text)");
  await owner.query("GRANT SELECT ON public.test_help TO wengang_app");
});
afterAll(() => runtime?.close());

async function add(foundOn: string, columns: Record<string, string> = {}, home = HOME): Promise<AddedPerson> {
  const person = await addPerson(owner, runtime, { homeRegion: home, columns });
  await insert(owner, "registry.person_category", {
    person_id: person.personId,
    category: "monitored",
    valid_from: foundOn,
    detail: "突发严重困难户",
    home_region: home,
    recorded_on: "2025-06-01",
    source: 2,
  });
  return person;
}

const ask = async <T>(route: (typeof module.handlers & object)[number]["route"], input: object, region = "433124") => {
  const handler = module.handlers!.find((one) => one.route === route)!;
  const request = { ip: "127.0.0.1", userAgent: "test" };
  return (await runAct(runtime, recordingGate(), { handler, caller: callerIn(region), input, request })) as T;
};

it("stamps finding, help and work, counts the days, and says who waits too long", async () => {
  const late = await add("2025-03-01");
  const waiting = await add("2025-06-10");
  const working = await add("2025-04-01");
  await addEmployment(owner, working, { startDate: "2025-05-01" });
  const before = await add("2025-04-01");
  await addEmployment(owner, before, { startDate: "2025-01-01" });
  const introduced = await add("2025-05-01");
  await owner.query(
    "INSERT INTO public.test_help VALUES ($1, '2025-05-11', '锦达电子'), ($1, '2025-04-01', '早于发现'), ($2, '2025-06-30', '日后')",
    [introduced.personId, waiting.personId],
  );
  const unable = await add("2024-01-01", { labour_capacity: "lost" });
  const { rows, total } = await ask<{ rows: MonitoredRow[]; total: number }>(listMonitored, {});
  expect(total).toBe(6);
  const of = (person: AddedPerson) => rows.find(({ personId }) => personId === person.personId);
  expect(rows[0]!.personId).toBe(late.personId);
  expect(of(late)).toMatchObject({ stage: "found", helpDays: 109, workDays: 109, late: ["help", "work"] });
  expect(of(waiting)).toMatchObject({ stage: "found", helpDays: 8, late: [], helped: null });
  expect(of(working)).toMatchObject({ stage: "employed", workDays: 30, helpDays: null, late: [] });
  expect(of(before)).toMatchObject({ stage: "employed", workDays: 0 });
  expect(of(introduced)).toMatchObject({
    stage: "helped",
    helpDays: 10,
    helped: { on: "2025-05-11", sourceLabel: "职业介绍" },
  });
  expect(of(unable)).toMatchObject({ stage: "unable", late: [] });
});

it("counts by town, within the asker's area only", async () => {
  await add("2025-03-01", {}, "370831101219");
  const counts = await ask<{ region: { code: string }; total: number; lateHelp: number }[]>(countMonitored, {});
  expect(counts).toMatchObject([{ region: { code: "433124110" }, total: 6, lateHelp: 1 }]);
});
