import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { Tx } from "../../platform/db/database.ts";
import { regionExists } from "../cells/store.ts";
import { CREDIT_CODE_PROBLEM_LABELS, readCreditCode } from "../dictionaries/index.ts";
import { registryProblems } from "../problems.ts";
import { regionNames } from "../regions/store.ts";
import { sees, type Scope } from "../scope.ts";
import { sourceLabel } from "../sources.ts";
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
  type EmployerRow,
} from "./contract.ts";
import { employerKey, likenessOfNames, tellingPairs } from "./names.ts";
import {
  candidatesFor,
  employerExists,
  insertEmployer,
  isHosted,
  linkedNamesOf,
  linkName,
  listStoredEmployers,
  namesInUse,
  unlinkedNames,
  unlinkName,
  updateEmployer,
  workersOf,
  type EmployerValues,
  type StoredEmployer,
} from "./store.ts";

const MOST_CANDIDATES = 2_000;
const MOST_SUGGESTIONS = 8;
const LEAST_LIKENESS = 30;

async function toEmployerRows(tx: Tx, stored: readonly StoredEmployer[]): Promise<EmployerRow[]> {
  const nameOf = await regionNames(
    tx,
    stored.map((row) => row.region),
  );
  return stored.map((row) => ({
    employerId: row.employer_id,
    name: row.name,
    creditCode: row.credit_code,
    region: row.region === null ? null : nameOf(row.region),
    kind: row.kind,
    size: row.size,
    industry: row.industry,
    status: row.status,
    names: row.names,
    workers: row.workers,
    version: row.version,
  }));
}

/** The credit code checked and normalised; the region known, and in the officer's area or in nobody's. */
async function checked(tx: Tx, scope: Scope, values: EmployerValues): Promise<EmployerValues> {
  if (scope === null) refuse(platformProblems.outOfScope());
  if (values.region !== null && !(await regionExists(tx, values.region)))
    refuse(registryProblems.regionUnknown(values.region));
  if (values.region !== null && !sees(scope, values.region) && (await isHosted(tx, values.region)))
    refuse(platformProblems.outOfScope());
  if (values.creditCode === null || values.creditCode === "") return { ...values, creditCode: null };
  const reading = readCreditCode(values.creditCode);
  if (!reading.ok) return refuse(registryProblems.creditCodeInvalid(CREDIT_CODE_PROBLEM_LABELS[reading.problem]));
  return { ...values, creditCode: reading.code };
}

export const employerHandlers: readonly Handler[] = [
  handle(listEmployers, async ({ tx, caller }, { page, size, sort, ...filter }) => {
    const { rows, total } = await listStoredEmployers(tx, caller.sight.region, filter, sort, { page, size });
    return { rows: await toEmployerRows(tx, rows), total };
  }),

  handle(getEmployer, async ({ tx, caller }, { employerId }) => {
    const scope = caller.sight.region;
    const { rows } = await listStoredEmployers(tx, scope, { employerId }, "name", { page: 1, size: 1 });
    const stored = rows[0] ?? refuse(platformProblems.notFound("该单位"));
    const [row] = await toEmployerRows(tx, [stored]);
    const names = await linkedNamesOf(tx, scope, employerId);
    return {
      ...row!,
      sourceLabel: sourceLabel(stored.source),
      recordedOn: stored.recorded_on,
      linkedNames: names.map((name) => ({
        nameKey: name.name_key,
        name: name.name,
        workers: Number(name.workers),
        linkedAt: name.linked_at.toISOString(),
      })),
    };
  }),

  handle(listEmployerWorkers, async (context, { employerId, ...page }) => {
    const { tx, caller } = context;
    const { rows, total } = await workersOf(tx, caller.sight.region, employerId, page);
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.home_region),
    );
    context.audit({ subject: `registry.employer:${employerId}`, count: rows.length });
    return {
      rows: rows.map((row) => ({
        personId: row.person_id,
        name: row.name ?? "（外地人员）",
        identityMask: row.identity_mask ?? "",
        home: nameOf(row.home_region),
        writtenName: row.written,
        startDate: row.start_date,
        own: row.own,
      })),
      total,
    };
  }),

  handle(createEmployer, async (context, input) => {
    const { tx, caller, businessDate } = context;
    const values = await checked(tx, caller.sight.region, input);
    const employerId = (await insertEmployer(tx, values, businessDate)) ?? refuse(registryProblems.creditCodeTaken());
    // Its own name is what ledgers will most often write; where that name means somebody else already, it stays so.
    await linkName(tx, { key: employerKey(values.name), name: values.name }, employerId, caller.officerId);
    context.audit({ subject: `registry.employer:${employerId}`, name: values.name });
    return { employerId };
  }),

  handle(editEmployer, async (context, { employerId, version, ...input }) => {
    const { tx, caller, businessDate } = context;
    const scope = caller.sight.region;
    const values = await checked(tx, scope, input);
    if (!(await employerExists(tx, scope, employerId))) refuse(platformProblems.notFound("该单位"));
    const next =
      (await updateEmployer(tx, scope, employerId, version, values, businessDate)) ??
      refuse(registryProblems.employerChanged());
    if (next === "credit-code-taken") return refuse(registryProblems.creditCodeTaken());
    await linkName(tx, { key: employerKey(values.name), name: values.name }, employerId, caller.officerId);
    context.audit({ subject: `registry.employer:${employerId}`, name: values.name });
    return { version: next };
  }),

  handle(listUnlinkedNames, async ({ tx, caller }, { text, ...page }) => {
    const { rows, total } = await unlinkedNames(tx, caller.sight.region, text, page);
    const nameOf = await regionNames(
      tx,
      rows.map((row) => row.region),
    );
    return {
      rows: rows.map((row) => ({
        nameKey: row.name_key,
        name: row.name,
        workers: Number(row.workers),
        region: row.region === null ? null : nameOf(row.region),
      })),
      total,
    };
  }),

  handle(suggestEmployers, async ({ tx, caller }, { name }) => {
    const candidates = await candidatesFor(tx, caller.sight.region, tellingPairs(name), MOST_CANDIDATES);
    const best = candidates
      .map((candidate) => ({ ...candidate, likeness: likenessOfNames(name, candidate.name) }))
      .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
      .toSorted((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
      .slice(0, MOST_SUGGESTIONS);
    const nameOf = await regionNames(
      tx,
      best.map(({ region }) => region),
    );
    return best.map((candidate) => ({
      employerId: candidate.employer_id,
      name: candidate.name,
      creditCode: candidate.credit_code,
      region: candidate.region === null ? null : nameOf(candidate.region),
      likeness: candidate.likeness,
    }));
  }),

  handle(linkEmployerName, async (context, { nameKeys, employerId }) => {
    const { tx, caller } = context;
    const scope = caller.sight.region;
    if (!(await employerExists(tx, scope, employerId))) refuse(platformProblems.notFound("该单位"));
    const names = await namesInUse(tx, scope, [...new Set(nameKeys)]);
    if (names.length === 0) refuse(platformProblems.notFound("所选单位名称"));
    for (const name of names) {
      if (!(await linkName(tx, name, employerId, caller.officerId))) refuse(registryProblems.nameLinked(name.name));
    }
    context.audit({
      subject: `registry.employer:${employerId}`,
      count: names.length,
      names: names.map(({ name }) => name),
    });
    return { linked: names.length, workers: names.reduce((sum, { workers }) => sum + workers, 0) };
  }),

  handle(unlinkEmployerName, async (context, { nameKey, employerId }) => {
    const { tx, caller } = context;
    const name =
      (await unlinkName(tx, caller.sight.region, nameKey, employerId)) ??
      refuse(platformProblems.notFound("该单位名称"));
    context.audit({ subject: `registry.employer:${employerId}`, name });
    return { unlinked: true as const };
  }),
];
