import { comparisonCounts, countPersonsByRegion, registryPermissions } from "#registry";
import { ledgerKindLabels, ledgerPermissions, listBatchRows, vanishApproval, type BatchRow } from "#ledger";
import type { Tx } from "../platform/db/database.ts";
import { handle, type ActionContext, type DomainModule } from "../platform/module.ts";
import { getToday, workbenchPermissions, type Today } from "./contract.ts";
import { monthInHand } from "./handover.ts";
import { dutiesOf, queuesOf, type BatchAtHand, type Situation } from "./today.ts";

const COUNTY_DIGITS = 6;
/** Enough of the newest batches to hold the two months that may still owe something, and whatever is unfinished. */
const NEWEST = 200;

async function situationOf({ tx, caller, businessDate }: ActionContext, region: string): Promise<Situation> {
  const seesLedger = caller.permissions.has(ledgerPermissions.read);
  const seesPersons = caller.permissions.has(registryPermissions.read);
  const batches = seesLedger ? await listBatchRows(tx, region, {}, 1, NEWEST) : { rows: [] };
  const persons = seesPersons ? await countPersonsByRegion(tx, region, undefined, COUNTY_DIGITS) : null;
  const open = seesPersons ? await comparisonCounts(tx, region, undefined, businessDate) : null;
  return {
    region,
    businessDate,
    month: monthInHand(businessDate),
    batches: batches.rows.map(atHand),
    counties: region.length < COUNTY_DIGITS && persons ? persons.map((row) => row.region) : [],
    comparisons: open && {
      open: sum(open.map((row) => Number(row.open))),
      overdue: sum(open.map((row) => Number(row.overdue))),
    },
    toVerify: persons && sum(persons.map((row) => row.toVerify)),
  };
}

function atHand(row: BatchRow): BatchAtHand {
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
      const seesLedger = context.caller.permissions.has(ledgerPermissions.read);
      return {
        month: situation.month,
        duties: dutiesOf(situation),
        queues: seesLedger ? queuesOf(situation) : [],
        lastApplied: seesLedger ? await lastApplied(context.tx, region) : null,
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
  },
};
