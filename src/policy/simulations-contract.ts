import { z } from "zod";
import { action, download, id, pageOf, paging, plainDate, query, regionCode } from "../platform/contract.ts";
import { policyPermissions } from "./permissions.ts";
import { outcomeLabels, outcomes, versionRow } from "./words-contract.ts";

const amounts = z.object({ rows: z.int(), persons: z.int(), amountFen: z.int() });
/** What one version decides. */
const simulatedVersion = z.object({
  rows: z.int(),
  outcomes: z.array(z.object({ outcome: z.enum(outcomes), rows: z.int(), amountFen: z.int() })),
  byCounty: z.array(amounts.extend({ county: z.string(), countyName: z.string() })),
  byFund: z.array(amounts.extend({ fund: z.string() })),
  /** Which fact is missing for how many rows. */
  unknown: z.array(z.object({ fact: z.string(), supplier: z.string(), rows: z.int() })),
  refusedBy: z.array(z.object({ condition: z.string(), says: z.string(), rows: z.int(), alone: z.int() })),
});
type SimulatedVersion = z.output<typeof simulatedVersion>;

export const simulationReport = simulatedVersion.extend({
  seconds: z.number(),
  /** The other version by itself, over the same rows. */
  beside: simulatedVersion.nullable().default(null),
  /** Against the other version: who gains and who loses, by the condition that makes the difference. */
  difference: z
    .object({
      winners: amounts,
      losers: amounts,
      more: amounts,
      less: amounts,
      wonBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      lostBy: z.array(z.object({ says: z.string(), rows: z.int(), amountFen: z.int() })),
      before: amounts,
      byCounty: z.array(
        z.object({ county: z.string(), countyName: z.string(), winners: z.int(), losers: z.int(), changeFen: z.int() }),
      ),
    })
    .nullable(),
});
export type SimulationReport = z.output<typeof simulationReport>;

type Amounts = z.output<typeof amounts>;
const NOTHING: Amounts = { rows: 0, persons: 0, amountFen: 0 };

/** One line of a report: what it is of both versions; `before` is null where no other version was asked about. */
export interface PairedLine {
  readonly key: string;
  readonly label: string;
  readonly now: Amounts;
  readonly before: Amounts | null;
}

/** Lines of both versions by their keys, in the order of this one; what only the other has comes last. */
function paired<T>(
  { beside, ...now }: SimulationReport,
  linesOf: (version: SimulatedVersion) => readonly T[],
  lineOf: (line: T) => { key: string; label: string; amounts: Amounts },
): readonly PairedLine[] {
  const mine = linesOf(now).map(lineOf);
  const theirs = new Map((beside ? linesOf(beside) : []).map((line) => [lineOf(line).key, lineOf(line)]));
  const before = (key: string) => (beside ? (theirs.get(key)?.amounts ?? NOTHING) : null);
  const known = new Set(mine.map(({ key }) => key));
  return [
    ...mine.map(({ key, label, amounts: own }) => ({ key, label, now: own, before: before(key) })),
    ...[...theirs.values()]
      .filter(({ key }) => !known.has(key))
      .map(({ key, label, amounts: own }) => ({ key, label, now: NOTHING, before: own })),
  ];
}

export const pairedOutcomes = (report: SimulationReport): readonly PairedLine[] =>
  paired(
    report,
    ({ outcomes: all }) => all,
    ({ outcome, rows, amountFen }) => ({
      key: outcome,
      label: outcomeLabels[outcome],
      amounts: { rows, persons: 0, amountFen },
    }),
  );
export const pairedCounties = (report: SimulationReport): readonly PairedLine[] =>
  paired(
    report,
    ({ byCounty }) => byCounty,
    ({ county, countyName, ...own }) => ({ key: county, label: countyName, amounts: own }),
  );
export const pairedFunds = (report: SimulationReport): readonly PairedLine[] =>
  paired(
    report,
    ({ byFund }) => byFund,
    ({ fund, ...own }) => ({ key: fund, label: fund, amounts: own }),
  );
export const pairedUnknown = (report: SimulationReport): readonly PairedLine[] =>
  paired(
    report,
    ({ unknown }) => unknown,
    ({ fact, supplier, rows }) => ({
      key: fact,
      label: `${fact}（${supplier}）`,
      amounts: { ...NOTHING, rows },
    }),
  );
export const pairedRefusals = (report: SimulationReport): readonly PairedLine[] =>
  paired(
    report,
    ({ refusedBy }) => refusedBy,
    ({ condition, says, rows }) => ({ key: condition, label: says, amounts: { ...NOTHING, rows } }),
  );

export const simulationRow = z.object({
  simulationId: id,
  title: z.string(),
  versionId: id,
  version: versionRow,
  beside: versionRow.nullable(),
  region: z.string(),
  regionName: z.string(),
  asOf: plainDate,
  askedByName: z.string(),
  askedAt: z.iso.datetime(),
  finished: z.boolean(),
  /** The work that answers it; null once nobody remembers it. */
  taskId: id.nullable(),
});

/** Any version, draft or past, over the registry as it is, at any date; nothing of the registry is written. */
export const simulateRule = action({
  path: "/api/policy/simulations",
  summary: "测算规则",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id, beside: id.optional(), region: regionCode.optional(), asOf: plainDate.optional() }),
  output: z.object({ simulationId: id, taskId: id }),
});
export const getSimulation = query({
  path: "/api/policy/simulations/:simulationId",
  summary: "查看测算",
  access: { permission: policyPermissions.simulate },
  input: z.object({ simulationId: id }),
  output: simulationRow.extend({ report: simulationReport.nullable() }),
});
/** The report as a workbook: figures only, no persons. */
export const exportSimulation = download({
  path: "/api/policy/simulations/:simulationId/report.xlsx",
  summary: "导出测算报告",
  access: { permission: policyPermissions.simulate },
  input: z.object({ simulationId: id }),
});
export const listSimulations = query({
  path: "/api/policy/simulations",
  summary: "查看测算记录",
  access: { permission: policyPermissions.simulate },
  input: z.object({ versionId: id.optional(), ...paging }),
  output: pageOf(simulationRow),
});
