import type { Problem } from "../../platform/problem.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { ActionContext, UploadedFile } from "../../platform/module.ts";
import { nextState } from "../../platform/contract.ts";
import { applicationFlow, applicationStateLabels, type ApplicationAct } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { subsidiesProblems } from "../problems.ts";
import { keepAttachment } from "./files.ts";
import { materialsOf, readStatements } from "./form.ts";
import { bestOf, whyOf, type Applicant, type Standing } from "./offers.ts";
import {
  deleteApplication,
  deleteFiles,
  filesOf,
  replaceStatements,
  stepApplication,
  type ApplicationStep,
  type NewApplication,
  type StoredApplication,
} from "./store.ts";
import { formOf, isStanding, questionsOf, standingsFor } from "./views.ts";

/** Published when an application has come to the office that decides: claims are made of it. */
export const APPLICATION_LODGED = "subsidies.application-lodged";
/** Published when files of a draft have gone: what lies in the store follows once that is certain. */
export const ATTACHMENTS_DROPPED = "subsidies.attachments-dropped";

interface Asked {
  readonly rules: readonly string[];
  readonly bundle?: string | undefined;
}

const bundleOf = (options: SubsidiesOptions, { bundle }: Asked) =>
  bundle === undefined
    ? null
    : (options.bundles.find(({ id }) => id === bundle) ?? refuse(platformProblems.notFound("这件事")));

/** Ids of the measures asked for: by themselves, or as a bundle. */
export function rulesAsked(options: SubsidiesOptions, asked: Asked): readonly string[] {
  const rules = bundleOf(options, asked)?.measures ?? asked.rules;
  return rules.length === 0 ? refuse(subsidiesProblems.nothingAsked()) : [...new Set(rules)];
}

const toLine = ({ measure: { definition } }: Pick<Standing, "measure">) => ({
  path: definition.file,
  rule: definition.id,
  title: definition.title,
});

/** Lines of a new draft for somebody who is known; refuses where there is nothing that he could be given, and says why. */
export async function linesFor(
  options: SubsidiesOptions,
  context: Pick<ActionContext, "services">,
  applicant: Applicant,
  asked: Asked,
): Promise<NewApplication["lines"]> {
  const rules = new Set(rulesAsked(options, asked));
  const best = bestOf(await standingsFor(options, context, applicant, { rules }));
  if (best.length === 0) refuse(subsidiesProblems.notOffered());
  if (best.every(({ kind }) => kind === "refused" || kind === "running")) refuse(hopeless(best));
  return best.map(toLine);
}

/** Why nothing of what was asked for can be had. */
function hopeless(standings: readonly Standing[]): Problem {
  const [first] = standings as [Standing, ...Standing[]];
  const why = whyOf(first).join("；");
  return first.kind === "running"
    ? subsidiesProblems.runningAlready(first.measure.definition.title, why)
    : subsidiesProblems.notEligible(first.measure.definition.title, why);
}

/** The state after an act; refuses one that its state does not allow. */
export function stateAfter({ state }: StoredApplication, act: ApplicationAct): ApplicationStep["to"] {
  return (
    nextState(applicationFlow, state, act) ?? refuse(subsidiesProblems.applicationState(applicationStateLabels[state]))
  );
}

export async function step(context: ActionContext, application: StoredApplication, to: ApplicationStep): Promise<void> {
  context.audit({
    subject: `subsidies.application:${application.application_id}`,
    region: application.region,
    state: to.to,
  });
  if (!(await stepApplication(context.tx, application.application_id, to)))
    refuse(subsidiesProblems.changedMeanwhile());
}

export async function state(
  options: SubsidiesOptions,
  context: ActionContext,
  application: StoredApplication,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  const form = await formOf(options, context, application);
  const { fields, certified } = questionsOf(form);
  const read = await readStatements(context.tx, fields, given, certified);
  await replaceStatements(context.tx, application.application_id, read);
  context.audit({
    subject: `subsidies.application:${application.application_id}`,
    region: application.region,
    stated: read.map(({ label }) => label),
  });
}

export async function attach(
  context: ActionContext,
  application: StoredApplication,
  material: string,
  file: UploadedFile,
): Promise<{ fileId: string }> {
  context.audit({ subject: `subsidies.application:${application.application_id}`, region: application.region });
  return { fileId: await keepAttachment(context, application, material, file) };
}

export async function detach(context: ActionContext, application: StoredApplication, fileId?: string): Promise<void> {
  const keys = await deleteFiles(context.tx, application.application_id, fileId);
  if (fileId !== undefined && keys.length === 0) refuse(platformProblems.notFound("这份材料"));
  if (keys.length > 0) await context.emit(ATTACHMENTS_DROPPED, { keys });
}

export async function drop(context: ActionContext, application: StoredApplication): Promise<void> {
  if (application.state !== "draft")
    refuse(subsidiesProblems.applicationState(applicationStateLabels[application.state]));
  context.audit({
    subject: `subsidies.application:${application.application_id}`,
    region: application.region,
    number: application.number,
  });
  await detach(context, application);
  await deleteApplication(context.tx, application.application_id);
}

/** Hands an application in: here, or to the county that pays where only that one knows the applicant. */
export async function handIn(
  options: SubsidiesOptions,
  context: ActionContext,
  application: StoredApplication,
): Promise<{ number: string; state: StoredApplication["state"] }> {
  const { tx, businessDate } = context;
  const elsewhere = application.person_id === null && application.employer_id === null;
  const to = stateAfter(application, elsewhere ? "forward" : "submit");
  const form = await formOf(options, context, application);
  const standings = form.parts.filter(isStanding);
  if (standings.length > 0 && standings.every(({ kind }) => kind === "refused" || kind === "running"))
    refuse(hopeless(standings));
  const files = await filesOf(tx, application.application_id);
  const brought = new Set(files.map(({ material }) => material));
  const wanting = form.parts.filter(
    (part) => !isStanding(part) || ["ready", "facts", "report", "not-yet"].includes(part.kind),
  );
  const missing = materialsOf(wanting).filter(
    ({ name, certifiedBy, optional }) => !optional && certifiedBy === null && !brought.has(name),
  );
  if (missing.length > 0) refuse(subsidiesProblems.materialsMissing(missing.map(({ name }) => name)));
  const unheard = wanting.some((part) => !isStanding(part) || part.kind === "report");
  if (unheard && form.statements.length === 0 && files.length === 0) refuse(subsidiesProblems.nothingStated());
  await step(context, application, { from: application.state, to, declared: true, submittedOn: businessDate });
  if (to === "lodged") await context.emit(APPLICATION_LODGED, { applicationId: application.application_id });
  return { number: application.number, state: to };
}
