import { sql, type SqlBool } from "kysely";
import { regionNames, within } from "#registry";
import { addDays } from "../../platform/dates/index.ts";
import type { Db, Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext, type DomainModule, type Handler, type Services } from "../../platform/module.ts";
import { consentKinds, consentLabels } from "../../platform/privacy/index.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  askErasure,
  decideRequest,
  listRequests,
  myPrivacy,
  setConsent,
  whatKeepsRequest,
  withdrawErasure,
  type RequestRow,
} from "../contract.ts";
import { privacyProblems } from "../problems.ts";
import { bookOf, type Book } from "../retention/book.ts";
import { whatKeeps } from "../retention/persons.ts";
import { expectedLengths } from "../retention/settings.ts";
import { CONSENT_WITHDRAWN, PRIVACY_QUEUE, privacyTasks } from "../task-names.ts";
import { REQUEST_DAYS } from "../words.ts";

/** The person whose account asks, for himself. The first wall: no route takes a person's number from outside. */
function ownPerson({ caller }: ActionContext): { personId: string; homeRegion: string } {
  const self = caller.sight.self ?? refuse(platformProblems.notSignedIn());
  if (self.personId === null || self.employerId !== null) return refuse(privacyProblems.needsRealName());
  return { personId: self.personId, homeRegion: self.homeRegion };
}

/** Asked in the background's name: rows of other counties keep him as well, and nobody is told more than a title and a day. */
async function keepsOf(services: Services, book: Book, personId: string, homeRegion: string) {
  const { worker } = services.database;
  const found = await whatKeeps(
    worker,
    book,
    await expectedLengths(worker, homeRegion.slice(0, 2)),
    personId,
    services.businessDate(homeRegion),
  );
  const days = found.kept.map(({ until }) => until);
  const until = days.some((day) => day === null)
    ? null
    : (days.toSorted((a, b) => a!.localeCompare(b!)).at(-1) ?? null);
  return { ...found, until };
}

const requestSubject = (requestId: string) => `privacy.request:${requestId}`;

async function consentsOf(tx: Tx | Db, book: Book, personId: string) {
  const rows = await tx.selectFrom("privacy.consent").selectAll().where("person_id", "=", personId).execute();
  // Only what is held is asked for; place and voice are not.
  return consentKinds.flatMap((kind) => {
    const fields = book.tables.flatMap((table) =>
      Object.values(table.fields).filter((field) => field.consent === kind),
    );
    if (fields.length === 0) return [];
    const row = rows.find((one) => one.kind === kind);
    return [
      {
        kind,
        label: consentLabels[kind],
        fields: fields.map(({ label }) => label),
        givenAt: row?.given_at?.toISOString() ?? null,
        withdrawnAt: row?.withdrawn_at?.toISOString() ?? null,
      },
    ];
  });
}

export function requestHandlers(modules: () => readonly DomainModule[]): readonly Handler[] {
  const book = () => bookOf(modules());

  async function requestOf(context: ActionContext, requestId: string) {
    const row = await context.tx
      .selectFrom("privacy.request")
      .selectAll()
      .where("request_id", "=", requestId)
      .where(within("home_region", context.caller.sight.region))
      .executeTakeFirst();
    if (!row?.person_id) return refuse(platformProblems.notFound("这件申请"));
    context.audit({
      subject: `registry.person:${row.person_id}`,
      region: row.home_region,
      purpose: "办理删除申请",
      request: requestId,
    });
    return { ...row, person_id: row.person_id };
  }

  return [
    handle(myPrivacy, async (context) => {
      const { personId, homeRegion } = ownPerson(context);
      const { tx, services } = context;
      const requests = await tx
        .selectFrom("privacy.request")
        .selectAll()
        .where("person_id", "=", personId)
        .orderBy("request_id", "desc")
        .limit(20)
        .execute();
      return {
        consents: await consentsOf(tx, book(), personId),
        requests: requests.map((row) => ({
          requestId: row.request_id,
          reason: row.reason,
          askedOn: row.asked_on,
          dueOn: row.due_on,
          state: row.state as RequestRow["state"],
          keptUntil: row.kept_until,
          answer: row.answer,
        })),
        kept: [...(await keepsOf(services, book(), personId, homeRegion)).kept],
      };
    }),

    handle(setConsent, async (context, { kind, given }) => {
      const { personId, homeRegion } = ownPerson(context);
      const { tx } = context;
      const now = sql<Date>`now()`;
      const value = given ? { given_at: now, withdrawn_at: null } : { withdrawn_at: now };
      await tx
        .insertInto("privacy.consent")
        .values({ person_id: personId, kind, home_region: homeRegion, ...value })
        .onConflict((on) => on.columns(["person_id", "kind"]).doUpdateSet(value))
        .execute();
      context.audit({
        subject: `registry.person:${personId}`,
        consent: consentLabels[kind],
        decision: given ? "同意" : "撤回同意",
      });
      // An account queues no work of its own; whoever hears of it does.
      if (!given) await context.emit(CONSENT_WITHDRAWN, { homeRegion });
      return {};
    }),

    handle(askErasure, async (context, { reason }) => {
      const { personId, homeRegion } = ownPerson(context);
      const { tx, businessDate } = context;
      const open = await tx
        .selectFrom("privacy.request")
        .select("request_id")
        .where("person_id", "=", personId)
        .where("state", "in", ["waiting", "approved"])
        .executeTakeFirst();
      if (open) refuse(privacyProblems.asked());
      const dueOn = addDays(businessDate, REQUEST_DAYS);
      const row = await tx
        .insertInto("privacy.request")
        .values({ person_id: personId, home_region: homeRegion, reason, asked_on: businessDate, due_on: dueOn })
        .returning("request_id")
        .executeTakeFirstOrThrow();
      context.audit({ subject: requestSubject(row.request_id) });
      return { requestId: row.request_id, dueOn };
    }),

    handle(withdrawErasure, async (context, { requestId }) => {
      const { personId } = ownPerson(context);
      context.audit({ subject: requestSubject(requestId) });
      const { numUpdatedRows } = await context.tx
        .updateTable("privacy.request")
        .set({ state: "withdrawn" })
        .where("request_id", "=", requestId)
        .where("person_id", "=", personId)
        .where("state", "=", "waiting")
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) refuse(privacyProblems.settled());
      return {};
    }),

    handle(listRequests, async (context, { page, size, state }) => {
      const { tx, caller, businessDate } = context;
      let found = tx
        .selectFrom("privacy.request as r")
        .leftJoin("registry.person as p", "p.person_id", "r.person_id")
        .where(within("r.home_region", caller.sight.region));
      if (state) found = found.where("r.state", "=", state);
      const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
      const rows = await found
        .selectAll("r")
        .select(["p.name", "p.identity_mask"])
        .orderBy(sql<SqlBool>`r.state = 'waiting'`, "desc")
        .orderBy("r.due_on")
        .orderBy("r.request_id")
        .limit(size)
        .offset((page - 1) * size)
        .execute();
      const nameOf = await regionNames(
        tx,
        rows.map((row) => row.home_region),
      );
      context.audit({ count: rows.length });
      return {
        total: Number(n),
        rows: rows.map((row) => ({
          requestId: row.request_id,
          personId: row.person_id,
          personName: row.name,
          identityMask: row.identity_mask,
          regionName: nameOf(row.home_region).fullName,
          reason: row.reason,
          askedOn: row.asked_on,
          dueOn: row.due_on,
          late: row.state === "waiting" && row.due_on < businessDate,
          state: row.state as RequestRow["state"],
          keptUntil: row.kept_until,
          answer: row.answer,
          decidedBy: row.decided_by_name,
        })),
      };
    }),

    handle(whatKeepsRequest, async (context, { requestId }) => {
      const row = await requestOf(context, requestId);
      const { kept, held, until } = await keepsOf(context.services, book(), row.person_id, row.home_region);
      return { kept: [...kept], held: [...held], until };
    }),

    handle(decideRequest, async (context, { requestId, act, answer }) => {
      const row = await requestOf(context, requestId);
      if (row.state !== "waiting") refuse(privacyProblems.settled());
      const { kept, held, until } = await keepsOf(context.services, book(), row.person_id, row.home_region);
      if (act === "approve") {
        const titles = kept.map(({ title }) => title).join("、");
        if (kept.length > 0) refuse(privacyProblems.stillKept(until, titles));
        if (held.length > 0) refuse(privacyProblems.held(held.join("、")));
      }
      const { tx, caller } = context;
      const { numUpdatedRows } = await tx
        .updateTable("privacy.request")
        .set({
          state: act === "approve" ? "approved" : "refused",
          answer,
          kept_until: act === "refuse" ? until : null,
          decided_by: caller.officerId,
          decided_by_name: caller.name,
          decided_at: sql<Date>`now()`,
        })
        .where("request_id", "=", requestId)
        .where("state", "=", "waiting")
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) refuse(privacyProblems.settled());
      context.audit({ decision: act === "approve" ? "同意删除" : "不同意删除" });
      if (act === "approve")
        await context.enqueue({
          name: privacyTasks.erase,
          payload: { requestId },
          subject: requestSubject(requestId),
          region: row.home_region,
          queue: PRIVACY_QUEUE,
        });
      return {};
    }),
  ];
}
