import { handleExport, type ExportList } from "#exports";
import { basisOfVersion } from "#policy";
import { narrow, regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import type { WriteColumn, WriteValue } from "../../platform/sheets/index.ts";
import {
  actsOn,
  claimStateLabels,
  claimWayLabels,
  countClaims,
  exportClaims,
  getClaim,
  listClaimItems,
  listClaims,
  listPersonClaims,
  listUncounted,
  type ClaimRow,
} from "../contract.ts";
import { findFundLine } from "../funds/store.ts";
import type { SubsidiesOptions } from "../options.ts";
import { accountOf, paymentsOfClaim } from "../payments/store.ts";
import { judgeItems } from "../payee/why.ts";
import { placeOf } from "../places.ts";
import { namesHere, uncountedOf } from "./uncounted.ts";
import {
  claimedRules,
  claimsOfPerson,
  countStoredClaims,
  eventsOfClaim,
  findClaim,
  listItems,
  listStoredClaims,
  streamStoredClaims,
  type StoredClaim,
} from "./store.ts";

async function toClaimRows(tx: Tx, claims: readonly StoredClaim[], businessDate: string): Promise<ClaimRow[]> {
  const nameOf = await regionNames(
    tx,
    claims.map(({ region }) => region),
  );
  return claims.map((claim) => ({
    claimId: claim.claim_id,
    number: claim.number,
    place: placeOf(nameOf, claim.region),
    way: claim.way,
    title: claim.title,
    fund: claim.fund,
    payeeName: claim.payee_name,
    payeePersonId: claim.payee_person_id,
    items: claim.items,
    persons: claim.persons,
    amountFen: Number(claim.amount_fen),
    state: claim.state,
    receivedOn: claim.received_on,
    dueOn: claim.due_on,
    overdue: claim.due_on !== null && claim.due_on < businessDate,
    paidOn: claim.paid_on,
  }));
}

const columns: readonly (WriteColumn & { value(row: ClaimRow): WriteValue })[] = [
  { header: "编号", kind: "text", width: 22, value: (row) => row.number },
  { header: "补贴项目", kind: "text", width: 30, value: (row) => row.title },
  { header: "收款人", kind: "text", width: 24, value: (row) => row.payeeName },
  { header: "地区", kind: "text", width: 14, value: (row) => row.place.name },
  { header: "方式", kind: "text", width: 10, value: (row) => claimWayLabels[row.way] },
  { header: "项数", kind: "int", width: 8, value: (row) => row.items },
  { header: "涉及人数", kind: "int", width: 10, value: (row) => row.persons },
  { header: "金额", kind: "money", width: 14, value: (row) => row.amountFen },
  { header: "资金渠道", kind: "text", width: 20, value: (row) => row.fund },
  { header: "状态", kind: "text", width: 12, value: (row) => claimStateLabels[row.state] },
  { header: "受理日期", kind: "date", width: 12, value: (row) => row.receivedOn },
  { header: "应办日期", kind: "date", width: 12, value: (row) => row.dueOn },
  { header: "发放日期", kind: "date", width: 12, value: (row) => row.paidOn },
];

export function claimReadingHandlers(options: SubsidiesOptions): readonly Handler[] {
  const { rulebook } = options;

  async function getFor({ tx, caller }: ActionContext, claimId: string): Promise<StoredClaim> {
    return (await findClaim(tx, caller.sight.region, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
  }

  return [
    handle(listClaims, async (context, { page, size, region, ...filter }) => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { rows, total } = await listStoredClaims(tx, scope, filter, businessDate, { page, size });
      context.audit({
        count: rows.length,
        persons: rows.map((row) => row.payee_person_id),
        total,
        ...(region ? { region } : {}),
      });
      return { total, rows: await toClaimRows(tx, rows, businessDate) };
    }),

    handle(countClaims, async ({ tx, caller, businessDate }, { region }) => {
      const scope = narrow(caller.sight.region, region);
      const counted = await countStoredClaims(tx, scope, businessDate);
      const rules = await claimedRules(tx, scope);
      const byRule = Map.groupBy(rules, ({ rule_id }) => rule_id);
      return {
        byState: counted.map(({ state, claims, amount, overdue }) => ({
          state,
          claims,
          amountFen: Number(amount),
          overdue,
        })),
        rules: [...byRule].map(([rule, own]) => ({
          rule,
          // One rule may pay under the titles of several texts: each is found here.
          title: [...new Set(own.map(({ title }) => title))].join("、"),
          claims: own.reduce((sum, { claims }) => sum + claims, 0),
        })),
        funds: [...new Set(rules.map(({ fund }) => fund))].filter((fund) => fund !== "").toSorted(),
      };
    }),

    handleExport(exportClaims, async (context, { purpose: _purpose, region, ...filter }): Promise<ExportList> => {
      const { tx, caller, businessDate } = context;
      const scope = narrow(caller.sight.region, region);
      const { total } = await listStoredClaims(tx, scope, filter, businessDate, { page: 1, size: 1 });
      return {
        title: "补贴件清单",
        about: [
          filter.state === "open" ? "在办" : claimStateLabels[filter.state],
          filter.fund ?? "",
          filter.search ?? "",
        ]
          .filter((part) => part !== "")
          .join("；"),
        persons: true,
        total,
        columns,
        tracedBy: ["编号", "收款人"],
        async *rows() {
          for await (const part of streamStoredClaims(tx, scope, filter, businessDate))
            for (const row of await toClaimRows(tx, part, businessDate))
              yield columns.map((column) => column.value(row));
        },
      };
    }),

    handle(getClaim, async (context, { claimId }) => {
      const { tx, caller, businessDate } = context;
      const claim = await getFor(context, claimId);
      context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, count: 1 });
      const [row] = await toClaimRows(tx, [claim], businessDate);
      // Of the version by which it was decided, also when another is in force today.
      const { basis, evidence } = await basisOfVersion(tx, await rulebook.get(tx), claim.version_id);
      const account = await accountOf(tx, claim);
      const line = claim.fund_line_id ? await findFundLine(tx, caller.sight.region, claim.fund_line_id) : null;
      const [events, payments] = [await eventsOfClaim(tx, claimId), await paymentsOfClaim(tx, claimId)];
      return {
        ...row!,
        rulePath: claim.rule_path,
        versionId: claim.version_id,
        handling: claim.handling,
        agent: claim.agent,
        accountMask: account?.mask ?? null,
        bank: account?.bank || null,
        fundLine: line && { fundLineId: line.fund_line_id, document: line.document },
        decidedOn: claim.decided_on,
        basis: [...basis],
        evidence: [...evidence],
        acts: actsOn(claim.state, caller.permissions),
        events: events.map((event) => ({
          eventId: event.event_id,
          act: event.act,
          state: event.state,
          amountFen: Number(event.amount_fen),
          officerName: event.officer_name,
          organisation: event.organisation,
          note: event.note,
          businessDate: event.business_date,
          at: event.at.toISOString(),
        })),
        payments: payments.map((payment) => ({
          paymentId: payment.payment_id,
          batchId: payment.batch_id,
          batchNumber: payment.batch_number,
          line: payment.line,
          accountMask: payment.account_mask,
          amountFen: Number(payment.amount_fen),
          state: payment.state,
          bankReference: payment.bank_reference,
          answeredOn: payment.answered_on,
          reason: payment.reason,
        })),
        lock: claim.lock,
      };
    }),

    handle(listClaimItems, async (context, { claimId, page, size }) => {
      const claim = await getFor(context, claimId);
      const { tx, businessDate } = context;
      const { rows, total } = await listItems(tx, claimId, { page, size });
      context.audit({ subject: `subsidies.claim:${claimId}`, region: claim.region, count: rows.length, total });
      const book = await rulebook.get(tx);
      // Another version than the one by which it was decided would explain what nobody decided.
      const measure = (await rulebook.versionOf(tx, claim.version_id)) ?? undefined;
      const facts = rows.map((row) => row.facts);
      const judged = await judgeItems(tx, book, measure, facts, claim.decided_on ?? businessDate);
      return {
        total,
        rows: rows.map((row, index) => ({
          itemId: row.item_id,
          personId: row.person_id,
          // A person of another place is not this officer's to see.
          personName: row.person_name ?? (row.person_id === null ? null : "（外地人员）"),
          identityMask: row.identity_mask,
          eventDate: row.event_date,
          months: row.months,
          amountFen: Number(row.amount_fen),
          live: row.live,
          dropped: row.dropped,
          conditions: [...(judged[index] ?? [])],
        })),
      };
    }),

    handle(listUncounted, async (context, { claimId, page, size }) => {
      const { tx, services, businessDate } = context;
      const claim = await getFor(context, claimId);
      const found = await uncountedOf(tx, options, services, claim, { page, size });
      context.audit({
        subject: `subsidies.claim:${claimId}`,
        region: claim.region,
        count: found?.rows.length ?? 0,
        persons: (found?.rows ?? []).map(({ personId }) => personId),
        total: found?.total ?? 0,
      });
      if (!found) return { asOf: businessDate, total: 0, byOutcome: [], rows: [] };
      const names = await namesHere(
        tx,
        found.rows.flatMap(({ personId }) => personId ?? []),
      );
      return {
        ...found,
        rows: found.rows.map((row) => {
          const known = row.personId === null ? undefined : names.get(row.personId);
          return {
            ...row,
            // A person of another place is not this officer's to see.
            personId: known ? row.personId : null,
            personName: known?.name ?? (row.personId === null ? null : "（外地人员）"),
            identityMask: known?.mask ?? null,
          };
        }),
      };
    }),

    handle(listPersonClaims, async (context, { personId }) => {
      const { tx, caller, businessDate } = context;
      const claims = await claimsOfPerson(tx, caller.sight.region, personId);
      context.audit({ subject: `registry.person:${personId}`, count: claims.length });
      const rows = await toClaimRows(tx, claims, businessDate);
      return {
        rows: rows.map((row, index) => ({
          ...row,
          toOther: claims[index]!.payee_person_id !== personId,
          shareFen: Number(claims[index]!.share),
        })),
      };
    }),
  ];
}
