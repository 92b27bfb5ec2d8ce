import {
  asUuid,
  findPersonIdsByHash,
  identityHash,
  loadRegionIndex,
  maskIdentity,
  readIdentityNumber,
  regionNames,
  sees,
  shortPersons,
  within,
} from "#registry";
import { handle, handleDownload, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  applicationOfClaim,
  attachFile,
  beginElsewhere,
  beginForPerson,
  checkStatement,
  countApplications,
  dropApplication,
  getApplication,
  listApplications,
  lookAgain,
  offersElsewhere,
  offersForPerson,
  receiveApplication,
  refuseLine,
  removeFile,
  returnApplication,
  stateFacts,
  submitApplication,
  takeFile,
  withdrawApplication,
} from "../contract.ts";
import { findClaim } from "../claims/store.ts";
import type { SubsidiesOptions } from "../options.ts";
import { subsidiesProblems } from "../problems.ts";
import { attachmentBody } from "./files.ts";
import { lodge } from "./lodge.ts";
import { isOffered, payableTo, type Applicant } from "./offers.ts";
import {
  applicationOf,
  countStoredApplications,
  decideStatement,
  findApplication,
  insertApplication,
  listStoredApplications,
  officeFilter,
  refuseStoredLine,
  walls,
  type NewApplication,
  type StoredApplication,
} from "./store.ts";
import { offersFor, toRows, toView } from "./views.ts";
import {
  APPLICATION_LODGED,
  attach,
  detach,
  drop,
  handIn,
  linesFor,
  rulesAsked,
  state,
  stateAfter,
  step,
} from "./writing.ts";

async function getFor(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const { tx, caller } = context;
  return (
    (await findApplication(tx, walls.ofOffice(caller.sight.region), applicationId)) ??
    refuse(platformProblems.notFound("这件申请"))
  );
}

/** A draft, or one that came back, of this very officer. */
async function getOwn(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const found = await getFor(context, applicationId);
  if (found.taken_by !== context.caller.officerId || (found.state !== "draft" && found.state !== "returned"))
    refuse(subsidiesProblems.notYourDraft());
  return found;
}

/** One that this office decides on. */
async function getDeciding(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const found = await getFor(context, applicationId);
  if (!sees(context.caller.sight.region, found.pays_region)) refuse(subsidiesProblems.decidedElsewhere());
  return found;
}

/** A person at home in the caller's area. */
async function personFor(context: ActionContext, personId: string): Promise<Applicant & { readonly region: string }> {
  const { tx, caller } = context;
  const row = await tx
    .selectFrom("registry.person")
    .select(["name", "home_region"])
    .where("person_id", "=", personId)
    .where("life_state", "=", "active")
    .where(within("home_region", caller.sight.region))
    .executeTakeFirst();
  if (!row) return refuse(platformProblems.notFound("此人"));
  context.audit({ subject: `registry.person:${personId}`, region: row.home_region });
  return { kind: "person", id: personId, name: row.name, county: row.home_region.slice(0, 6), region: row.home_region };
}

const byOfficer = ({ caller, businessDate }: ActionContext) =>
  ({
    accountId: null,
    officerId: caller.officerId,
    by: caller.name,
    organisation: caller.organisation,
    on: businessDate,
  }) as const satisfies Partial<NewApplication>;

/** 代办申请, drafts, 跨省通办, and what waits for the office. */
export function officeApplicationHandlers(options: SubsidiesOptions): readonly Handler[] {
  /** Measures of a county whose office works here, in force, that pay persons. */
  async function measuresOf(context: ActionContext, county: string) {
    const { tx, services } = context;
    const { hosted } = await loadRegionIndex(tx);
    if (!hosted.has(county)) refuse(subsidiesProblems.notHosted());
    const all = await payableTo(options, tx, "person");
    const today = services.businessDate(county);
    return [
      ...new Map(
        all
          .filter((one) => isOffered(one, county, today))
          .map(({ measure: { definition } }) => [definition.id, definition] as const),
      ).values(),
    ];
  }

  return [
    handle(listApplications, async (context, { page, size, view, search }) => {
      const { tx, caller } = context;
      const scope = caller.sight.region;
      const where = officeFilter(view, scope, caller.officerId, search);
      const { rows, total } = await listStoredApplications(tx, walls.ofOffice(scope), { where, page, size });
      context.audit({ count: rows.length, persons: rows.map(({ person_id }) => person_id), total });
      return { total, rows: await toRows(options, tx, rows) };
    }),
    handle(countApplications, ({ tx, caller, businessDate }) =>
      countStoredApplications(tx, caller.sight.region, caller.officerId, businessDate),
    ),
    handle(offersForPerson, async (context, { personId }) => {
      const person = await personFor(context, personId);
      const short = (await shortPersons(context.tx, context.caller.sight.region, [personId])).get(personId);
      const nameOf = await regionNames(context.tx, [person.region]);
      return {
        name: person.name,
        identityMask: short?.identityMask ?? "",
        home: nameOf(person.region).fullName,
        ...(await offersFor(options, context, person)),
      };
    }),
    handle(offersElsewhere, async (context, { region }) => {
      const county = region.slice(0, 6);
      const nameOf = await regionNames(context.tx, [county]);
      return {
        place: nameOf(county).fullName,
        measures: (await measuresOf(context, county)).map(({ id, title }) => ({ rule: id, title })),
      };
    }),

    handle(beginForPerson, async (context, { personId, way, agent, ...asked }) => {
      const person = await personFor(context, personId);
      const { tx, caller, businessDate } = context;
      const mandateId =
        way === "authorised" ? await options.findMandate(tx, caller.officerId!, personId, businessDate) : null;
      if (way === "authorised" && mandateId === null) refuse(subsidiesProblems.noMandate());
      const applicationId = await insertApplication(tx, {
        ...byOfficer(context),
        region: person.region,
        paysRegion: person.county,
        bundle: asked.bundle ?? null,
        personId,
        employerId: null,
        name: person.name,
        identity: null,
        way,
        agent,
        mandateId,
        lines: await linesFor(options, context, person, asked),
      });
      context.audit({ application: applicationId, purpose: `代办补贴申请：${agent}` });
      return { applicationId };
    }),

    handle(beginElsewhere, async (context, { name, identity, paysRegion, way, agent, ...asked }) => {
      const { tx, caller, services } = context;
      const own = caller.sight.region ?? refuse(platformProblems.outOfScope());
      if (sees(own, paysRegion)) refuse(subsidiesProblems.notElsewhere());
      if (way === "authorised") refuse(subsidiesProblems.noMandate());
      const reading = readIdentityNumber(identity);
      if (!reading.ok) return refuse(subsidiesProblems.identityWrong());
      const rules = new Set(rulesAsked(options, asked));
      const lines = (await measuresOf(context, paysRegion)).filter(({ id }) => rules.has(id));
      if (lines.length === 0) refuse(subsidiesProblems.notOffered());
      const applicationId = await insertApplication(tx, {
        ...byOfficer(context),
        region: own,
        paysRegion,
        bundle: asked.bundle ?? null,
        personId: null,
        employerId: null,
        name,
        identity: {
          mask: maskIdentity(reading.number),
          hash: asUuid(identityHash(services.keys, reading.kind, reading.number)),
          secret: services.keys.seal(reading.number),
        },
        way,
        agent,
        mandateId: null,
        lines: lines.map(({ file, id, title }) => ({ path: file, rule: id, title })),
      });
      context.audit({
        subject: `subsidies.application:${applicationId}`,
        region: own,
        purpose: `代收外地补贴申请：${agent}`,
      });
      return { applicationId };
    }),

    handle(getApplication, async (context, { applicationId }) => {
      const found = await getFor(context, applicationId);
      context.audit({
        subject:
          found.person_id === null ? `subsidies.application:${applicationId}` : `registry.person:${found.person_id}`,
        region: found.region,
      });
      return toView(options, context, found, context.caller.sight.region);
    }),
    handle(stateFacts, async (context, { applicationId, statements }) => {
      await state(options, context, await getOwn(context, applicationId), statements);
      return {};
    }),
    handleUpload(attachFile, async (context, { applicationId, material }, file) =>
      attach(context, await getOwn(context, applicationId), material, file),
    ),
    handle(removeFile, async (context, { applicationId, fileId }) => {
      const found = await getOwn(context, applicationId);
      context.audit({ subject: `subsidies.application:${applicationId}`, region: found.region });
      await detach(context, found, fileId);
      return {};
    }),
    handleDownload(takeFile, async (context, { applicationId, fileId }) => {
      const found = await getFor(context, applicationId);
      context.audit({
        subject: `subsidies.application:${applicationId}`,
        region: found.region,
        purpose: "查看申请材料",
      });
      return (await attachmentBody(context, applicationId, fileId)) ?? refuse(platformProblems.notFound("这份材料"));
    }),
    handle(submitApplication, async (context, { applicationId }) =>
      handIn(options, context, await getOwn(context, applicationId)),
    ),
    handle(dropApplication, async (context, { applicationId }) => {
      await drop(context, await getOwn(context, applicationId));
      return {};
    }),
    handle(withdrawApplication, async (context, { applicationId }) => {
      const found = await getFor(context, applicationId);
      if (found.taken_by !== context.caller.officerId) refuse(subsidiesProblems.notYourDraft());
      await step(context, found, { from: found.state, to: stateAfter(found, "withdraw") });
      return {};
    }),

    handle(receiveApplication, async (context, { applicationId }) => {
      const { tx, caller, businessDate } = context;
      const found = await getDeciding(context, applicationId);
      const to = stateAfter(found, "receive");
      const personId = (await findPersonIdsByHash(tx, [found.identity_hash!])).get(found.identity_hash!);
      const person = personId ? await personFor(context, personId) : refuse(subsidiesProblems.applicantUnknown());
      if (person.name !== found.applicant_name) refuse(subsidiesProblems.applicantUnknown());
      await step(context, found, {
        from: "forwarded",
        to,
        personId: person.id,
        answer: { on: businessDate, by: caller.name, words: "已签收" },
      });
      await context.emit(APPLICATION_LODGED, { applicationId });
      return {};
    }),
    handle(returnApplication, async (context, { applicationId, reason }) => {
      const found = await getDeciding(context, applicationId);
      const answer = { on: context.businessDate, by: context.caller.name, words: reason };
      await step(context, found, { from: "forwarded", to: stateAfter(found, "return"), answer });
      return {};
    }),

    handle(lookAgain, async (context, { applicationId }) => {
      const found = await getDeciding(context, applicationId);
      context.audit({ subject: `subsidies.application:${applicationId}`, region: found.pays_region });
      return lodge(options, context.services, applicationId);
    }),
    handle(refuseLine, async (context, { applicationId, lineId, reason }) => {
      const found = await getDeciding(context, applicationId);
      context.audit({ subject: `subsidies.application:${applicationId}`, region: found.pays_region, reason });
      if (!(await refuseStoredLine(context.tx, applicationId, lineId, reason, context.caller.name)))
        refuse(subsidiesProblems.changedMeanwhile());
      return {};
    }),
    handle(checkStatement, async (context, { applicationId, fact, accepted, reason }) => {
      const found = await getDeciding(context, applicationId);
      if (found.state !== "lodged") refuse(subsidiesProblems.changedMeanwhile());
      context.audit({ subject: `subsidies.application:${applicationId}`, region: found.pays_region, fact, accepted });
      if (!(await decideStatement(context.tx, applicationId, fact, { accepted, reason, by: context.caller.name })))
        refuse(platformProblems.notFound("这项情况"));
      return {};
    }),

    handle(applicationOfClaim, async (context, { claimId }) => {
      const { tx, caller } = context;
      if (!(await findClaim(tx, caller.sight.region, claimId))) refuse(platformProblems.notFound("这件补贴"));
      const found = await applicationOf(tx, claimId);
      return {
        application: found && {
          applicationId: found.application_id,
          number: found.number,
          unchecked: found.unchecked,
          stated: found.stated,
          files: found.files,
        },
      };
    }),
  ];
}
