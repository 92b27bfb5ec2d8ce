import { Button } from "antd";
import { useState } from "react";
import {
  Card,
  daysBetween,
  EmptyState,
  TimelineChart,
  TimelineSwitch,
  useSession,
  useTimelineTable,
  yuan,
  type TimelineLane,
  type TimelineSpan,
} from "../../ui/index.ts";
import {
  timelineLaneLabels,
  type EmploymentRow,
  type PersonPage,
  type TimelineItem,
  type TimelineLane as Lane,
} from "../contract.ts";
import { placeAndEmployer } from "./person-words.ts";

/** A gap between two jobs shorter than this is a change of jobs, not a time without one. */
const SHORTEST_GAP_DAYS = 7;
/** Further back the officer looks rarely, and the recent years would shrink to nothing. */
const YEARS_SHOWN = 5;

export function PersonTimeline({ page }: { page: PersonPage }) {
  const { businessDate } = useSession();
  const [asTable, setAsTable] = useTimelineTable();
  const [wholeLife, setWholeLife] = useState(false);
  const lanes = lanesOf(page, businessDate);
  const from = `${Number(businessDate.slice(0, 4)) - YEARS_SHOWN}-01-01`;
  const hasOlder = lanes.some((lane) =>
    [...(lane.spans ?? []).map((span) => span.from), ...(lane.events ?? []).map((event) => event.on)].some(
      (day) => day < from,
    ),
  );
  const cut = hasOlder && !wholeLife && !asTable;
  const extra = (
    <>
      {hasOlder && !asTable ? (
        <Button type="link" size="small" aria-pressed={wholeLife} onClick={() => setWholeLife(!wholeLife)}>
          {wholeLife ? `只看近 ${YEARS_SHOWN} 年` : "全部年份"}
        </Button>
      ) : null}
      <TimelineSwitch asTable={asTable} onChange={setAsTable} />
    </>
  );
  return (
    <Card title="时间线" note={`${page.timeline.length} 条记录`} extra={lanes.length > 0 ? extra : null}>
      {lanes.length > 0 ? (
        <TimelineChart
          label="时间线"
          lanes={cut ? since(lanes, from) : lanes}
          {...(cut ? { from } : {})}
          today={businessDate}
          asTable={asTable}
        />
      ) : (
        <EmptyState title="还没有务工、参保或其他记录" hint="应用台账后，每一段都会出现在这里。" />
      )}
    </Card>
  );
}

/** What reaches into the years shown. A span that began before is cut where they begin. */
function since(lanes: readonly TimelineLane[], from: string): TimelineLane[] {
  return lanes.map((lane) => ({
    ...lane,
    ...(lane.spans ? { spans: lane.spans.filter((span) => span.until === null || span.until >= from) } : {}),
    ...(lane.events ? { events: lane.events.filter((event) => event.on >= from) } : {}),
  }));
}

function lanesOf(page: PersonPage, today: string): TimelineLane[] {
  const work: TimelineLane = {
    key: "employment",
    label: timelineLaneLabels.employment,
    note: `${page.employments.length} 段`,
    spans: [
      ...page.employments.map((spell): TimelineSpan => ({
        key: spell.employmentId,
        from: spell.startDate,
        until: spell.endDate,
        label: `${placeAndEmployer(spell)}${spell.monthlyWageFen === null ? "" : `　${yuan(spell.monthlyWageFen).replace(/\.00$/, "")} 元`}`,
        tone: "job",
      })),
      ...gapsOf(page.employments, today),
    ],
  };
  const spans = (lane: Lane, unit: string): TimelineLane => {
    const items = page.timeline.filter((item) => item.lane === lane);
    return {
      key: lane,
      label: timelineLaneLabels[lane],
      note: `${items.length} ${unit}`,
      spans: items.map((item, index) => ({
        key: `${index} ${item.from}`,
        from: item.from,
        until: item.to,
        label: item.label,
        tone: "plain",
      })),
    };
  };
  const events = (lane: Lane, unit: string): TimelineLane => {
    const items = page.timeline.filter((item) => item.lane === lane);
    return {
      key: lane,
      label: timelineLaneLabels[lane],
      note: `${items.length} ${unit}`,
      events: items.map((item, index) => ({
        key: `${index} ${item.from}`,
        on: item.from,
        label: item.label,
        ...voucherOf(item, page),
      })),
    };
  };
  return [
    work,
    spans("contract", "份"),
    spans("insurance", "段"),
    spans("wage", "段"),
    events("other", "条"),
    events("change", "次"),
  ].filter((lane) => (lane.spans ?? []).length + (lane.events ?? []).length > 0);
}

/** What a dot leads to: the batch that brought it, else the person's history. */
function voucherOf(item: TimelineItem, page: PersonPage): { path?: string } {
  if (item.batchId !== null) return { path: `/ledger/${item.batchId}` };
  return item.lane === "change" ? { path: `/persons/${page.person.personId}/changes` } : {};
}

function gapsOf(spells: readonly EmploymentRow[], today: string): TimelineSpan[] {
  const gaps: TimelineSpan[] = [];
  let busyUntil: string | null = null;
  for (const spell of spells.toSorted((a, b) => a.startDate.localeCompare(b.startDate))) {
    if (busyUntil !== null && isGap(busyUntil, spell.startDate)) gaps.push(gap(busyUntil, spell.startDate));
    const end = spell.endDate ?? today;
    if (busyUntil === null || end > busyUntil) busyUntil = end;
  }
  if (busyUntil !== null && isGap(busyUntil, today)) gaps.push(gap(busyUntil, today));
  return gaps;
}

function isGap(from: string, until: string): boolean {
  return daysBetween(from, until) > SHORTEST_GAP_DAYS;
}

function gap(from: string, until: string): TimelineSpan {
  return { key: `gap ${from}`, from, until, label: "待业", tone: "gap" };
}
