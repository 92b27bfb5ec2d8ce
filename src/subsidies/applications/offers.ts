import { sql } from "kysely";
import { divisionPrefix, type Facts } from "#kernel";
import { asOfFor, explainRows, isConcerned, type Entitlement } from "#policy";
import type { Tx } from "../../platform/db/database.ts";
import { formatYuan } from "../../platform/money.ts";
import type { Services } from "../../platform/module.ts";
import { isPaying, payeeColumn, payeeSubject, type PayingMeasure } from "../claims/intake.ts";
import { claimStateLabels, type ClaimState, type Offer, type OfferKind } from "../contract.ts";
import { claims } from "../counted-claims.ts";
import type { SubsidiesOptions } from "../options.ts";
import type { PayeeSource } from "../payees.ts";

/** Who applies, as registers know him. */
export interface Applicant {
  readonly kind: "person" | "employer";
  readonly id: string;
  readonly name: string;
  /** Six digits: where he is at home. */
  readonly county: string;
}

/** A measure that pays somebody of the applicant's kind, and who stands behind its subject. */
export interface Payable {
  readonly measure: PayingMeasure;
  readonly payee: PayeeSource;
}

/** A live claim of the applicant under a measure. */
export interface OpenClaim {
  readonly claim_id: string;
  readonly number: string;
  readonly rule_path: string;
  readonly state: ClaimState;
  readonly amount_fen: string;
}

/** What is known of one measure for an applicant. */
export interface Standing extends Payable {
  readonly rows: readonly Entitlement[];
  /** Rows that can be paid now. */
  readonly payable: readonly Entitlement[];
  readonly proposed: readonly OpenClaim[];
  readonly running: readonly OpenClaim[];
  readonly kind: OfferKind;
}

const PAYABLE = new Set(["ELIGIBLE", "ELIGIBLE_UP_TO_CAP"]);
const OPEN = new Set(["UNKNOWN", "REVIEW", "PARAM_MISSING", "PARTLY_ELIGIBLE"]);

/** Every measure in force whose payee is of this kind. A person is paid as a person; whatever else is paid stands behind an enterprise. */
export async function payableTo(
  options: SubsidiesOptions,
  tx: Tx,
  kind: Applicant["kind"],
): Promise<readonly Payable[]> {
  const { measures } = await options.rulebook.get(tx);
  return measures.filter(isPaying).flatMap((measure) => {
    const payee = options.findPayee(measure.rule.source, payeeColumn(measure));
    return payee && (payee.kind === "person") === (kind === "person") ? [{ measure, payee }] : [];
  });
}

/** The measure's own window is open, and its rulebook is the place's. */
export const isOffered = ({ measure }: Payable, county: string, asOf: string): boolean => {
  const { region, inForce } = measure.definition;
  return (
    county.startsWith(divisionPrefix(region)) &&
    inForce.from <= asOf &&
    (inForce.to === undefined || inForce.to >= asOf)
  );
};

/** The measure over the rows alone of which this enterprise is paid. */
const ofEmployer = ({ measure, payee }: Payable, employerId: string): PayingMeasure => ({
  ...measure,
  rule: {
    ...measure.rule,
    source: {
      ...measure.rule.source,
      sql: `SELECT mine.* FROM (${measure.rule.source.sql}) mine
        WHERE mine."${payeeColumn(measure)}" IN (SELECT p.id FROM (${payee.sql}) p WHERE p.employer_id = ${BigInt(employerId)})`,
    },
  },
});

/**
 * What registers, rules and claims say of an applicant, measure by measure: with the worker's eyes, for what other counties recorded and
 * paid counts as well. `stated` fills what no register holds.
 */
export async function standingsOf(
  options: SubsidiesOptions,
  services: Services,
  tx: Tx,
  applicant: Applicant,
  { rules, stated = {} }: { readonly rules?: ReadonlySet<string>; readonly stated?: Facts } = {},
): Promise<readonly Standing[]> {
  const asOf = (measure: PayingMeasure) => asOfFor(services, measure);
  const all = (await payableTo(options, tx, applicant.kind)).filter(
    ({ measure }) => !rules || rules.has(measure.definition.id),
  );
  const open = await openClaimsOf(tx, applicant);
  const byPath = Map.groupBy(
    await rowsOf(services, tx, applicant, all, stated),
    ({ measure }) => measure.definition.file,
  );
  return all.flatMap((one): readonly Standing[] => {
    const { file } = one.measure.definition;
    const rows = byPath.get(file) ?? [];
    const own = open.filter(({ rule_path }) => rule_path === file);
    const seen = Map.groupBy(rows, ({ rowKey }) => rowKey);
    const standing = {
      ...one,
      rows,
      // What a register says twice and differently is nothing to pay on.
      payable: rows.filter(
        ({ explanation: { decision }, region, rowKey }) =>
          seen.get(rowKey)!.length === 1 &&
          PAYABLE.has(decision.outcome) &&
          (decision.amount ?? 0) > 0 &&
          decision.eventDate !== null &&
          (region ?? "").length >= 6,
      ),
      proposed: own.filter(({ state }) => state === "proposed"),
      running: own.filter(({ state }) => state !== "proposed"),
    };
    if (rows.length === 0 && own.length === 0 && !isOffered(one, applicant.county, asOf(one.measure))) return [];
    return [{ ...standing, kind: kindOf(standing) }];
  });
}

async function rowsOf(
  services: Services,
  tx: Tx,
  { kind, id, county }: Applicant,
  all: readonly Payable[],
  stated: Facts,
): Promise<readonly Entitlement[]> {
  const asOf = (measure: Parameters<typeof asOfFor>[1]) => asOfFor(services, measure);
  if (kind === "person") {
    const scope = { kind: "persons", table: `(SELECT ${BigInt(id)}::bigint AS person_id) one` } as const;
    const measures = all.map(({ measure }) => measure);
    const subject = new Map(measures.map((measure) => [measure.definition.file, payeeSubject(measure)]));
    const found = await explainRows(tx, measures, claims, { scope, asOf, stated });
    // Where somebody else is paid because of him it is not his to apply.
    return found.filter((one) => isConcerned(one) && one.subjects[subject.get(one.measure.definition.file)!] === id);
  }
  const found: Entitlement[] = [];
  for (const one of all) {
    const scope = { kind: "region", region: county } as const;
    found.push(...(await explainRows(tx, [ofEmployer(one, id)], claims, { scope, asOf, stated })).filter(isConcerned));
  }
  return found;
}

async function openClaimsOf(tx: Tx, { kind, id }: Applicant): Promise<readonly OpenClaim[]> {
  const column = sql.ref(kind === "person" ? "c.payee_person_id" : "c.payee_employer_id");
  const found =
    await sql<OpenClaim>`SELECT c.claim_id, c.number, c.rule_path, c.state, c.amount_fen FROM subsidies.claim c
    WHERE ${column} = ${id} AND c.way <> 'prepaid' AND c.state NOT IN ('paid', 'closed', 'refused', 'withdrawn') ORDER BY c.claim_id`.execute(
      tx,
    );
  return found.rows;
}

function kindOf({ rows, payable, proposed, running }: Omit<Standing, "kind">): OfferKind {
  const outcomes = rows.map(({ explanation }) => explanation.decision.outcome);
  if (proposed.length > 0) return "found";
  if (payable.length > 0) return "ready";
  if (outcomes.some((outcome) => OPEN.has(outcome))) return "facts";
  if (outcomes.includes("NOT_YET")) return "not-yet";
  if (running.length > 0) return "running";
  return rows.length > 0 ? "refused" : "report";
}

const sumOf = (amounts: readonly (number | string | null)[]): number =>
  amounts.reduce<number>((sum, amount) => sum + Number(amount ?? 0), 0);

/** What an applicant is told of one measure before he asks. */
export function toOffer(standing: Standing): Offer {
  const { measure, kind, payable, proposed } = standing;
  const amount = sumOf([
    ...payable.map(({ explanation }) => explanation.decision.amount),
    ...proposed.map(({ amount_fen }) => amount_fen),
  ]);
  return {
    rule: measure.definition.id,
    title: measure.definition.title,
    kind,
    amountFen: kind === "found" || kind === "ready" ? amount : null,
    why: whyOf(standing),
    handling: measure.definition.handling,
  };
}

const MOST_REASONS = 6;
const distinct = (words: readonly string[]): string[] => [...new Set(words)].slice(0, MOST_REASONS);

/** In sentences: what is missing, from when, or why not and what would have to be otherwise. */
export function whyOf({ kind, rows, running, measure }: Standing): string[] {
  switch (kind) {
    case "found":
    case "ready":
      return [];
    case "running":
      return running.map(({ number, state }) => `${number} ${claimStateLabels[state]}`);
    case "report":
      return [`登记里还没有“${measure.rule.source.label}”。提交后由经办机构核实登记，再按规定办理`];
    case "not-yet":
      return distinct(
        rows.flatMap(({ explanation: { decision } }) => (decision.notYet ? [`${decision.notYet} 起可以办理`] : [])),
      );
    case "facts":
      return distinct(
        rows.flatMap(({ explanation }) => [
          ...explanation.missing.map(({ label, supplier, question }) =>
            question ? `还要填写：${label}` : `待${supplier}核实：${label}`,
          ),
          ...explanation.decision.missingParameters.map((name) => `当地还没有确定“${name}”`),
          ...explanation.reasons,
          ...(explanation.decision.outcome === "REVIEW" ? ["文件没有写明，需要人工研判"] : []),
        ]),
      );
    case "refused":
      return distinct(
        rows.flatMap(({ explanation, ways }) => [
          ...(explanation.ended ? [explanation.ended] : []),
          ...explanation.conditions.filter(({ state }) => state === "failed").map(({ says }) => `不符合：${says}`),
          ...ways.flatMap(({ changes, amount }) =>
            changes.map(
              ({ label }) => `要是“${label}”有变，可能符合${amount === null ? "" : `，每项 ${formatYuan(amount)} 元`}`,
            ),
          ),
        ]),
      );
  }
}

const ORDER: readonly OfferKind[] = ["found", "ready", "facts", "not-yet", "running", "report", "refused"];
const rank = ({ kind }: Standing): number => ORDER.indexOf(kind);

/** Of one measure's versions (windows, places) the one that says most; what is open first. */
export function bestOf(standings: readonly Standing[]): readonly Standing[] {
  const byRule = Map.groupBy(standings, ({ measure }) => measure.definition.id);
  return [...byRule.values()]
    .map((own) => own.toSorted((a, b) => rank(a) - rank(b))[0]!)
    .toSorted(
      (a, b) => rank(a) - rank(b) || a.measure.definition.title.localeCompare(b.measure.definition.title, "zh"),
    );
}
