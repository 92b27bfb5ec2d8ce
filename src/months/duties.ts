import { addMonths } from "../platform/dates/index.ts";
import type { ActionContext } from "../platform/module.ts";
import { closingDueOn, isClosed, monthsPermissions, type MonthDuty } from "./contract.ts";
import { monthInHand } from "./read.ts";
import { expectedBelow, isLevel } from "./regions.ts";
import { inhabited, monthsOf } from "./store.ts";

/**
 * Months to close, to acknowledge and to call for: of the month in hand, and whatever of the two before was handed back. Nobody is
 * held to months before the installation had closed any.
 */
export async function monthDutiesOf(context: ActionContext): Promise<MonthDuty[]> {
  const { tx, caller, businessDate } = context;
  const region = caller.sight.region;
  if (region === null || !isLevel(region)) return [];
  const mayClose = caller.permissions.has(monthsPermissions.close);
  const mayAcknowledge = caller.permissions.has(monthsPermissions.acknowledge);
  if (!mayClose && !mayAcknowledge) return [];
  const inHand = monthInHand(businessDate);
  const below = await expectedBelow(tx, region);
  // Whoever has nobody in his area has no month to close.
  if (below.length === 0 && (await inhabited(tx, region, [region])).length === 0) return [];
  const duties: MonthDuty[] = [];
  for (const month of [addMonths(inHand, -2), addMonths(inHand, -1), inHand]) {
    const states = await monthsOf(tx, [region, ...below], month);
    const own = states.get(region);
    const at = (state: string) => below.filter((code) => states.get(code)?.state === state).length;
    const [waiting, done] = [at("submitted"), at("acknowledged")];
    const common = { month, due: closingDueOn(month), reason: "" };
    if (mayClose && own?.state === "returned")
      duties.push({ ...common, key: `month resubmit ${month}`, act: "resubmit", done: 0, of: 1, reason: own.reason });
    if (mayAcknowledge && waiting > 0)
      duties.push({ ...common, key: `month acknowledge ${month}`, act: "acknowledge", done, of: below.length });
    if (month !== inHand) continue;
    if (mayAcknowledge && below.length > waiting + done && !(own && isClosed(own.state)))
      duties.push({ ...common, key: `month chase ${month}`, act: "chase", done: waiting + done, of: below.length });
    if (mayClose && (own === undefined || own.state === "open"))
      duties.push({ ...common, key: `month submit ${month}`, act: "submit", done, of: below.length });
  }
  return duties;
}
