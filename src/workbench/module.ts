import { comparisonCounts, countToVerify, regionsWithPersons, registryPermissions } from "#registry";
import { ledgerKindLabels, ledgerPermissions, listBatchRows, vanishApproval, type BatchRow } from "#ledger";
import { monthDutiesOf } from "#months";
import { moneyDutiesOf } from "#subsidies";
import type { Tx } from "../platform/db/database.ts";
import { handle, type ActionContext, type DomainModule } from "../platform/module.ts";
import { getToday, workbenchPermissions, type Today } from "./contract.ts";
import { dutiesOf, monthInHand, queuesOf, type BatchAtHand, type Situation } from "./today.ts";

const COUNTY_DIGITS = 6;
/** Enough of the newest batches to hold the two months that may still owe something, and whatever is unfinished. */
const NEWEST = 200;

async function situationOf(context: ActionContext, region: string): Promise<Situation> {
  const { tx, caller, businessDate } = context;
  const { permissions } = caller;
  const seesLedger = permissions.has(ledgerPermissions.read);
  const seesPersons = permissions.has(registryPermissions.read);
  // Finance and audit look persons up; whether these are at work is asked of those who work on the ledger or in the village.
  const concerned = seesPersons && (seesLedger || permissions.has(workbenchPermissions.verify));
  const batches = seesLedger ? await listBatchRows(tx, region, {}, 1, NEWEST) : { rows: [] };
  const open = concerned ? await comparisonCounts(tx, region, undefined, businessDate) : null;
  return {
    region,
    businessDate,
    month: monthInHand(businessDate),
    acts: {
      receive: permissions.has(ledgerPermissions.write),
      apply: permissions.has(ledgerPermissions.apply),
      approve: permissions.has(ledgerPermissions.approve),
      settle: permissions.has(registryPermissions.compare),
      chase: permissions.has(workbenchPermissions.chase),
    },
    seesLedger,
    months: await monthDutiesOf(context),
    money: await moneyDutiesOf(context),
    batches: batches.rows.map((row) => atHand(row, caller.officerId)),
    counties: region.length < COUNTY_DIGITS && seesPersons ? await regionsWithPersons(tx, region) : [],
    comparisons: open && {
      open: sum(open.map((row) => Number(row.open))),
      overdue: sum(open.map((row) => Number(row.overdue))),
      due: open.flatMap((row) => row.due ?? []).toSorted()[0] ?? null,
    },
    toVerify: concerned ? await countToVerify(tx, region) : null,
  };
}

function atHand(row: BatchRow, officerId: string | null): BatchAtHand {
  return {
    batchId: row.batch_id,
    kind: row.kind,
    month: row.month.slice(0, 7),
    title: row.title,
    region: row.region,
    state: row.state,
    counts: row.counts,
    // The business day of the receipt: in a demonstration the clock runs elsewhere.
    receivedOn: row.business_date,
    awaitsApproval: vanishApproval(row) === "needed",
    ownReceipt: row.received_by === officerId,
  };
}

async function lastApplied(tx: Tx, region: string): Promise<Today["lastApplied"]> {
  const { rows } = await listBatchRows(tx, region, { state: "applied" }, 1, NEWEST);
  const [latest] = rows
    .flatMap((row) => (row.applied_at ? [{ ...row, appliedAt: row.applied_at }] : []))
    .toSorted((a, b) => b.appliedAt.getTime() - a.appliedAt.getTime());
  return latest
    ? {
        at: latest.appliedAt.toISOString(),
        what: `${Number(latest.month.slice(5, 7))}月${ledgerKindLabels[latest.kind]}`,
      }
    : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export const workbenchModule: DomainModule = {
  name: "workbench",
  handlers: [
    handle(getToday, async (context) => {
      const region = context.caller.sight.region;
      // Administrators see no business rows; whoever sees none has nothing due here.
      if (region === null)
        return { month: monthInHand(context.businessDate), duties: [], queues: [], lastApplied: null };
      const situation = await situationOf(context, region);
      return {
        month: situation.month,
        duties: dutiesOf(situation),
        queues: queuesOf(situation),
        lastApplied: situation.seesLedger ? await lastApplied(context.tx, region) : null,
      };
    }),
  ],
  permissions: {
    [workbenchPermissions.read]: {
      label: "查看工作台",
      duties: [
        "county-clerk",
        "reviewer",
        "town-officer",
        "village-worker",
        "city-dispatcher",
        "province-dispatcher",
        "finance",
        "auditor",
        "leader",
        "policy",
      ],
    },
    [workbenchPermissions.verify]: {
      label: "核实人员在岗情况",
      duties: ["county-clerk", "reviewer", "town-officer", "village-worker"],
    },
    [workbenchPermissions.chase]: {
      label: "催收下级台账",
      duties: ["city-dispatcher", "province-dispatcher", "leader"],
    },
  },
};
