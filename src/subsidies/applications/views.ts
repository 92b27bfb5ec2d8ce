import { regionNames, sees, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import type { ActionContext } from "../../platform/module.ts";
import {
  subsidiesPermissions,
  type ApplicationLine,
  type ApplicationRow,
  type ApplicationView,
  type Offers,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import {
  askedFields,
  certifiedFacts,
  knownFacts,
  materialsOf,
  partsByPath,
  toQuestions,
  type FormPart,
} from "./form.ts";
import { applicantOf, statedFacts } from "./lodge.ts";
import { bestOf, standingsOf, toOffer, type Applicant, type Standing } from "./offers.ts";
import {
  claimsTold,
  filesOf,
  linesOf,
  statementsOf,
  type StoredApplication,
  type StoredLine,
  type StoredStatement,
} from "./store.ts";

/** Standings as the worker sees them, in a transaction of its own: nothing is written. */
export function standingsFor(
  options: SubsidiesOptions,
  { services }: Pick<ActionContext, "services">,
  applicant: Applicant,
  asked: Parameters<typeof standingsOf>[4] = {},
): Promise<readonly Standing[]> {
  return services.database.worker.transaction().execute((tx) => standingsOf(options, services, tx, applicant, asked));
}

/** What an applicant can ask for: measure by measure, and as what one event of life opens. */
export async function offersFor(
  options: SubsidiesOptions,
  context: Pick<ActionContext, "services">,
  applicant: Applicant,
): Promise<Offers> {
  const best = bestOf(await standingsFor(options, context, applicant));
  const titles = new Map(best.map(({ measure: { definition } }) => [definition.id, definition.title]));
  return {
    measures: best.map(toOffer),
    bundles: options.bundles.flatMap(({ id, title, about, applicant: kind, measures }) => {
      const own = measures.flatMap((rule) => (titles.has(rule) ? [{ rule, title: titles.get(rule)! }] : []));
      return kind === applicant.kind && own.length > 1 ? [{ bundle: id, title, about, measures: own }] : [];
    }),
  };
}

export interface Form {
  readonly parts: readonly FormPart[];
  readonly statements: readonly StoredStatement[];
  readonly lines: readonly StoredLine[];
}

/** The form of an application: its measures with what registers hold. Of somebody whom only another county knows: the measures alone. */
export async function formOf(
  options: SubsidiesOptions,
  context: Pick<ActionContext, "tx" | "services">,
  application: StoredApplication,
): Promise<Form> {
  const { tx, services } = context;
  const lines = await linesOf(tx, [application.application_id]);
  const statements = await statementsOf(tx, application.application_id);
  const paths = lines.map(({ rule_path }) => rule_path);
  const known = application.person_id !== null || application.employer_id !== null;
  const applicant = known ? await applicantOf(services.database.worker, application) : null;
  if (!applicant) return { parts: await partsByPath(options, tx, paths), statements, lines };
  const standings = await standingsFor(options, context, applicant, {
    rules: new Set(lines.map(({ rule_id }) => rule_id)),
    stated: statedFacts(statements),
  });
  return { parts: standings.filter(({ measure }) => paths.includes(measure.definition.file)), statements, lines };
}

/** What may be stated in a form, and what registers hold already. */
export const questionsOf = ({ parts, statements }: Pick<Form, "parts" | "statements">) => ({
  fields: askedFields(parts, new Set(statements.map(({ fact }) => fact))),
  certified: certifiedFacts(parts),
});

export const isStanding = (part: FormPart): part is Standing => part.kind !== undefined;

async function toHead(options: SubsidiesOptions, tx: Tx, all: readonly StoredApplication[]) {
  const nameOf = await regionNames(
    tx,
    all.flatMap(({ region, pays_region }) => [region.slice(0, 6), pays_region]),
  );
  return (one: StoredApplication, lines: readonly { readonly title: string }[]) => ({
    applicationId: one.application_id,
    number: one.number,
    title: options.bundles.find(({ id }) => id === one.bundle)?.title ?? lines.map(({ title }) => title).join("、"),
    bundle: one.bundle,
    applicantName: one.applicant_name,
    personId: one.person_id,
    identityMask: one.identity_mask,
    way: one.way,
    agent: one.agent,
    state: one.state,
    takenBy: one.taken_by_name,
    organisation: one.organisation,
    takenAt: nameOf(one.region.slice(0, 6)).name,
    paysAt: nameOf(one.pays_region).name,
    begunOn: one.begun_on,
    submittedOn: one.submitted_on,
    answeredOn: one.answered_on,
    answeredBy: one.answered_by_name,
    answer: one.answer,
  });
}

export async function toRows(
  options: SubsidiesOptions,
  tx: Tx,
  all: readonly StoredApplication[],
): Promise<ApplicationRow[]> {
  const head = await toHead(options, tx, all);
  const lines = Map.groupBy(
    await linesOf(
      tx,
      all.map(({ application_id }) => application_id),
    ),
    ({ application_id }) => application_id,
  );
  return all.map((one) => {
    const own = lines.get(one.application_id) ?? [];
    const waiting = own.filter(({ state }) => state === "waiting");
    return {
      ...head(one, own),
      lines: own.map(({ title, state }) => ({ title, state })),
      waiting: waiting.length,
      dueOn: waiting.flatMap(({ due_on }) => due_on ?? []).toSorted((a, b) => a.localeCompare(b))[0] ?? null,
    };
  });
}

/** One application whole. `scope`: the office that asks; undefined: the applicant himself. */
export async function toView(
  options: SubsidiesOptions,
  context: ActionContext,
  application: StoredApplication,
  scope: Scope | undefined,
): Promise<ApplicationView> {
  const { tx, caller, services } = context;
  const writing = application.state === "draft" || application.state === "returned";
  const form = writing
    ? await formOf(options, context, application)
    : {
        parts: [],
        lines: await linesOf(tx, [application.application_id]),
        statements: await statementsOf(tx, application.application_id),
      };
  const head = await toHead(options, tx, [application]);
  const { fields } = questionsOf(form);
  const lines = await toLines(services, form, scope);
  const handles = caller.permissions.has(subsidiesPermissions.handle);
  const office = scope !== undefined;
  return {
    ...head(application, form.lines),
    lines,
    known: await knownFacts(tx, form.parts),
    knownOn: context.businessDate,
    questions: await toQuestions(tx, fields, form.statements, application.pays_region),
    materials: materialsOf(
      form.parts.length > 0
        ? form.parts
        : await partsByPath(
            options,
            tx,
            form.lines.map(({ rule_path }) => rule_path),
          ),
    ),
    files: (await filesOf(tx, application.application_id)).map((file) => ({
      fileId: file.file_id,
      material: file.material,
      name: file.name,
      bytes: Number(file.bytes),
      sha256: file.sha256,
      addedBy: file.added_by_name,
      addedAt: file.added_at.toISOString(),
    })),
    mayWrite: office
      ? handles && writing && application.taken_by === caller.officerId
      : application.state === "draft" && application.account_id === caller.sight.self?.accountId,
    maySupply: !office && application.state === "lodged" && lines.some(isAskedFor),
    mayDecide: office && handles && sees(scope, application.pays_region),
    mayWithdraw:
      office &&
      handles &&
      application.taken_by === caller.officerId &&
      (application.state === "forwarded" || application.state === "returned"),
    lock: application.lock,
  };
}

/** 补正: one of its claims waits for what the office has asked of the applicant. */
const isAskedFor = ({ claims }: Pick<ApplicationLine, "claims">): boolean =>
  claims.some(({ state }) => state === "correction");

async function toLines(
  services: ActionContext["services"],
  { parts, lines }: Pick<Form, "parts" | "lines">,
  scope: Scope | undefined,
): Promise<ApplicationLine[]> {
  const told = await claimsTold(
    services.database.worker,
    lines.flatMap(({ claim_ids }) => claim_ids),
  );
  return lines.map((line) => {
    const part = parts.find(({ measure }) => measure.definition.file === line.rule_path);
    return {
      lineId: line.line_id,
      rule: line.rule_id,
      title: line.title,
      state: line.state,
      why: line.why,
      dueOn: line.due_on,
      decidedBy: line.decided_by_name,
      claims: line.claim_ids.flatMap((claimId) => {
        const claim = told.get(claimId);
        return claim
          ? [
              {
                claimId,
                number: claim.number,
                state: claim.state,
                amountFen: claim.amountFen,
                own: scope !== undefined && sees(scope, claim.region),
              },
            ]
          : [];
      }),
      offer: part && isStanding(part) ? toOffer(part) : null,
    };
  });
}
