import {
  divisionsOfFacts,
  toBasis,
  toCheckExplanation,
  type CurrentRulebook,
  type LoadedCheck,
  type Rulebook,
} from "#policy";
import { regionNames, type RegionName } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { actsOn, type FindingRow, type FindingView } from "../contract.ts";
import { eventsOf, type StoredFinding } from "./store.ts";

type Named = (code: string) => RegionName;

interface Shown {
  readonly book: Rulebook;
  readonly nameOf: Named;
  readonly businessDate: string;
  readonly checkOf: (finding: StoredFinding) => LoadedCheck | undefined;
}

async function shownFor(
  tx: Tx,
  rulebook: CurrentRulebook,
  findings: readonly StoredFinding[],
  businessDate: string,
): Promise<Shown> {
  const book = await rulebook.get(tx);
  const byPath = new Map(book.checks.map((check) => [check.version.path, check]));
  const checkOf = (finding: StoredFinding) => byPath.get(finding.rule_path);
  const codes = findings.flatMap((finding) => {
    const rule = checkOf(finding)?.rule;
    return [finding.region, finding.office_region, ...(rule ? divisionsOfFacts(rule, finding.facts) : [])];
  });
  return { book, nameOf: await regionNames(tx, codes), businessDate, checkOf };
}

const explanationOf = (finding: StoredFinding, { book, nameOf, checkOf }: Shown) => {
  const rule = checkOf(finding)?.rule;
  return rule
    ? toCheckExplanation(rule, finding.facts, finding.seen_on, book.library, (code) => nameOf(code).name)
    : { message: "这条核查规则已不再施行。", conditions: [], unless: null };
};

function toRow(finding: StoredFinding, shown: Shown): FindingRow {
  const { nameOf, businessDate, checkOf } = shown;
  const definition = checkOf(finding)?.definition;
  const running = finding.state === "found" || finding.state === "assigned" || finding.state === "heard";
  return {
    findingId: finding.finding_id,
    rulePath: finding.rule_path,
    title: definition?.title ?? finding.rule_path,
    catalogue: [...(definition?.catalogue ?? [])],
    severity: finding.severity,
    outcome: finding.outcome,
    message: explanationOf(finding, shown).message,
    personId: finding.person_id,
    personName: finding.person_name ?? (finding.person_id === null ? null : "（外地人员）"),
    identityMask: finding.identity_mask,
    place: nameOf(finding.region),
    rows: finding.rows,
    foundOn: finding.found_on,
    dueOn: finding.due_on,
    overdue: running && finding.due_on < businessDate,
    holds: finding.holds,
    state: finding.state,
    decision: finding.decision,
    department: finding.department,
    officeName: finding.organisation_name ?? `${nameOf(finding.office_region).name}${finding.department}`,
    officerId: finding.officer_id,
    officerName: finding.officer_name,
  };
}

/** Findings in the words of a list. */
export async function toRows(
  tx: Tx,
  rulebook: CurrentRulebook,
  findings: readonly StoredFinding[],
  businessDate: string,
): Promise<FindingRow[]> {
  const shown = await shownFor(tx, rulebook, findings, businessDate);
  return findings.map((finding) => toRow(finding, shown));
}

/** One finding with everything that its page shows. */
export async function toView(
  tx: Tx,
  rulebook: CurrentRulebook,
  finding: StoredFinding,
  businessDate: string,
): Promise<FindingView> {
  const shown = await shownFor(tx, rulebook, [finding], businessDate);
  const definition = shown.checkOf(finding)?.definition;
  const events = await eventsOf(tx, finding.finding_id);
  const hear = [...(definition?.case.hear ?? [])];
  return {
    ...toRow(finding, shown),
    versionId: finding.version_id,
    explanation: explanationOf(finding, shown),
    says: definition?.says ?? "",
    basis: (definition?.basis ?? []).map((basis) => toBasis(shown.book.library, basis)),
    hear,
    blocksPayment: definition?.blocksPayment ?? false,
    notes: [...(definition?.notes ?? [])],
    firstEventOn: finding.first_event_on,
    eventOn: finding.event_on,
    seenOn: finding.seen_on,
    organisationName: finding.organisation_name,
    decidedByName: finding.decided_by_name,
    decidedOn: finding.decided_on,
    closedOn: finding.closed_on,
    acts: actsOn({ state: finding.state, hear }),
    events: events.map((event) => ({
      eventId: event.event_id,
      act: event.act as FindingView["events"][number]["act"],
      state: event.state,
      officerName: event.officer_name,
      organisation: event.organisation,
      party: event.party,
      note: event.note,
      fileName: event.file_name,
      businessDate: event.business_date,
      at: event.at.toISOString(),
    })),
    lock: finding.lock,
  };
}
