import { handle, handleDownload, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  attachMine,
  beginMine,
  dropMine,
  getMine,
  myApplications,
  myOffers,
  removeMine,
  stateMine,
  submitMine,
  takeMine,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { subsidiesProblems } from "../problems.ts";
import { attachmentBody } from "./files.ts";
import type { Applicant } from "./offers.ts";
import {
  everything,
  findApplication,
  insertApplication,
  listStoredApplications,
  waitsForApplicant,
  walls,
  type StoredApplication,
} from "./store.ts";
import { offersFor, toRows, toView } from "./views.ts";
import { attach, detach, drop, handIn, linesFor, state } from "./writing.ts";

interface Own {
  readonly applicant: Applicant;
  readonly accountId: string;
  readonly region: string;
}

/** Who asks, from his session alone: the person, or the enterprise for which he acts, never both. No route takes an applicant's id. */
function ownOf({ caller }: ActionContext): Own {
  const self = caller.sight.self ?? refuse(platformProblems.notSignedIn());
  const id = self.employerId ?? self.personId ?? refuse(subsidiesProblems.needsRealName());
  const county = self.homeRegion.slice(0, 6);
  if (county.length !== 6) refuse(subsidiesProblems.homeUnknown());
  const employer = self.employerId !== null;
  return {
    applicant: {
      kind: employer ? "employer" : "person",
      id,
      name: employer ? caller.organisation : caller.name,
      county,
    },
    accountId: self.accountId,
    region: self.homeRegion,
  };
}

async function getOwn(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const self = context.caller.sight.self ?? refuse(platformProblems.notSignedIn());
  return (
    (await findApplication(context.tx, walls.ofAccount(self), applicationId)) ??
    refuse(platformProblems.notFound("这件申请"))
  );
}

async function getDraft(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const found = await getOwn(context, applicationId);
  if (found.state !== "draft" || found.account_id !== context.caller.sight.self?.accountId)
    refuse(subsidiesProblems.notYourDraft());
  return found;
}

/** A draft, or what an office has sent back for 补正: more may be added to it, and nothing taken away. */
async function getWritable(context: ActionContext, applicationId: string): Promise<StoredApplication> {
  const found = await getOwn(context, applicationId);
  return found.state === "lodged" && (await waitsForApplicant(context.tx, applicationId))
    ? found
    : getDraft(context, applicationId);
}

/** 网上申请: of citizens and enterprises, at their telephones. */
export function accountApplicationHandlers(options: SubsidiesOptions): readonly Handler[] {
  return [
    handle(myOffers, async (context) => {
      const { applicant } = ownOf(context);
      return { name: applicant.name, ...(await offersFor(options, context, applicant)) };
    }),

    handle(myApplications, async (context, paging) => {
      ownOf(context);
      const self = context.caller.sight.self!;
      const { rows, total } = await listStoredApplications(context.tx, walls.ofAccount(self), {
        where: everything,
        ...paging,
      });
      return { total, rows: await toRows(options, context.tx, rows) };
    }),

    handle(beginMine, async (context, asked) => {
      const { applicant, accountId, region } = ownOf(context);
      const applicationId = await insertApplication(context.tx, {
        region,
        paysRegion: applicant.county,
        bundle: asked.bundle ?? null,
        personId: applicant.kind === "person" ? applicant.id : null,
        employerId: applicant.kind === "employer" ? applicant.id : null,
        name: applicant.name,
        identity: null,
        way: "self",
        agent: null,
        mandateId: null,
        accountId,
        officerId: null,
        by: context.caller.name,
        organisation: context.caller.organisation,
        on: context.businessDate,
        lines: await linesFor(options, context, applicant, asked),
      });
      context.audit({ subject: `subsidies.application:${applicationId}` });
      return { applicationId };
    }),

    handle(getMine, async (context, { applicationId }) => {
      const found = await getOwn(context, applicationId);
      context.audit({ subject: `subsidies.application:${applicationId}` });
      return toView(options, context, found, undefined);
    }),
    handle(stateMine, async (context, { applicationId, statements }) => {
      await state(options, context, await getDraft(context, applicationId), statements);
      return {};
    }),
    handleUpload(attachMine, async (context, { applicationId, material }, file) =>
      attach(context, await getWritable(context, applicationId), material, file),
    ),
    handle(removeMine, async (context, { applicationId, fileId }) => {
      await detach(context, await getDraft(context, applicationId), fileId);
      return {};
    }),
    handleDownload(takeMine, async (context, { applicationId, fileId }) => {
      await getOwn(context, applicationId);
      context.audit({ subject: `subsidies.application:${applicationId}` });
      return (await attachmentBody(context, applicationId, fileId)) ?? refuse(platformProblems.notFound("这份材料"));
    }),
    handle(submitMine, async (context, { applicationId }) =>
      handIn(options, context, await getDraft(context, applicationId)),
    ),
    handle(dropMine, async (context, { applicationId }) => {
      await drop(context, await getDraft(context, applicationId));
      return {};
    }),
  ];
}
