import { Button } from "antd";
import { useState } from "react";
import { Temporal } from "temporal-polyfill";
import { DataTable } from "./DataTable.tsx";
import { daysBetween } from "./format.ts";
import { Link } from "./Link.tsx";
import css from "./TimelineChart.module.css";

export type SpanTone = "job" | "gap" | "plain" | "blue" | "soon";

export interface TimelineSpan {
  readonly key: string;
  readonly from: string;
  /** null: still goes on. */
  readonly until: string | null;
  readonly label: string;
  readonly tone: SpanTone;
}
export interface TimelineEvent {
  readonly key: string;
  readonly on: string;
  readonly label: string;
  /** Hollow: announced or under way. */
  readonly open?: boolean;
  /** The voucher behind it. */
  readonly path?: string;
}
export interface TimelineLane {
  readonly key: string;
  readonly label: string;
  /** "3 段". */
  readonly note?: string;
  readonly spans?: readonly TimelineSpan[];
  readonly events?: readonly TimelineEvent[];
}

export interface TimelineChartProps {
  lanes: readonly TimelineLane[];
  /** First day drawn; default: 1 January of the earliest record's year. */
  from?: string;
  /** The business date: a line, and the end of what still goes on. */
  today: string;
  /** Year numbers above (a time line) or below (bands of categories). */
  axis?: "top" | "bottom";
  label: string;
  /** Shown as a table instead; the switch is drawn by `TimelineSwitch`. */
  asTable?: boolean;
}

interface Scale {
  readonly start: string;
  readonly end: string;
  readonly days: number;
}

/** Everything known about one person on one axis: lanes of spans and dots, a line for today, the same as a table. */
export function TimelineChart({ lanes, from, today, axis = "top", label, asTable = false }: TimelineChartProps) {
  if (asTable) return <TimelineTable lanes={lanes} label={label} />;
  const scale = scaleOf(lanes, from, today);
  const ticks = yearTicks(scale);
  const years = (
    <div className={css["axis"]} aria-hidden="true">
      {ticks.map((year) => (
        <span key={year} style={{ left: place(scale, `${year}-01-01`) }}>
          {year}
        </span>
      ))}
      {axis === "top" ? (
        <b className={css["todayWord"]} style={{ left: place(scale, today) }}>
          今天
        </b>
      ) : null}
    </div>
  );
  return (
    <section className={`${css["chart"]} ${axis === "bottom" ? css["bands"] : ""}`} aria-label={label}>
      {axis === "top" ? years : null}
      {lanes.map((lane) => (
        <div key={lane.key} className={css["lane"]}>
          <div className={css["name"]}>
            {lane.label} <small>{lane.note}</small>
          </div>
          <ul className={css["track"]} aria-label={lane.label}>
            {(lane.spans ?? []).map((span) => (
              <Span key={span.key} span={span} scale={scale} />
            ))}
            {placedEvents(lane.events ?? [], scale).map(({ event, side, named }) => (
              <EventDot key={event.key} event={event} left={place(scale, event.on)} side={side} named={named} />
            ))}
          </ul>
        </div>
      ))}
      {axis === "bottom" ? years : null}
      <div className={css["rules"]} aria-hidden="true">
        {axis === "top"
          ? ticks.map((year) => (
              <span key={year} className={css["yearRule"]} style={{ left: place(scale, `${year}-01-01`) }} />
            ))
          : null}
        <span className={css["todayRule"]} style={{ left: place(scale, today) }} />
      </div>
    </section>
  );
}

/** "按表格看" / "按图看", for the head of the card. */
export function TimelineSwitch({ asTable, onChange }: { asTable: boolean; onChange: (asTable: boolean) => void }) {
  return (
    <Button type="link" size="small" aria-pressed={asTable} onClick={() => onChange(!asTable)}>
      {asTable ? "按图看" : "按表格看"}
    </Button>
  );
}

/** Whether the chart or its table is shown; pair it with `TimelineSwitch`. */
export function useTimelineTable(): [boolean, (asTable: boolean) => void] {
  return useState(false);
}

/** Percent of the track from which some characters of a label fit; narrower bands say theirs under the pointer and in the table. */
const LEGIBLE_SHARE = 5;

function Span({ span, scale }: { span: TimelineSpan; scale: Scale }) {
  const words = `${span.label} ${span.from} 至 ${span.until ?? "今"}`;
  const width = share(scale, span.until ?? scale.end) - share(scale, span.from);
  return (
    <li
      className={`${css["span"]} ${css[span.tone]}`}
      style={{ left: place(scale, span.from), width: `${Math.max(width, 0.4)}%` }}
      title={words}
    >
      {width >= LEGIBLE_SHARE ? <span aria-hidden="true">{span.label}</span> : null}
      <span className="sr-only">{words}</span>
    </li>
  );
}

function EventDot({
  event,
  left,
  side,
  named,
}: {
  event: TimelineEvent;
  left: string;
  side: "left" | "right";
  named: boolean;
}) {
  const content = (
    <>
      <i className={event.open ? css["hollow"] : css["dot"]} />
      <span className={named ? "" : "sr-only"}>{event.label}</span>
      <span className="sr-only"> {event.on}</span>
    </>
  );
  return (
    <li className={`${css["event"]} ${css[side]}`} style={{ left }} title={`${event.on} ${event.label}`}>
      {event.path ? <Link to={event.path}>{content}</Link> : content}
    </li>
  );
}

function TimelineTable({ lanes, label }: { lanes: readonly TimelineLane[]; label: string }) {
  const rows = lanes
    .flatMap((lane) => [
      ...(lane.spans ?? []).map((span) => ({
        key: `${lane.key} ${span.key}`,
        lane: lane.label,
        from: span.from,
        until: span.until ?? "至今",
        what: span.label,
      })),
      ...(lane.events ?? []).map((event) => ({
        key: `${lane.key} ${event.key}`,
        lane: lane.label,
        from: event.on,
        until: "",
        what: event.label,
      })),
    ])
    .toSorted((a, b) => b.from.localeCompare(a.from));
  return (
    <DataTable
      caption={label}
      density="short"
      rows={rows}
      rowKey={(row) => row.key}
      columns={[
        { key: "lane", title: "类别", width: 90, render: (row) => row.lane },
        { key: "from", title: "日期（起）", width: 110, render: (row) => row.from },
        { key: "until", title: "止", width: 110, render: (row) => row.until },
        { key: "what", title: "内容", render: (row) => row.what },
      ]}
    />
  );
}

function scaleOf(lanes: readonly TimelineLane[], from: string | undefined, today: string): Scale {
  const days = lanes.flatMap((lane) => [
    ...(lane.spans ?? []).flatMap((span) => [span.from, span.until ?? today]),
    ...(lane.events ?? []).map((event) => event.on),
  ]);
  const first = from ?? `${[...days, today].reduce((least, day) => (day < least ? day : least)).slice(0, 4)}-01-01`;
  const last = [...days, today].reduce((most, day) => (day > most ? day : most));
  // Room behind today, so that its line does not stand on the edge.
  const length = Math.max(365, daysBetween(first, last));
  const end = Temporal.PlainDate.from(first)
    .add({ days: Math.round(length * 1.06) })
    .toString();
  return { start: first, end, days: daysBetween(first, end) };
}

const LAST_TICK_SHARE = 95;

function yearTicks(scale: Scale): number[] {
  const first = Number(scale.start.slice(0, 4)) + (scale.start.endsWith("-01-01") ? 0 : 1);
  const last = Number(scale.end.slice(0, 4));
  const step = last - first > 6 ? 2 : 1;
  // A number at the very edge would stand outside of the card.
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step).filter(
    (year) => share(scale, `${year}-01-01`) < LAST_TICK_SHARE,
  );
}

function share(scale: Scale, date: string): number {
  return Math.max(0, Math.min(100, (daysBetween(scale.start, date) / scale.days) * 100));
}

function place(scale: Scale, date: string): string {
  return `${share(scale, date).toFixed(2)}%`;
}

/** Share of the track that one character of a label takes, at the usual width of the person page. */
const CHARACTER_SHARE = 2.05;

/** Labels stand right of their dot, left near the edge, and give way to the neighbouring dot: the dot keeps its words as a hint. */
function placedEvents(events: readonly TimelineEvent[], scale: Scale) {
  const sorted = events.toSorted((a, b) => a.on.localeCompare(b.on));
  let taken = 0;
  return sorted.map((event, index) => {
    const at = share(scale, event.on);
    const width = 2 + event.label.length * CHARACTER_SHARE;
    const next = sorted[index + 1];
    const limit = next ? share(scale, next.on) : 100;
    const side: "left" | "right" = at + width <= limit || at - width < taken ? "right" : "left";
    const named = side === "left" || at + width <= limit;
    taken = named && side === "right" ? at + width : at + 1.5;
    return { event, side, named };
  });
}
