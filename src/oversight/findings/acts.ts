import type { CurrentRulebook } from "#policy";
import { nextState } from "../../platform/contract.ts";
import { keepFile } from "../../platform/files/kept.ts";
import { handle, handleUpload, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  assignFindings,
  attachEvidence,
  closeFinding,
  decideFinding,
  findingActLabels,
  findingFlow,
  findingStateLabels,
  hearFinding,
  noteFinding,
  reopenFinding,
  transferFindings,
  type FindingAct,
  type FindingState,
} from "../contract.ts";
import { HANDLING_DUTIES } from "../duties.ts";
import { oversightProblems } from "../problems.ts";
import {
  changeFindings,
  findFinding,
  keepEvents,
  lockFindings,
  officersUnder,
  officesKnown,
  type FindingChange,
  type NewEvent,
  type StoredFinding,
} from "./store.ts";

/** The finding, if nobody has acted on it since the officer saw it and the act is possible in its state. */
async function lockedFor(context: ActionContext, findingId: string, act: FindingAct, lock?: number) {
  const { tx, caller } = context;
  const finding =
    (await findFinding(tx, caller.sight.region, findingId, true)) ?? refuse(platformProblems.notFound("该疑点"));
  if (lock !== undefined && finding.lock !== lock) refuse(oversightProblems.changedMeanwhile());
  const state = nextState(findingFlow, finding.state, act);
  if (state === null) refuse(oversightProblems.notPossible(findingActLabels[act], findingStateLabels[finding.state]));
  context.audit({ subject: `oversight.finding:${findingId}`, region: finding.region, act });
  return { finding, state: state! };
}

const eventBy = ({ caller, businessDate }: ActionContext, act: FindingAct, note: string): NewEvent => ({
  act,
  officerId: caller.officerId,
  officerName: caller.name,
  organisation: caller.organisation,
  note,
  businessDate,
});

export function actHandlers(rulebook: CurrentRulebook): readonly Handler[] {
  /** One step of one finding, with its event. */
  async function step(
    context: ActionContext,
    { finding, state }: { finding: StoredFinding; state: FindingState },
    event: NewEvent,
    change: Omit<FindingChange, "state"> = {},
  ): Promise<string> {
    await changeFindings(context.tx, context.caller.sight.region, [finding.finding_id], { state, ...change });
    return keepEvents(context.tx, [finding.finding_id], event);
  }

  /** Several findings by one act; all or none. */
  async function stepOfMany(
    context: ActionContext,
    ids: readonly string[],
    act: "assign" | "transfer",
    note: string,
    change: (findings: readonly StoredFinding[]) => Omit<FindingChange, "state">,
  ): Promise<{ done: number }> {
    const { tx, caller } = context;
    const wanted = [...new Set(ids)];
    const findings = await lockFindings(tx, caller.sight.region, wanted);
    const possible = findings.filter(({ state }) => nextState(findingFlow, state, act) !== null);
    if (possible.length < wanted.length) refuse(oversightProblems.someGone(wanted.length - possible.length));
    const settled = change(possible);
    for (const [state, of] of Map.groupBy(possible, ({ state }) => nextState(findingFlow, state, act)!)) {
      const own = of.map(({ finding_id }) => finding_id);
      await changeFindings(tx, caller.sight.region, own, { state, ...settled });
      await keepEvents(tx, own, eventBy(context, act, note));
    }
    context.audit({
      count: possible.length,
      act,
      note,
      ...(wanted.length === 1 ? { subject: `oversight.finding:${wanted[0]}` } : {}),
    });
    return { done: possible.length };
  }

  return [
    handle(assignFindings, async (context, { findingIds, officerId, note }) => {
      const officers = await officersUnder(
        context.services.database.worker,
        context.caller.sight.region,
        HANDLING_DUTIES,
      );
      const officer = officers.find((one) => one.officerId === officerId) ?? refuse(oversightProblems.handlerUnknown());
      const words = `分派给 ${officer.organisation} ${officer.name}。${note}`;
      return stepOfMany(context, findingIds, "assign", words, (findings) => {
        // Whoever is to look into it must be able to see it.
        if (findings.some(({ region }) => !region.startsWith(officer.region)))
          refuse(oversightProblems.handlerUnknown());
        return { officer: { officerId: officer.officerId, name: officer.name } };
      });
    }),

    handle(transferFindings, async (context, { findingIds, organisationId, note }) => {
      const office =
        (await officesKnown(context.tx, context.caller.sight.region)).find(
          (one) => one.organisationId === organisationId,
        ) ?? refuse(oversightProblems.organisationUnknown());
      return stepOfMany(context, findingIds, "transfer", `移送 ${office.name}：${note}`, () => ({
        organisation: office,
        officer: null,
      }));
    }),

    handle(noteFinding, async (context, { findingId, lock, note }) => {
      await step(context, await lockedFor(context, findingId, "note", lock), eventBy(context, "note", note));
      return {};
    }),

    handle(hearFinding, async (context, { findingId, lock, party, statement }) => {
      const at = await lockedFor(context, findingId, "hear", lock);
      await step(context, at, { ...eventBy(context, "hear", statement), party });
      return {};
    }),

    handleUpload(attachEvidence, async (context, { findingId }, file) => {
      const at = await lockedFor(context, findingId, "attach");
      const fileId = await keepFile(context.tx, file, {
        region: at.finding.region,
        purpose: "疑点核查材料",
        officerId: context.caller.officerId,
      });
      const event = { ...eventBy(context, "attach", ""), file: { fileId, name: file.name } };
      return { eventId: await step(context, at, event) };
    }),

    handle(decideFinding, async (context, { findingId, lock, decision, reason }) => {
      const at = await lockedFor(context, findingId, "decide", lock);
      const book = await rulebook.get(context.tx);
      const hear = book.checks.find(({ version }) => version.path === at.finding.rule_path)?.definition.case.hear ?? [];
      if (at.finding.state === "assigned" && hear.length > 0) refuse(oversightProblems.unheard(hear));
      const { caller, businessDate } = context;
      context.audit({ decision });
      await step(context, at, eventBy(context, "decide", reason), {
        decision: { decision, name: caller.name, on: businessDate },
      });
      return {};
    }),

    handle(closeFinding, async (context, { findingId, lock, result }) => {
      const at = await lockedFor(context, findingId, "close", lock);
      await step(context, at, eventBy(context, "close", result), { closedOn: context.businessDate });
      return {};
    }),

    handle(reopenFinding, async (context, { findingId, lock, reason }) => {
      const at = await lockedFor(context, findingId, "reopen", lock);
      await step(context, at, eventBy(context, "reopen", reason), { decision: null, closedOn: null });
      return {};
    }),
  ];
}
