import { callerAtDesk, createGate } from "#identity";
import { applyBatch, ledgerModule, listBatches, receiveBatch } from "#ledger";
import { linkEmployersByOwnName, loadRegionIndex, loadSampleAliases, registryModule } from "#registry";
import { plantErrors } from "#plant";
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { sql, type RawBuilder } from "kysely";
import { addMonths, lastDay, monthOf } from "../../platform/dates/index.ts";
import { runAct } from "../../platform/http/run-action.ts";
import type { OutputOf, RequestOf, Route } from "../../platform/contract.ts";
import type { Services } from "../../platform/module.ts";
import { drainQueue } from "../../platform/tasks/worker.ts";
import { writeRenamedVillages } from "../plant-parameters.ts";
import { dayOf } from "../population.ts";
import type { DivisionRow } from "../territory.ts";
import { createPopulation, writeProvince } from "../write-province.ts";
import { loadSyntheticRegistry } from "./load-registry.ts";

interface DemoCounty {
  readonly region: string;
  readonly login: string;
  readonly persons: number;
}

/** The three counties of the demo, each with the clerk who works on its ledger and how many people it has. */
const DEMO_COUNTIES: readonly DemoCounty[] = [
  { region: "433124", login: "huayuan", persons: 20_000 },
  { region: "370831", login: "sishui", persons: 5_000 },
  { region: "622927", login: "jishishan", persons: 5_000 },
];

const SEED = "wengang-demo";
/** Months of contributions and wages that the demo's registers hold. */
const REGISTER_MONTHS = 1;
/** Errors of each kind in the file that a newcomer repairs. */
const ERRORS_OF_EACH_KIND = 3;
const FILE_LIMIT_BYTES = 2 ** 30;
export const DEMO_FILE_PURPOSE = "演示台账";

/**
 * Fills a demo installation: per county the registry as it stood two months before the business date, last month's ledger
 * applied through the very pipeline that officers use, and this month's ledger as a file to be downloaded and worked on. Two counties at a
 * time, so that one computes while the database works for the other. What an earlier attempt has done is left as it is.
 */
export async function seedDemo(services: Services, counties: readonly DemoCounty[] = DEMO_COUNTIES): Promise<void> {
  const { divisions } = await services.database.worker.transaction().execute((tx) => loadRegionIndex(tx));
  const all = [...divisions.values()];
  // One number for each spell of everybody: a county's begin where those of the counties before it end.
  let numbered = 0;
  const waiting = counties.map((county) => {
    const one = { ...county, numbered };
    // Whole households: a county has a few more people than it is asked for.
    numbered += 2 * county.persons;
    return one;
  });
  // The queue is one: its ledgers are worked on one after the other.
  let importing: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (importing = importing.then(work));
  const lane = async () => {
    for (let county = waiting.shift(); county !== undefined; county = waiting.shift())
      await seedCounty(services, county, all, inTurn);
  };
  await allOf([lane(), lane()]);
}

async function seedCounty(
  services: Services,
  { region, login, persons, numbered }: DemoCounty & { readonly numbered: number },
  divisions: readonly DivisionRow[],
  inTurn: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  // On 18 June the table of May is due (by the 20th); April's is in.
  const month = addMonths(monthOf(services.businessDate(region)), -1);
  const before = addMonths(month, -1);
  const size = { size: "county", seed: SEED, region, persons, divisions } as const;
  if (await holds(services, "registry.person", "home_region", region))
    await linkEmployersByOwnName(services.database.worker);
  else await loadSyntheticRegistry(services, createPopulation(size), lastDay(before), REGISTER_MONTHS, { numbered });
  const folder = await mkdtemp(join(tmpdir(), "wengang-demo-"));
  try {
    await writeProvince({ ...size, month: before, outFolder: join(folder, "before"), formats: ["csv"] });
    const [ledger] = (await readdir(join(folder, "before"))).filter((name) => name.endsWith(".csv"));
    const applied = inTurn(() => importApplied(services, login, before, join(folder, "before", ledger!)));
    await allOf([applied, keepFilesOf(services, region, month, size, folder)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** This month's ledgers, with errors of each kind planted in one of them. */
async function keepFilesOf(
  services: Services,
  region: string,
  month: string,
  size: Parameters<typeof createPopulation>[0],
  folder: string,
): Promise<void> {
  if (await holds(services, "platform.file", "region", region, DEMO_FILE_PURPOSE)) return;
  await writeProvince({
    ...size,
    month,
    outFolder: join(folder, "now"),
    formats: ["xlsx"],
    kinds: ["work-ledger", "post-roster"],
  });
  const files = (await readdir(join(folder, "now")))
    .filter((name) => name.endsWith(".xlsx"))
    .map((name) => join(folder, "now", name));
  const work = files.filter((file) => basename(file).includes("务工"));
  const renamedVillagesFile = join(folder, "renamed.tsv");
  const own = loadSampleAliases().filter((alias) => alias.code.startsWith(region));
  await writeRenamedVillages(renamedVillagesFile, own, size.divisions, dayOf(lastDay(month)));
  const planted = await plantErrors({
    files: work,
    outFolder: join(folder, "planted"),
    seed: SEED,
    counts: ERRORS_OF_EACH_KIND,
    renamedVillagesFile,
  });
  await keepFiles(services, region, month, [...planted.files, ...files.filter((one) => !work.includes(one))]);
}

/** Waits for all, also where one fails: nothing works on when the attempt is over. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === "rejected") throw one.reason;
}

/** Whether a table has rows of a county, of one purpose where files are meant. */
async function holds(
  services: Services,
  table: string,
  column: string,
  region: string,
  purpose?: string,
): Promise<boolean> {
  const found = await sql`SELECT 1 FROM ${sql.table(table)} WHERE starts_with(${sql.ref(column)}, ${region})
    ${purpose === undefined ? sql`` : sql`AND purpose = ${purpose}`} LIMIT 1`.execute(services.database.worker);
  return found.rows.length > 0;
}

/** Day of the following month on which the demo's last ledger came in: two days before it would have been late. */
const RECEIVED_ON_DAY = 18;

/** Last month's ledger, worked on in its own month by the county's clerk. */
async function importApplied(services: Services, login: string, month: string, path: string): Promise<void> {
  const receivedOn = `${addMonths(month, 1)}-${RECEIVED_ON_DAY}`;
  const then: Services = { ...services, businessDate: () => receivedOn };
  const kind = "work-ledger";
  const known = await actAs(then, login, listBatches, { kind, month, page: 1, size: 1 });
  const [earlier] = known.rows;
  if (earlier?.state === "applied") return;
  const { batchId } =
    earlier ?? (await actAs(then, login, receiveBatch, { kind, month, sender: "县农业农村局" }, path));
  await drainQueue(services, [ledgerModule]);
  await actAs(then, login, applyBatch, { batchId });
  await drainQueue(services, [ledgerModule]);
}

async function actAs<R extends Route>(
  services: Services,
  login: string,
  route: R,
  input: RequestOf<R>,
  path?: string,
): Promise<OutputOf<R>> {
  const modules = [registryModule, ledgerModule];
  const handler = ledgerModule.handlers!.find((one) => one.route === route)!;
  const caller = await callerAtDesk(services, modules, login);
  const file = path ? { fileId: "", name: basename(path), fields: {}, ...(await store(services, path)) } : undefined;
  return route.output.parse(
    await runAct(services, createGate(modules), {
      handler,
      caller,
      input,
      request: { ip: "", userAgent: "" },
      ...(file ? { file } : {}),
    }),
  ) as OutputOf<R>;
}

async function store(services: Services, path: string): Promise<{ key: string; bytes: number; sha256: string }> {
  const key = `demo/${randomUUID()}`;
  return { key, ...(await services.files.put(key, createReadStream(path), FILE_LIMIT_BYTES)) };
}

async function keepFiles(services: Services, region: string, month: string, paths: readonly string[]): Promise<void> {
  const rows: RawBuilder<unknown>[] = [];
  for (const path of paths) {
    const stored = await store(services, path);
    const kind = basename(path).includes("公益") ? "post-roster" : "work-ledger";
    rows.push(
      sql`(${stored.key}, ${basename(path)}, ${stored.bytes}::bigint, ${stored.sha256}, ${`${kind} ${month}`}, ${region}, ${DEMO_FILE_PURPOSE})`,
    );
  }
  // All of them or none: a first start that ended in between writes them again.
  await sql`INSERT INTO platform.file (key, name, bytes, sha256, media_type, region, purpose) VALUES ${sql.join(rows)}`.execute(
    services.database.worker,
  );
}
