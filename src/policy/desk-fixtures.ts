import { exportsModule } from "#exports";
import type { Client } from "pg";
import { registryModule } from "#registry";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { runAct } from "../platform/http/run-action.ts";
import type { Caller } from "../platform/module.ts";
import { drainQueue } from "../platform/tasks/worker.ts";
import { testRuntime, type TestRuntime } from "../platform/testing/index.ts";
import { registersTables } from "../registers/fixtures.ts";
import { addPerson, callerIn, insert, recordingGate } from "../registry/fixtures.ts";
import { noClaims } from "./fixtures.ts";
import { DICTIONARIES } from "./facts/index.ts";
import { sharedSource } from "./facts/shared-rows.ts";
import { policyModule } from "./module.ts";
import { policyPermissions } from "./permissions.ts";

/** The rulebook at work for tests: an installation whose facts are all rows handed over, and officers who ask. */

const sources = DICTIONARIES.map(sharedSource);
const policy = policyModule({ sources, claims: noClaims(sources) });
const modules = [exportsModule(() => []), registryModule, registersTables, policy];

export const AS_OF = "2025-06-18";
export const MEASURE = "policies/measures/export-introduction/430000.yaml";

export interface Desk {
  readonly runtime: TestRuntime;
  readonly owner: Client;
  ask<R extends Route>(caller: Caller, route: R, input: RequestOf<R>): Promise<OutputOf<R>>;
  /** The code with which a route refuses. */
  refusal<R extends Route>(caller: Caller, route: R, input: RequestOf<R>): Promise<string>;
  /** Does what waits in the queue. */
  work(): Promise<void>;
  /** Number of the version in force at a path. */
  inForce(path: string): Promise<string>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const runtime = await testRuntime(modules, { businessDate: AS_OF });
  const owner = await runtime.owner();
  const gate = recordingGate();
  const ask: Desk["ask"] = async (caller, route, input) => {
    const handler = policy.handlers!.find((one) => one.route === (route as Route))!;
    const request = { ip: "127.0.0.1", userAgent: "test" };
    const result = await runAct(runtime, gate, { handler, caller, input, request });
    return (route.kind === "download" ? result : route.output.parse(result)) as OutputOf<typeof route>;
  };
  return {
    runtime,
    owner,
    ask,
    async refusal(caller, route, input) {
      return ask(caller, route, input).then(
        () => "nothing",
        (cause: { problem?: { code: string } }) => cause.problem?.code ?? "a fault",
      );
    },
    work: () => drainQueue(runtime, modules),
    async inForce(path) {
      const { rows } = await owner.query<{ version_id: string }>(
        "SELECT version_id FROM policy.version WHERE path = $1 AND state = 'published'",
        [path],
      );
      return rows[0]!.version_id;
    },
    close: () => runtime.close(),
  };
}

let officers = 100;

/** An officer of an area with every permission of the rulebook, each time another one. */
export function officerOf(region: string, permissions: readonly string[] = Object.values(policyPermissions)): Caller {
  officers += 1;
  const officerId = String(officers);
  const caller = callerIn(region, permissions);
  return { ...caller, officerId, name: `经办${officerId}`, sight: { ...caller.sight, officerId } };
}

let made = 0;

/** Somebody lifted from poverty, introduced to work in another province from a day on: everything holds but perhaps the months. */
export async function addIntroduction(
  desk: Desk,
  given: { readonly startedOn: string; readonly village?: string; readonly facts?: Readonly<Record<string, unknown>> },
): Promise<string> {
  const village = given.village ?? "433124110226";
  const person = await addPerson(desk.owner, desk.runtime, { homeRegion: village, birthDate: "1990-03-05" });
  await insert(desk.owner, "registry.person_category", {
    person_id: person.personId,
    category: "lifted-from-poverty",
    valid_from: "2018-12-31",
    home_region: village,
    recorded_on: "2025-05-20",
    source: 2,
  });
  made += 1;
  await insert(desk.owner, "policy.fact_row", {
    source: "劳务介绍",
    code: `J${made}`,
    region: village.slice(0, 6),
    recorded_on: AS_OF,
    person_id: person.personId,
    facts: JSON.stringify({
      agency_id: "A1",
      agency_kind: "人力资源服务机构",
      agency_qualified: true,
      agency_code: "A1",
      introduced_by: "A1",
      organised: true,
      purchased: true,
      work_county: "440306",
      started_on: given.startedOn,
      ...given.facts,
    }),
  });
  return person.personId;
}
