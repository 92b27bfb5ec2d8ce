import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addOfficer, modules, signedIn, testSite, type Browser, type TestSite } from "../../src/identity/fixtures.ts";
import { traceIds } from "../../src/platform/telemetry/index.ts";
import { find, getPerson, listPersons } from "../../src/registry/contract.ts";
import { addPerson, type AddedPerson } from "../../src/registry/fixtures.ts";
import type { DomainModule } from "../../src/platform/module.ts";
import { action } from "../../src/platform/contract.ts";
import { handle } from "../../src/platform/module.ts";
import { drainQueue } from "../../src/platform/tasks/worker.ts";
import { z } from "zod";

const spans = new InMemorySpanExporter();
const lines: string[] = [];
const log = pino({ level: "info", mixin: traceIds }, { write: (line: string) => void lines.push(line) });
const VILLAGE = "433124110226";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

const askWork = action({
  path: "/api/trial/work",
  summary: "试办",
  access: "signed-in",
  input: z.object({}),
  output: z.object({ taskId: z.string() }),
});
/** Work that is asked for by a request, as imports are. */
const trial: DomainModule = {
  name: "trial-work",
  handlers: [
    handle(askWork, async (context) => ({
      taskId: await context.enqueue({ name: "trial.work", payload: {}, subject: "trial", region: "433124" }),
    })),
  ],
  tasks: [
    {
      name: "trial.work",
      async run({ services }) {
        await services.database.pools.worker.query("SELECT 2 AS worked");
        services.log.info("worked");
      },
    },
  ],
};

let site: TestSite;
let person: AddedPerson;
let browser: Browser;
const all = [...modules, trial];
beforeAll(async () => {
  site = await testSite({
    modules: all,
    spans: new SimpleSpanProcessor({ exporter: spans }),
    config: { slowMs: 1 },
    log: log as never,
  });
  person = await addPerson(site.owner, site.runtime, { name: "龙建平", phone: "13807430001", homeRegion: VILLAGE });
  browser = await signedIn(site.server, (await addOfficer(site.owner)).login);
});
beforeEach(() => {
  spans.reset();
  lines.length = 0;
});
afterAll(() => site?.close());

const headers = { traceparent: TRACEPARENT };
const named = (name: RegExp) => spans.getFinishedSpans().filter((span) => name.test(span.name));
const everythingOf = (list: readonly ReadableSpan[]) =>
  JSON.stringify(
    list.map(({ name, attributes, events, status, resource }) => ({
      name,
      attributes,
      events,
      status,
      resource: resource.attributes,
    })),
  );

describe("a trace", () => {
  test("leads from the request by the act to the statements, and begins where the caller's began", async () => {
    await browser.ask(listPersons, { name: "龙建平" }, headers);
    const [request] = named(/^GET \/api\/registry\/persons$/);
    const [act] = named(/^act GET \/api\/registry\/persons$/);
    const statements = named(/^select registry\.person/);
    expect(request?.spanContext().traceId).toBe(TRACE);
    expect(request?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
    expect(act?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      expect(statement.spanContext().traceId).toBe(TRACE);
      expect(statement.parentSpanContext?.spanId).toBe(act?.spanContext().spanId);
    }
    expect(request?.attributes).toMatchObject({
      "http.route": "/api/registry/persons",
      "http.response.status_code": 200,
    });
  });

  test("goes on in the worker that does what the request asked for, and stands in the log's lines", async () => {
    await browser.ask(askWork, {}, headers);
    await drainQueue(site.runtime, all);
    const [task] = named(/^task trial\.work$/);
    expect(task?.spanContext().traceId).toBe(TRACE);
    expect(
      named(/^select [0-9a-f]{8}$/).some((span) => span.parentSpanContext?.spanId === task?.spanContext().spanId),
    ).toBe(true);
    const worked = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ msg }) => msg === "worked");
    expect(worked).toMatchObject({ trace_id: TRACE, span_id: task?.spanContext().spanId });
  });

  test("a malformed or empty one from outside is replaced", async () => {
    for (const traceparent of ["nonsense", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, "a".repeat(5_000)]) {
      spans.reset();
      await browser.ask(listPersons, {}, { traceparent });
      const [request] = named(/^GET /);
      expect(request?.parentSpanContext).toBeUndefined();
      expect(request?.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    }
  });
});

describe("metrics", () => {
  test("time requests by the pattern of their route, statements by name, and count what was refused", async () => {
    await browser.ask(getPerson, { personId: person.personId });
    await browser.ask(getPerson, { personId: "999999999999" });
    const text = await site.runtime.telemetry.exposition();
    expect(text).toMatch(
      /http_server_request_duration_count\{.*http_route="\/api\/registry\/persons\/:personId".*http_response_status_code="200"/,
    );
    expect(text).toMatch(
      /http_server_request_duration_count\{.*http_route="\/api\/registry\/persons\/:personId".*http_response_status_code="404"/,
    );
    expect(text).toMatch(
      /db_client_operation_duration_count\{.*db_query_summary="select identity\.use_session [0-9a-f]{8}"/,
    );
    expect(text).toMatch(/wengang_acts_total\{kind="sign-in",outcome="done"\} \d/);
    expect(text).toMatch(/wengang_load_running\{/);
  });
});

test("no number, name, phone or place of anybody stands in a metric, a trace, a log line or the list of slow statements", async () => {
  await browser.ask(listPersons, { name: "龙建平", region: VILLAGE }, headers);
  await browser.ask(find, { text: person.identity }, headers);
  await browser.ask(find, { text: "13807430001" }, headers);
  await browser.ask(getPerson, { personId: person.personId }, headers);
  // An address with a number in it, which no route has.
  await site.server.inject({ url: `/api/registry/persons/${person.identity}/x?name=龙建平` });
  // A statement that carries its values in its text, and one that fails on them.
  await site.runtime.database.pools.app.query(
    `SELECT pg_sleep(0.01), '${person.identity}' AS number, '龙建平' AS name`,
  );
  await site.runtime.database.pools.app.query(`SELECT '${person.identity}'::date`).catch(() => {});
  const slow = await slowStatements();
  const told = [
    await site.runtime.telemetry.exposition(),
    everythingOf(spans.getFinishedSpans()),
    lines.join("\n"),
    JSON.stringify(slow),
  ];
  for (const text of told)
    for (const secret of [
      person.identity,
      person.identity.slice(0, 14),
      "龙建平",
      "13807430001",
      VILLAGE,
      person.personId,
    ])
      expect(text).not.toContain(secret);
});

test("slow statements are noted with time, rows, kind of scope, trace and plan", async () => {
  await site.runtime.database.pools.app.query(
    "SELECT officer_id, pg_sleep(0.02) FROM identity.officer WHERE login = 'nobody' OR true LIMIT 1",
  );
  const slow = await slowStatements();
  const own = slow.find(({ text }) => text.includes("pg_sleep(?)") && text.includes("identity.officer"));
  expect(own).toMatchObject({ role: "wengang_app", scope_kind: "none", rows: "0" });
  expect(own!.milliseconds).toBeGreaterThanOrEqual(1);
  expect(own!.text).toBe("SELECT officer_id, pg_sleep(?) FROM identity.officer WHERE login = ? OR true LIMIT ?");
  const under = slow.filter(({ trace_id }) => trace_id === TRACE);
  expect(under.some(({ scope_kind }) => scope_kind === "region")).toBe(true);
  const planned = slow.find(({ plan }) => plan !== null);
  expect(planned?.plan).toMatchObject({ node: expect.any(String), rows: expect.any(Number), cost: expect.any(Number) });
  expect(JSON.stringify(slow.map(({ plan }) => plan))).not.toMatch(/Filter|Cond|nobody/);
});

interface SlowRow {
  readonly role: string;
  readonly name: string;
  readonly text: string;
  readonly milliseconds: number;
  readonly rows: string;
  readonly scope_kind: string;
  readonly trace_id: string | null;
  readonly plan: Record<string, unknown> | null;
}

/** They are written every two seconds. */
async function slowStatements(): Promise<SlowRow[]> {
  await sleep(3_000);
  return (await site.owner.query<SlowRow>("SELECT * FROM platform.slow_statement ORDER BY slow_id")).rows;
}
