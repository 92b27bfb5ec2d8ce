import { nextState } from "../../platform/contract.ts";
import type { ActionContext } from "../../platform/module.ts";
import { claimFlow, type ClaimAct, type ClaimState } from "../contract.ts";
import type { ClaimChange, Step } from "./store.ts";

/** Who acts, when, and in what words: what every event and movement says. */
export type Actor = Pick<Step, "officerId" | "officerName" | "organisation" | "note" | "businessDate">;

export const actorOf = (
  { caller, businessDate }: Pick<ActionContext, "caller" | "businessDate">,
  note = "",
): Actor => ({
  officerId: caller.officerId,
  officerName: caller.name,
  organisation: caller.organisation,
  note,
  businessDate,
});

/** The step that `act` is in `from`, as the life cycle says. Throws where the life cycle knows no such step. */
export function stepFrom(from: ClaimState, act: ClaimAct, actor: Actor): Step {
  const state = nextState(claimFlow, from, act);
  if (state === null) throw new Error(`${from} has no ${act}`);
  return { act, state, ...actor };
}

/** Of a claim that is examined anew. */
export const UNDECIDED: ClaimChange = {
  fundLineId: null,
  decidedOn: null,
  approvedBy: null,
  endorsedBy: null,
  checkedBy: null,
};
