import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { actorOf } from "../claims/steps.ts";
import { decideSettlement, listSettlements, proposeSettlement, subsidiesPermissions } from "../contract.ts";
import { subsidiesProblems } from "../problems.ts";
import {
  closeSettlement,
  findSettlement,
  insertSettlement,
  settlementsOf,
  type StoredSettlement,
} from "./report-store.ts";
import { findFundLine, insertFundLine, leftOf, lineOfDocument, moveLine, type StoredFundLine } from "./store.ts";

const locked = async ({ tx, caller }: ActionContext, fundLineId: string): Promise<StoredFundLine> =>
  (await findFundLine(tx, caller.sight.region, fundLineId, true)) ?? refuse(platformProblems.notFound("这条资金额度"));

/** 结转、收回: what a line has left goes on to the next year, or back to whom it came from, once a second person has agreed. */
export function settlementHandlers(): readonly Handler[] {
  const mayDecide = (settlement: StoredSettlement, { caller }: ActionContext): boolean =>
    settlement.state === "proposed" &&
    settlement.proposed_by !== caller.officerId &&
    caller.permissions.has(subsidiesPermissions.release);

  return [
    handle(listSettlements, async (context, { fundLineId }) => {
      const { tx, caller } = context;
      if (!(await findFundLine(tx, caller.sight.region, fundLineId))) refuse(platformProblems.notFound("这条资金额度"));
      const rows = await settlementsOf(tx, fundLineId);
      return {
        rows: rows.map((row) => ({
          settlementId: row.settlement_id,
          kind: row.kind,
          amountFen: Number(row.amount_fen),
          document: row.document,
          state: row.state,
          proposedByName: row.proposed_by_name,
          proposedOn: row.proposed_on,
          decidedByName: row.decided_by_name,
          decidedOn: row.decided_on,
          toFundLineId: row.to_fund_line_id,
          mayDecide: mayDecide(row, context),
        })),
      };
    }),

    handle(proposeSettlement, async (context, { fundLineId, kind, amountFen, document }) => {
      const { tx, caller, businessDate } = context;
      const line = await locked(context, fundLineId);
      if (leftOf(line) < amountFen) refuse(subsidiesProblems.belowZero(formatYuan(leftOf(line))));
      const given = { fundLineId, region: line.region, kind, amountFen, document };
      const by = { officerId: caller.officerId, name: caller.name, on: businessDate };
      const settlementId =
        (await insertSettlement(tx, { ...given, ...by })) ?? refuse(subsidiesProblems.settlementWaits());
      context.audit({ subject: `subsidies.fund-line:${fundLineId}`, region: line.region, kind, amountFen, document });
      return { settlementId };
    }),

    handle(decideSettlement, async (context, { settlementId, agree }) => {
      const { tx, caller, businessDate } = context;
      const settlement =
        (await findSettlement(tx, caller.sight.region, settlementId)) ??
        refuse(platformProblems.notFound("这笔结转或收回"));
      if (settlement.state !== "proposed") refuse(subsidiesProblems.settlementDecided());
      if (settlement.proposed_by === caller.officerId) refuse(subsidiesProblems.ownSettlement());
      const toFundLineId = agree ? await settle(context, settlement) : null;
      await closeSettlement(tx, settlementId, {
        state: agree ? "done" : "refused",
        officerId: caller.officerId,
        name: caller.name,
        on: businessDate,
        toFundLineId,
      });
      context.audit({
        subject: `subsidies.fund-line:${settlement.fund_line_id}`,
        region: settlement.region,
        kind: settlement.kind,
        amountFen: Number(settlement.amount_fen),
        agree,
      });
      return {};
    }),
  ];
}

/** Moves the money; returns the line to which it was carried. */
async function settle(context: ActionContext, settlement: StoredSettlement): Promise<string | null> {
  const { tx } = context;
  const line = await locked(context, settlement.fund_line_id);
  const amount = Number(settlement.amount_fen);
  if (leftOf(line) < amount) refuse(subsidiesProblems.belowZero(formatYuan(leftOf(line))));
  const by = actorOf(context);
  const { document } = settlement;
  if (settlement.kind === "claw") {
    await moveLine(tx, line, "budget", -amount, `收回结余：${document}`, by);
    return null;
  }
  const next = { ...line, validFrom: `${line.year + 1}-01-01`, validTo: null, year: line.year + 1, document };
  const toFundLineId = (await insertFundLine(tx, next)) ?? (await lineOfDocument(tx, next));
  await moveLine(tx, line, "transfer", -amount, `结转到 ${next.year} 年：${document}`, by);
  await moveLine(
    tx,
    { fund_line_id: toFundLineId, region: line.region },
    "transfer",
    amount,
    `由 ${line.year} 年结转：${line.document}`,
    by,
  );
  return toFundLineId;
}
