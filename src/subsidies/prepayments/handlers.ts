import { sql } from "kysely";
import { asOfFor } from "#policy";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { emit } from "../../platform/tasks/queue.ts";
import { addDays } from "../../platform/dates/index.ts";
import { formatYuan } from "../../platform/money.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { isOffered, payableTo, type Payable } from "../applications/offers.ts";
import { payeeSubject } from "../claims/intake.ts";
import { actorOf } from "../claims/steps.ts";
import { noteClaims } from "../claims/store.ts";
import {
  claimStateLabels,
  correctPrepayment,
  findPrepayees,
  listPrepayments,
  prepay,
  prepayable,
  previewSettlement,
  settlePrepayment,
  type PrepaymentRow,
} from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
import { PREPAYMENT_OWED } from "../recovery/owed.ts";
import { dueIn } from "../settings/store.ts";
import { foundOf, measureOf } from "./asked.ts";
import { correctSettlement, isCorrectable, noteSettled, payBalance, previewCorrection } from "./correction.ts";
import { settlementOf } from "./settlement.ts";
import {
  attachActual,
  findPrepayment,
  insertPrepaidClaim,
  insertPrepayment,
  listStoredPrepayments,
  lockPrepayment,
  openPrepayment,
  prepayees,
  settleStored,
  type StoredPrepayment,
} from "./store.ts";
import { locks } from "../../platform/db/locks.ts";

/** Longest time until a settlement, in days (sample: no source gives a number). */
const SETTLED_WITHIN_DAYS = 731;
const PAID = new Set(["paid", "closed"]);

/** The caller's own county: it is one office that prepays. */
const countyOf = ({ caller }: ActionContext): string => {
  const county = caller.sight.region?.slice(0, 6) ?? "";
  return county.length === 6 ? county : refuse(platformProblems.outOfScope());
};

/** 定额预付: paid against a plan, with approval like every claim, and settled against what screening finds. */
export function prepaymentHandlers(options: SubsidiesOptions): readonly Handler[] {
  async function offered({ tx, services }: ActionContext, county: string): Promise<readonly Payable[]> {
    const all = [...(await payableTo(options, tx, "employer")), ...(await payableTo(options, tx, "person"))];
    return all.filter((one) => isOffered(one, county, services.businessDate(county)));
  }
  async function getOffered(context: ActionContext, county: string, rule: string): Promise<Payable> {
    return (
      (await offered(context, county)).find(({ measure }) => measure.definition.id === rule) ??
      refuse(subsidiesProblems.notPrepayable())
    );
  }
  async function getFor({ tx, caller }: ActionContext, prepaymentId: string): Promise<StoredPrepayment> {
    return (
      (await findPrepayment(tx, caller.sight.region, prepaymentId)) ?? refuse(platformProblems.notFound("这笔预付"))
    );
  }
  async function payableOf(tx: Tx, stored: StoredPrepayment): Promise<Payable> {
    return (await measureOf(options, tx, stored)) ?? refuse(subsidiesProblems.notPrepayable());
  }

  return [
    handle(listPrepayments, async (context, filter) => {
      const { tx, caller, businessDate } = context;
      const { rows, total } = await listStoredPrepayments(tx, caller.sight.region, filter, businessDate);
      context.audit({ count: rows.length, total });
      const nameOf = await regionNames(
        tx,
        rows.map(({ region }) => region),
      );
      return { total, rows: rows.map((row) => toRow(row, placeOf(nameOf, row.region), businessDate)) };
    }),

    handle(prepayable, async (context) => {
      const county = countyOf(context);
      const rules = (await offered(context, county)).map(({ measure: { definition } }) => ({
        rule: definition.id,
        title: definition.title,
        funds: definition.funds.map(({ name }) => name),
        // The measure's own text speaks of it; for any other the office names the document that allows it.
        document: definition.basis.find(({ quote }) => quote?.includes("定额预付"))?.quote ?? null,
      }));
      return { rules: [...new Map(rules.map((one) => [one.rule, one])).values()] };
    }),

    handle(findPrepayees, async (context, { rule, search }) => {
      const county = countyOf(context);
      const one = await getOffered(context, county, rule);
      const found = await prepayees(context.tx, county, one, { search }, asOfFor(context.services, one.measure));
      context.audit({ count: found.length, persons: found.map(({ person_id }) => person_id) });
      return { rows: found.map(({ id, name }) => ({ payeeId: id, name })) };
    }),

    handle(prepay, async (context, { rule, payeeId, fund, amountFen, document, plan, settleBy }) => {
      const { tx, services } = context;
      const region = countyOf(context);
      const one = await getOffered(context, region, rule);
      const { definition, version } = one.measure;
      const today = services.businessDate(region);
      if (settleBy <= today || settleBy > addDays(today, SETTLED_WITHIN_DAYS))
        refuse(subsidiesProblems.settleByTooEarly());
      const funds = definition.funds.map(({ name }) => name);
      if (funds.length > 0 ? !funds.includes(fund) : fund !== "") refuse(subsidiesProblems.notPrepayable());
      await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(tx);
      const [payee] = await prepayees(tx, region, one, { id: payeeId }, asOfFor(services, one.measure));
      if (!payee) return refuse(subsidiesProblems.notPrepayable());
      const open = await openPrepayment(tx, region, definition.file, `${one.payee.kind}:${payeeId}`);
      if (open !== null) refuse(subsidiesProblems.prepaidAlready(open));
      const claimId = await insertPrepaidClaim(tx, {
        region,
        path: definition.file,
        rule: definition.id,
        versionId: version.version_id,
        title: definition.title,
        fund,
        subject: payeeSubject(one.measure),
        kind: one.payee.kind,
        payee,
        amountFen,
        note: `依据：${document}`,
        on: today,
        dueOn: await dueIn(tx, region, "submitted", today),
      });
      const prepaymentId = await insertPrepayment(tx, { region, claimId, document, plan, settleBy, on: today });
      await noteClaims(tx, [claimId], {
        ...actorOf(
          context,
          `定额预付 ${formatYuan(amountFen)} 元。依据：${document}。计划：${plan}。${settleBy} 前结算`,
        ),
        act: "prepay",
      });
      context.audit({ subject: `subsidies.claim:${claimId}`, region, amountFen, document });
      return { prepaymentId, claimId };
    }),

    handle(previewSettlement, async (context, { prepaymentId }) => {
      const stored = await getFor(context, prepaymentId);
      const { services, tx } = context;
      const one = await payableOf(tx, stored);
      return services.database.worker.transaction().execute(async (worker) => {
        if (stored.state === "owed") return previewCorrection(worker, services, one, stored);
        const { items, actualFen } = await foundOf(worker, services, one, stored);
        return { items, ...settlementOf(Number(stored.amount_fen), actualFen), reducedFen: 0 };
      });
    }),

    handle(settlePrepayment, async (context, { prepaymentId, actualFen, note }) => {
      const { caller, services, businessDate } = context;
      const stored = await getFor(context, prepaymentId);
      if (stored.state !== "open") refuse(subsidiesProblems.changedMeanwhile());
      if (!PAID.has(stored.claim_state)) refuse(subsidiesProblems.notPaidYet(claimStateLabels[stored.claim_state]));
      const one = await payableOf(context.tx, stored);
      // With the worker's eyes, as every claim is made: what other counties have claimed counts. Asked again it finds the prepayment settled.
      const settled = await services.database.worker.transaction().execute(async (worker) => {
        await sql`SELECT pg_advisory_xact_lock(${locks.claiming})`.execute(worker);
        await lockPrepayment(worker, prepaymentId);
        const now = await findPrepayment(worker, "", prepaymentId);
        if (now?.state !== "open" || !PAID.has(now.claim_state)) refuse(subsidiesProblems.changedMeanwhile());
        const found = await foundOf(worker, services, one, stored);
        if (found.actualFen !== actualFen) refuse(subsidiesProblems.settlementChanged(formatYuan(found.actualFen)));
        const sums = settlementOf(Number(stored.amount_fen), found.actualFen);
        await attachActual(worker, stored.claim_id, one.measure);
        const words = wordsOf(stored, sums, found.items);
        const balanceClaimId =
          sums.balanceFen > 0 ? await payBalance(worker, one, stored, sums.balanceFen, businessDate) : null;
        await noteSettled(worker, context, [stored.claim_id, balanceClaimId], [words, note]);
        await settleStored(worker, prepaymentId, {
          ...sums,
          balanceClaimId,
          on: businessDate,
          by: caller.officerId,
          byName: caller.name,
        });
        // With the settlement or not at all: what is owed is not forgotten.
        if (sums.owedFen > 0) await emit(worker, PREPAYMENT_OWED, { prepaymentId });
        return { items: found.items, ...sums, reducedFen: 0 };
      });
      context.audit({ subject: `subsidies.claim:${stored.claim_id}`, region: stored.region, ...settled });
      return settled;
    }),

    handle(correctPrepayment, async (context, { prepaymentId, actualFen, note }) => {
      const stored = await getFor(context, prepaymentId);
      const one = await payableOf(context.tx, stored);
      const corrected = await correctSettlement(context, one, stored, { actualFen, note });
      context.audit({ subject: `subsidies.claim:${stored.claim_id}`, region: stored.region, ...corrected });
      return corrected;
    }),
  ];
}

function wordsOf(stored: StoredPrepayment, sums: ReturnType<typeof settlementOf>, items: number): string {
  const result =
    sums.balanceFen > 0
      ? `补付 ${formatYuan(sums.balanceFen)} 元`
      : sums.owedFen > 0
        ? `应退 ${formatYuan(sums.owedFen)} 元`
        : "不补不退";
  return `结算：预付 ${formatYuan(Number(stored.amount_fen))} 元，核实 ${items} 项共 ${formatYuan(sums.actualFen)} 元，${result}`;
}

function toRow(row: StoredPrepayment, place: PrepaymentRow["place"], businessDate: string): PrepaymentRow {
  return {
    prepaymentId: row.prepayment_id,
    claimId: row.claim_id,
    number: row.number,
    claimState: row.claim_state,
    place,
    title: row.title,
    payeeName: row.payee_name,
    document: row.document,
    plan: row.plan,
    amountFen: Number(row.amount_fen),
    begunOn: row.begun_on,
    settleBy: row.settle_by,
    overdue: row.state === "open" && row.settle_by < businessDate,
    state: row.state,
    settledOn: row.settled_on,
    settledBy: row.settled_by_name,
    actualFen: row.actual_fen === null ? null : Number(row.actual_fen),
    owedFen: Number(row.owed_fen),
    recovery:
      row.recovery_id === null
        ? null
        : { recoveryId: row.recovery_id, number: row.recovery_number!, state: row.recovery_state! },
    correctable: isCorrectable(row),
    balance:
      row.balance_claim_id === null
        ? null
        : { claimId: row.balance_claim_id, number: row.balance_number!, amountFen: Number(row.balance_fen) },
  };
}
