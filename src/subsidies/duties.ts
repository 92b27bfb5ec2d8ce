import { sql } from "kysely";
import { within } from "#registry";
import type { ActionContext } from "../platform/module.ts";
import { subsidiesPermissions, type ClaimState } from "./contract.ts";

/** Money that waits for one officer: claims at the step that is his to take, or batches of payment for his hand. */
export interface MoneyDuty {
  readonly key: string;
  /** What he is to do: "复核补贴件". */
  readonly what: string;
  readonly unit: "件" | "批";
  readonly count: number;
  readonly overdue: number;
  /** Of the one that is due first; null: no term runs. */
  readonly due: string | null;
  readonly label: string;
  readonly path: string;
}

const { handle, approve, endorse, pay, release } = subsidiesPermissions;

interface Step {
  readonly state: ClaimState;
  readonly permission: string;
  readonly what: string;
  readonly label: string;
  readonly path: string;
}

const listed = (state: ClaimState) => `/claims?state=${state}`;
/** By state, whose turn it is and what he does. What the payee has to do (`proposed`, `correction`) waits for no desk. */
const steps: readonly Step[] = [
  { state: "submitted", permission: handle, what: "受理补贴件", label: "去受理", path: listed("submitted") },
  { state: "accepted", permission: handle, what: "初审补贴件", label: "去初审", path: listed("accepted") },
  { state: "checked", permission: approve, what: "复核补贴件", label: "去复核", path: listed("checked") },
  { state: "escalated", permission: endorse, what: "审批大额补贴件", label: "去审批", path: listed("escalated") },
  { state: "approved", permission: handle, what: "公示补贴件", label: "去公示", path: "/publications" },
  { state: "cleared", permission: pay, what: "编制发放批次", label: "去编制", path: "/batches-of-payment" },
  { state: "paid", permission: pay, what: "办结已发放的补贴件", label: "去办结", path: listed("paid") },
];

interface Waiting {
  readonly key: string;
  readonly n: number;
  readonly overdue: number;
  readonly due: string | null;
}

export async function moneyDutiesOf(context: ActionContext): Promise<MoneyDuty[]> {
  const { permissions } = context.caller;
  const own = steps.filter(({ permission }) => permissions.has(permission));
  return [...(own.length > 0 ? await claimsFor(context, own) : []), ...(await batchesFor(context))];
}

async function claimsFor({ tx, caller, businessDate }: ActionContext, own: readonly Step[]): Promise<MoneyDuty[]> {
  const { rows } = await sql<Waiting>`
    SELECT c.state AS key, count(*)::int AS n, count(*) FILTER (WHERE c.due_on < ${businessDate}::date)::int AS overdue, min(c.due_on) AS due
    FROM subsidies.claim c WHERE c.state = ANY (${own.map(({ state }) => state)}::text[]) AND ${within("c.region", caller.sight.region)} GROUP BY 1`.execute(
    tx,
  );
  return own.flatMap(({ state, what, label, path }) => {
    const found = rows.find(({ key }) => key === state);
    return found ? [{ ...duty(found, `claims ${state}`), what, unit: "件" as const, label, path }] : [];
  });
}

/** Batches for the second or third hand, to be sent, or without an answer. Nobody signs what he built or has signed. */
async function batchesFor({ tx, caller }: ActionContext): Promise<MoneyDuty[]> {
  const may = (permission: string) => caller.permissions.has(permission);
  if (!may(release) && !may(pay)) return [];
  const me = caller.officerId;
  const { rows } = await sql<Waiting>`
    SELECT b.turn AS key, count(*)::int AS n, 0 AS overdue, NULL AS due FROM (
      SELECT CASE WHEN state = 'frozen' AND ${may(release)} AND built_by IS DISTINCT FROM ${me}::bigint AND released_by IS DISTINCT FROM ${me}::bigint
          THEN CASE WHEN released_by IS NULL THEN 'release' ELSE 'countersign' END
        WHEN state = 'released' AND ${may(pay)} THEN 'send' WHEN state = 'sent' AND ${may(pay)} THEN 'settle' END AS turn
      FROM subsidies.payment_batch WHERE state IN ('frozen', 'released', 'sent') AND ${within("region", caller.sight.region)}) b
    WHERE b.turn IS NOT NULL GROUP BY 1 ORDER BY 1`.execute(tx);
  return rows.map((found) => ({
    ...duty(found, `batches ${found.key}`),
    what: turns[found.key]![0],
    unit: "批" as const,
    label: turns[found.key]![1],
    path: "/batches-of-payment",
  }));
}

const turns: Readonly<Record<string, readonly [what: string, label: string]>> = {
  release: ["签发发放批次", "去签发"],
  countersign: ["会签发放批次", "去会签"],
  send: ["把发放批次送银行", "去送出"],
  settle: ["导入银行回盘", "去导入"],
};

const duty = ({ n, overdue, due }: Waiting, key: string) => ({ key: `money ${key}`, count: n, overdue, due });
