import {
  Card,
  DataTable,
  DateText,
  EmptyState,
  Law,
  StatusTag,
  useRoute,
  useSession,
  Answer,
  Link,
} from "../../ui/index.ts";
import { getCalendar, listReminders, type CalendarRow } from "../contract.ts";
import css from "./months.module.css";

const MOST_NAMED = 12;

/** 移交日历 and the log of reminders. Where no text binds the province, it says so. */
export function CalendarCards({ month }: { month: string }) {
  const calendar = useRoute(getCalendar, { month });
  const reminders = useRoute(listReminders, {});
  return (
    <div className={css["two"]}>
      <Card title="移交日历" note="谁在哪天之前交什么，按文件">
        <Answer query={calendar} lines={4}>
          {({ duties }) =>
            duties.length === 0 ? (
              <NoDuties />
            ) : (
              <ul className={css["duties"]}>
                {duties.map((duty) => (
                  <DutyRow key={duty.key} duty={duty} />
                ))}
              </ul>
            )
          }
        </Answer>
      </Card>
      <Card title="提醒记录" note="到期前 3 天起逐级提醒">
        <Answer query={reminders} lines={4}>
          {(rows) => (
            <DataTable
              caption="提醒记录"
              density="short"
              rows={rows.slice(0, 8)}
              rowKey={(row) => row.id}
              columns={[
                { key: "on", title: "日期", width: 96, fixed: true, render: (row) => <DateText value={row.sentOn} /> },
                { key: "owing", title: "欠报", render: (row) => `${row.owing.name} ${row.duty}` },
                { key: "step", title: "提醒", width: 168, render: (row) => row.words },
                {
                  key: "open",
                  title: "现在",
                  width: 72,
                  render: (row) => (
                    <StatusTag tone={row.open ? "late" : "done"}>{row.open ? "未报" : "已报"}</StatusTag>
                  ),
                },
              ]}
              empty={<EmptyState title="没有提醒" hint="到期前 3 天仍未移交、上报的，会在这里和右上角提醒。" />}
            />
          )}
        </Answer>
      </Card>
    </div>
  );
}

const COUNTY_DIGITS = 6;

/** Towns owe no tables of their own, wherever they lie; elsewhere than in Hunan no text names a day. */
function NoDuties() {
  const { region } = useSession();
  return region.code.length > COUNTY_DIGITS ? (
    <EmptyState title="移交和上报由县级办理" hint="本级核对后关账；各项期限在县级的移交日历里。" />
  ) : (
    <EmptyState title="本地区没有按期移交的规定" hint="〔2021〕10号的移交期限只适用于湖南；本地区仍可按月关账。" />
  );
}

function DutyRow({ duty }: { duty: CalendarRow }) {
  const late = duty.owed.filter((one) => one.doneOn === null && one.tone === "late");
  const waiting = duty.owed.filter((one) => one.doneOn === null && one.tone !== "late");
  const done = duty.owed.filter((one) => one.doneOn !== null);
  const delayed = done.filter((one) => one.tone === "late");
  const names = (rows: CalendarRow["owed"]) =>
    rows
      .slice(0, MOST_NAMED)
      .map((one) => (one.words ? `${one.region.name}（${one.words}）` : one.region.name))
      .join("、") + (rows.length > MOST_NAMED ? ` 等 ${rows.length} 个` : "");
  return (
    <li>
      <div className={css["dutyHead"]}>
        <b>
          {duty.period} {duty.what}
        </b>
        <span className={late.length > 0 ? "tone-late" : "secondary"}>
          {duty.dueOn} 前 · {done.length} / {duty.owed.length} 已交
        </span>
      </div>
      <div className="caption">
        {duty.from} → {duty.to}
        {duty.dayIsOurs ? " · 期限为本系统默认，文件未定日期" : ""}
      </div>
      {late.length > 0 ? <p className="tone-late">未交：{names(late)}</p> : null}
      {waiting.length > 0 ? <p className="secondary">待交：{names(waiting)}</p> : null}
      {delayed.length > 0 ? <p className="tone-late">迟交：{names(delayed)}</p> : null}
      {late.some((one) => one.reminded.length > 0) ? (
        <p className="caption">
          已提醒 {late.reduce((sum, one) => sum + one.reminded.length, 0)} 次，最近 <DateText value={latestOf(late)} />
          {duty.key === "monthly-report" ? null : (
            <>
              ，<Link to="/ledger">去看台账</Link>
            </>
          )}
        </p>
      ) : null}
      <Law quote={duty.quote} source={duty.source} />
    </li>
  );
}

function latestOf(rows: CalendarRow["owed"]): string {
  return rows
    .flatMap((one) => one.reminded.map((reminder) => reminder.on))
    .toSorted((a, b) => a.localeCompare(b))
    .at(-1)!;
}
