import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { openPersonSecret } from "../numbers.ts";
import { regionNames } from "../regions/store.ts";
import { listStoredCards } from "./cards-store.ts";
import { attributeChanges, toChangeRows } from "./changes.ts";
import { listCards, listPersons, unmask } from "./contract.ts";
import { editPersonHandler } from "./edit.ts";
import { exportPersonsHandler } from "./export.ts";
import { findHandler } from "./find.ts";
import { listPersonRows } from "./list-store.ts";
import { personPageOf } from "./page.ts";
import { changesOf, countChangesOf, personById } from "./page-store.ts";
import { getPerson, listPersonChanges } from "./page-contract.ts";

export const personHandlers: readonly Handler[] = [
  handle(listPersons, async (context, { page, size, ...filter }) => {
    const { tx, caller, businessDate } = context;
    const answer = await listPersonRows(tx, caller.sight.region, filter, businessDate, { page, size });
    context.audit({
      count: answer.rows.length,
      persons: answer.rows.map(({ personId }) => personId),
      total: answer.total,
      filter: describeFilter(filter),
      ...(filter.region ? { region: filter.region } : {}),
    });
    return answer;
  }),

  findHandler,

  handle(getPerson, async (context, { personId }) => {
    const { tx, caller, services, businessDate } = context;
    const answer = await personPageOf(tx, caller.sight.region, personId, businessDate, services);
    context.audit({ subject: `registry.person:${personId}`, region: answer.person.home.code, count: 1 });
    return answer;
  }),

  handle(listPersonChanges, async (context, { personId, page, size }) => {
    const { tx, caller, services } = context;
    const person = (await personById(tx, caller.sight.region, personId)) ?? refuse(platformProblems.notFound("此人"));
    const rows = await attributeChanges(services, await changesOf(tx, personId, size, (page - 1) * size));
    context.audit({ subject: `registry.person:${personId}`, region: person.home_region, count: rows.length });
    return { rows: await toChangeRows(tx, rows), total: await countChangesOf(tx, personId) };
  }),

  handle(unmask, async (context, { personId, field, purpose }) => {
    const { tx, caller, services } = context;
    context.audit({ subject: `registry.person:${personId}`, field, purpose });
    const person = (await personById(tx, caller.sight.region, personId)) ?? refuse(platformProblems.notFound("此人"));
    context.audit({ region: person.home_region, count: 1 });
    const secret = openPersonSecret(services.keys, person.secret);
    const value = { identity: secret.identity, phone: secret.phone, "bank-account": secret.bankAccount }[field];
    return { field, value };
  }),

  editPersonHandler,
  exportPersonsHandler,

  handle(listCards, async (context, { page, size, ...filter }) => {
    const { tx, caller, businessDate } = context;
    const { rows, total } = await listStoredCards(tx, caller.sight.region, filter, businessDate, { page, size });
    const nameOf = await regionNames(
      tx,
      rows.flatMap((row) => [row.home_county, row.region]),
    );
    context.audit({
      count: rows.length,
      persons: rows.map((row) => row.person_id),
      ...(filter.ground ? { ground: filter.ground } : {}),
    });
    return {
      rows: rows.map((row) => ({
        personId: row.person_id,
        name: row.name,
        sex: row.sex,
        identityMask: row.identity_mask,
        homeCounty: nameOf(row.home_county),
        region: nameOf(row.region),
        ground: row.ground,
        validFrom: row.valid_from,
        validTo: row.valid_to,
      })),
      total,
    };
  }),
];

/** What was asked, without what was left open. */
function describeFilter(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).filter(
      ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
