import type { Client } from "pg";
import {
  countClaims,
  listBatches,
  listFundLines,
  publishClaims,
  reconcileMoney,
} from "../../src/subsidies/contract.ts";
import { lineOf, ModelClaim, type HistoryEvent, type Movement } from "./model.ts";
import type { MoneyOffice } from "./office.ts";

/** What the API said that it did: in whose name, and of which claims where they were named. */
export interface Acknowledged {
  readonly officerId: string;
  readonly summary: string;
  readonly claims: string[];
  /** How many where a filter named them. */
  more: number;
}

/** Words of a route → act of a claim's history. */
const ACT_OF: Readonly<Record<string, readonly string[]>> = {
  代为确认申领: ["confirm"],
  受理补贴件: ["accept"],
  退回补正: ["return"],
  登记补正: ["supply"],
  初审通过: ["check"],
  复核通过: ["approve", "escalate"],
  审批同意: ["endorse", "agree"],
  退回重审: ["sendBack"],
  不予发放: ["refuse"],
  重新受理: ["reopen"],
  撤销补贴件: ["withdraw"],
  办结补贴件: ["close"],
};
const STEP_OF = new Map(
  Object.entries(ACT_OF).flatMap(([summary, acts]) => acts.map((act) => [act, summary] as const)),
);

interface Found {
  readonly violations: readonly string[];
  readonly steps: number;
  readonly events: number;
  readonly payments: number;
  readonly paidFen: number;
}

/** Plays the whole history through the model, and holds it against what was answered and what the audit log says. */
export async function checkHistory(
  office: MoneyOffice,
  acknowledged: readonly Acknowledged[],
  refusals: readonly { readonly officerId: string; readonly summary: string }[],
): Promise<Found> {
  const { owner } = office;
  const claims = await replay(owner);
  const violations = [
    ...claims.violations,
    ...(await checkClaims(owner, claims.models)),
    ...(await checkLines(owner)),
    ...(await checkAnswers(owner, acknowledged)),
    ...(await checkAudit(owner, office, acknowledged, refusals)),
    ...(await checkLists(office, claims.models)),
  ];
  const models = [...claims.models.values()];
  return {
    violations: violations.slice(0, 50),
    steps: acknowledged.reduce((sum, one) => sum + one.claims.length + one.more, 0),
    events: claims.events,
    payments: models.reduce((sum, { payments }) => sum + payments, 0),
    paidFen: models.reduce((sum, { spentFen }) => sum + spentFen, 0),
  };
}

async function replay(owner: Client) {
  const { rows } = await owner.query<{
    claim_id: string;
    act: string;
    state: string;
    amount_fen: string;
    officer_id: string | null;
  }>("SELECT claim_id, act, state, amount_fen, officer_id FROM subsidies.claim_event ORDER BY event_id");
  const models = new Map<string, ModelClaim>();
  const violations: string[] = [];
  for (const { claim_id, act, state, amount_fen, officer_id } of rows) {
    const model = models.get(claim_id) ?? new ModelClaim();
    models.set(claim_id, model);
    const event: HistoryEvent = { act, state, amountFen: Number(amount_fen), officerId: officer_id };
    const fault = model.apply(event);
    if (fault) violations.push(`claim ${claim_id}: ${fault}`);
  }
  return { models, violations, events: rows.length };
}

const told = (movements: readonly Movement[]) =>
  movements.map(({ kind, amountFen, officerId }) => `${kind} ${amountFen} ${officerId}`).join(", ");

/** Each claim, its payments and its movements against the model's. */
async function checkClaims(owner: Client, models: ReadonlyMap<string, ModelClaim>): Promise<string[]> {
  const { rows } = await owner.query<{
    claim_id: string;
    state: string;
    amount_fen: string;
    payments: number;
    standing: number;
    paid: string;
    movements: { kind: string; amount: number; officer: string | null }[];
  }>(`SELECT c.claim_id, c.state, c.amount_fen, p.payments, p.standing, p.paid, m.movements FROM subsidies.claim c
    CROSS JOIN LATERAL (SELECT count(*)::int AS payments, (count(*) FILTER (WHERE state IN ('planned', 'sent', 'paid')))::int AS standing,
      coalesce(sum(amount_fen) FILTER (WHERE state = 'paid'), 0) AS paid FROM subsidies.payment p WHERE p.claim_id = c.claim_id) p
    CROSS JOIN LATERAL (SELECT coalesce(json_agg(json_build_object('kind', kind, 'amount', amount_fen, 'officer', officer_id::text) ORDER BY movement_id), '[]') AS movements
      FROM subsidies.fund_movement m WHERE m.claim_id = c.claim_id) m`);
  return rows.flatMap((row) => {
    const model = models.get(row.claim_id);
    if (!model) return [`claim ${row.claim_id} has no history`];
    const moved = row.movements.map(({ kind, amount, officer }) => ({ kind, amountFen: amount, officerId: officer }));
    const differ = (what: string, is: unknown, should: unknown) =>
      is === should ? [] : [`claim ${row.claim_id}: ${what} is ${String(is)} and should be ${String(should)}`];
    return [
      ...differ("state", row.state, model.state),
      ...differ("amount", Number(row.amount_fen), model.amountFen),
      ...differ("payments", row.payments, model.payments),
      ...differ("standing payments", row.standing, model.standing ? 1 : 0),
      ...differ("what was paid", Number(row.paid), model.spentFen),
      ...differ("movements", told(moved), told(model.movements)),
    ];
  });
}

/** Each fund's line as its movements make it. */
async function checkLines(owner: Client): Promise<string[]> {
  const lines = await owner.query<{
    fund_line_id: string;
    budget_fen: string;
    reserved_fen: string;
    spent_fen: string;
  }>("SELECT fund_line_id, budget_fen, reserved_fen, spent_fen FROM subsidies.fund_line");
  const movements = await owner.query<{ fund_line_id: string; kind: string; amount_fen: string }>(
    "SELECT fund_line_id, kind, amount_fen FROM subsidies.fund_movement ORDER BY movement_id",
  );
  const byLine = Map.groupBy(movements.rows, (row) => row.fund_line_id);
  return lines.rows.flatMap((line) => {
    const own = (byLine.get(line.fund_line_id) ?? []).map(({ kind, amount_fen }) => ({
      kind,
      amountFen: Number(amount_fen),
      officerId: null,
    }));
    const { budget, reserved, spent } = lineOf(own);
    const is = [Number(line.budget_fen), Number(line.reserved_fen), Number(line.spent_fen)].join(", ");
    const should = [budget, reserved, spent].join(", ");
    return [
      ...(is === should ? [] : [`line ${line.fund_line_id} is ${is} and its movements make ${should}`]),
      ...(reserved < 0 || spent < 0 || budget - reserved - spent < 0
        ? [`line ${line.fund_line_id} is below zero`]
        : []),
    ];
  });
}

const countOf = (keys: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};
const differences = (what: string, is: ReadonlyMap<string, number>, should: ReadonlyMap<string, number>): string[] =>
  [...new Set([...is.keys(), ...should.keys()])]
    .filter((key) => (is.get(key) ?? 0) !== (should.get(key) ?? 0))
    .map((key) => `${what} ${key}: ${is.get(key) ?? 0} times and should be ${should.get(key) ?? 0} times`);

/** Each step that was answered is there, by that officer; none is there that nobody was answered. */
async function checkAnswers(owner: Client, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  // An objection that is upheld sends back as well.
  const { rows } = await owner.query<{ claim_id: string; act: string; officer_id: string }>(
    "SELECT claim_id, act, officer_id FROM subsidies.claim_event WHERE act = ANY($1) AND officer_id IS NOT NULL AND note NOT LIKE '公示异议成立%'",
    [[...STEP_OF.keys()]],
  );
  const left = countOf(rows.map(({ claim_id, act, officer_id }) => `${officer_id} ${STEP_OF.get(act)} ${claim_id}`));
  const lost: string[] = [];
  for (const { officerId, summary, claims } of acknowledged)
    for (const claim of claims) {
      const key = `${officerId} ${summary} ${claim}`;
      const n = left.get(key) ?? 0;
      if (n === 0) lost.push(`was answered and is not there: ${key}`);
      left.set(key, n - 1);
    }
  // What is left was done by filters, whose answers say how many.
  const is = new Map<string, number>();
  for (const [key, n] of left) {
    const who = key.split(" ").slice(0, 2).join(" ");
    if (n > 0) is.set(who, (is.get(who) ?? 0) + n);
  }
  const should = new Map<string, number>();
  for (const { officerId, summary, more } of acknowledged) {
    const who = `${officerId} ${summary}`;
    if (more > 0) should.set(who, (should.get(who) ?? 0) + more);
  }
  return [...lost, ...differences("steps by filter", is, should)];
}

/** Each act that was done, and each that was refused, has its row in the officer's name. */
async function checkAudit(
  owner: Client,
  office: MoneyOffice,
  acknowledged: readonly Acknowledged[],
  refusals: readonly { readonly officerId: string; readonly summary: string }[],
): Promise<string[]> {
  const officers = office.officers.map(({ officerId }) => officerId);
  const { rows } = await owner.query<{ officer_id: string; act: string; outcome: string; n: number }>(
    "SELECT officer_id, act, outcome, count(*)::int AS n FROM audit.entry WHERE kind = 'change' AND officer_id = ANY($1::bigint[]) AND entry_id > $2 GROUP BY 1, 2, 3",
    [officers, office.auditedBefore],
  );
  const is = new Map(rows.map(({ officer_id, act, outcome, n }) => [`${outcome} ${officer_id} ${act}`, n]));
  const key = (outcome: string, one: { readonly officerId: string; readonly summary: string }) =>
    `${outcome} ${one.officerId} ${one.summary}`;
  const should = countOf([
    ...acknowledged.filter(({ summary }) => !summary.startsWith("查看")).map((one) => key("done", one)),
    // A list is put into the log twice: who published it, and its proof.
    ...acknowledged
      .filter(({ summary }) => summary === publishClaims.summary)
      .map(({ officerId }) => key("done", { officerId, summary: "公示名单存证" })),
    ...refusals.filter(({ summary }) => !summary.startsWith("查看")).map((one) => key("refused", one)),
  ]);
  return differences("audit row", is, should);
}

/** What the screens' lists say in the end, against the model. */
async function checkLists(office: MoneyOffice, models: ReadonlyMap<string, ModelClaim>): Promise<string[]> {
  const { auditor } = office;
  const all = [...models.values()];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const lines = (await auditor.askUntilAnswered(listFundLines, {})).rows;
  const counted = (await auditor.askUntilAnswered(countClaims, {})).byState;
  const batches: { paidFen: number }[] = [];
  for (let page = 1; ; page++) {
    const { rows, total } = await auditor.askUntilAnswered(listBatches, { page, size: 200 });
    batches.push(...rows);
    if (batches.length >= total) break;
  }
  const spent = sum(all.map(({ spentFen }) => spentFen));
  const { faults, sums } = await auditor.askUntilAnswered(reconcileMoney, {});
  const wrong = (what: string, is: number, should: number) =>
    is === should ? [] : [`${what} says ${is} and should say ${should}`];
  return [
    ...faults.map(({ says, subject }) => `in the end: ${says}: ${subject}`),
    ...sums.filter(({ of }) => of === "net" || of === "paid").flatMap(({ says, fen }) => wrong(says, fen, spent)),
    ...wrong("list of funds: spent", sum(lines.map(({ spentFen }) => spentFen)), spent),
    ...wrong(
      "list of funds: reserved",
      sum(lines.map(({ reservedFen }) => reservedFen)),
      sum(all.map(({ reservedFen }) => reservedFen)),
    ),
    ...wrong("list of batches: paid", sum(batches.map(({ paidFen }) => paidFen)), spent),
    ...wrong(
      "list of claims",
      sum(counted.map(({ amountFen }) => amountFen)),
      sum(all.map(({ amountFen }) => amountFen)),
    ),
  ];
}
