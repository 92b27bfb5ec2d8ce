import { narrow, sees, type Scope } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { formatYuan } from "../../platform/money.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { addFundLine, adjustFundLine, listFundLines, listFundMovements, transferFunds } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { actorOf } from "../claims/steps.ts";
import { subsidiesProblems } from "../problems.ts";
import { toFundLines } from "./lines.ts";
import {
  findFundLine,
  insertFundLine,
  leftOf,
  listFundLinesIn,
  listMovementsOf,
  moveLine,
  type StoredFundLine,
} from "./store.ts";

const locked = async (tx: Tx, scope: Scope, fundLineId: string): Promise<StoredFundLine> =>
  (await findFundLine(tx, scope, fundLineId, true)) ?? refuse(platformProblems.notFound("这条资金额度"));

/** Takes so much from a line, or refuses with what could be taken. */
async function take(
  context: ActionContext,
  line: StoredFundLine,
  kind: "budget" | "transfer",
  fen: number,
  note: string,
) {
  if (leftOf(line) + fen < 0) refuse(subsidiesProblems.belowZero(formatYuan(leftOf(line))));
  await moveLine(context.tx, line, kind, fen, note, actorOf(context));
}

export function fundHandlers({ rulebook }: SubsidiesOptions): readonly Handler[] {
  return [
    handle(listFundLines, async ({ tx, caller }, { region, ...filter }) => {
      const lines = await listFundLinesIn(tx, narrow(caller.sight.region, region), filter);
      const { measures } = await rulebook.get(tx);
      const paying = measures.filter(({ definition }) => definition.pays.length > 0);
      const named = paying.flatMap(({ definition }) => definition.funds.map(({ name }) => name));
      const titles = new Map(paying.map(({ definition }) => [definition.id, definition.title]));
      return {
        rows: await toFundLines(tx, lines),
        funds: [...new Set(named)].toSorted(),
        measures: [...titles].map(([rule, title]) => ({ rule, title })),
      };
    }),

    handle(listFundMovements, async ({ tx, caller }, { fundLineId, page, size }) => {
      if (!(await findFundLine(tx, caller.sight.region, fundLineId))) refuse(platformProblems.notFound("这条资金额度"));
      const { rows, total } = await listMovementsOf(tx, fundLineId, { page, size });
      return {
        total,
        rows: rows.map((row) => ({
          movementId: row.movement_id,
          kind: row.kind,
          amountFen: Number(row.amount_fen),
          claimId: row.claim_id,
          claimNumber: row.claim_number,
          note: row.note,
          officerName: row.officer_name,
          businessDate: row.business_date,
          at: row.at.toISOString(),
        })),
      };
    }),

    handle(addFundLine, async (context, { amountFen, ...line }) => {
      const { tx, caller } = context;
      if (!sees(caller.sight.region, line.region)) refuse(platformProblems.outOfScope());
      const fundLineId = (await insertFundLine(tx, line)) ?? refuse(subsidiesProblems.fundLineExists());
      await moveLine(
        tx,
        { fund_line_id: fundLineId, region: line.region },
        "budget",
        amountFen,
        line.document,
        actorOf(context),
      );
      context.audit({ subject: `subsidies.fund-line:${fundLineId}`, region: line.region, amountFen });
      return { fundLineId };
    }),

    handle(adjustFundLine, async (context, { fundLineId, amountFen, document }) => {
      const line = await locked(context.tx, context.caller.sight.region, fundLineId);
      await take(context, line, "budget", amountFen, document);
      context.audit({ subject: `subsidies.fund-line:${fundLineId}`, region: line.region, amountFen });
      return { leftFen: leftOf(line) + amountFen };
    }),

    handle(transferFunds, async (context, { fundLineId, toFundLineId, amountFen, document }) => {
      const scope = context.caller.sight.region;
      // In one order, so that two transfers in opposite directions do not wait for each other.
      const [first, second] =
        BigInt(fundLineId) < BigInt(toFundLineId) ? [fundLineId, toFundLineId] : [toFundLineId, fundLineId];
      const lines = [await locked(context.tx, scope, first), await locked(context.tx, scope, second)];
      const from = lines.find(({ fund_line_id }) => fund_line_id === fundLineId)!;
      const to = lines.find(({ fund_line_id }) => fund_line_id === toFundLineId)!;
      if (from === to || from.fund !== to.fund || from.region !== to.region) refuse(subsidiesProblems.otherFund());
      await take(context, from, "transfer", -amountFen, `调剂到 ${to.document}：${document}`);
      await take(context, to, "transfer", amountFen, `由 ${from.document} 调剂：${document}`);
      context.audit({ subject: `subsidies.fund-line:${fundLineId}`, region: from.region, amountFen, to: toFundLineId });
      return {};
    }),
  ];
}
