import { Button } from "antd";
import { useEffect } from "react";
import {
  Answer,
  Bar,
  Card,
  dateWithWeekday,
  EmptyState,
  FigureStrip,
  Link,
  moment,
  SearchBox,
  shortDate,
  shortMonth,
  useGo,
  useLeftOffList,
  useMay,
  useMayOpen,
  useModules,
  useRoute,
  useSession,
  holds,
} from "../../ui/index.ts";
import { getToday, workbenchPermissions, type Duty, type Today } from "../contract.ts";
import css from "./HomePage.module.css";
import { MonthProgress, owes, useMonthProgress } from "./MonthProgress.tsx";

/** 工作台: what is due today, the queues behind it, how far the month is. */
export default function HomePage() {
  return useMay(workbenchPermissions.read) ? <Workbench /> : <OtherDuties />;
}

function Workbench() {
  const { businessDate } = useSession();
  const today = useRoute(getToday, {});
  useEffect(() => {
    document.title = "工作台 · 稳岗";
  }, []);
  return (
    <>
      <div className={css["day"]}>
        <h1>{dateWithWeekday(businessDate)}</h1>
        <p>{today.data ? <Sentence today={today.data} /> : null}</p>
        <SearchBox large />
      </div>
      <div className={css["grid"]}>
        <div className={css["column"]}>
          <Card title="今日该办" note="按限期排，逾期在前">
            <Answer query={today} lines={6}>
              {({ duties }) => <Duties duties={duties} />}
            </Answer>
          </Card>
          <Queues today={today} />
        </div>
        <div className={css["column"]}>{today.data ? <MonthProgress month={today.data.month} /> : null}</div>
      </div>
    </>
  );
}

/** What waits at this desk. Who has no queues of his own and left nothing off gets no empty card. */
function Queues({ today }: { today: ReturnType<typeof useRoute<typeof getToday>> }) {
  const [leftOff] = useLeftOffList();
  if (today.data?.queues.length === 0 && leftOff.length === 0) return null;
  return (
    <Card title="待办队列" note="本岗可办，点数字看名单">
      <Answer query={today} lines={2}>
        {({ queues }) => <FigureStrip label="待办队列" figures={queues} />}
      </Answer>
      <LeftOffWork />
    </Card>
  );
}

/** "今日该办 7 件，逾期 2 件，今日到期 2 件。8月账还差 5 个乡镇。" */
function Sentence({ today }: { today: Today }) {
  const { businessDate } = useSession();
  const progress = useMonthProgress(today.month);
  const late = today.duties.filter((duty) => duty.tone === "late").length;
  const now = today.duties.filter((duty) => duty.due === businessDate).length;
  const open = progress.data?.regions.filter((region) => owes(region) && !region.confirmed).length ?? 0;
  if (today.duties.length === 0) return <>今日没有到期的事。</>;
  return (
    <>
      该办 <b>{today.duties.length}</b> 件
      {late > 0 ? (
        <>
          ，<b className="tone-late">逾期 {late} 件</b>
        </>
      ) : null}
      {now > 0 ? `，今日到期 ${now} 件` : ""}。
      {open > 0 ? (
        <>
          {shortMonth(today.month)}账还差 <b>{open}</b> 个{progress.unit}。
        </>
      ) : null}
    </>
  );
}

function dueWords({ due, tone }: Duty, businessDate: string): string {
  if (due === null) return "不限日期";
  if (due === businessDate) return "当日到期";
  return tone === "late" ? `应 ${shortDate(due)}` : `${shortDate(due)}前`;
}

function Duties({ duties }: { duties: readonly Duty[] }) {
  const go = useGo();
  const { businessDate } = useSession();
  const mayOpen = useMayOpen();
  // By what he may open, the first that fits: where this officer's work mostly is.
  const next = [
    { path: "/ledger", words: "去本月台账" },
    { path: "/audit", words: "去审计日志" },
    { path: "/rules/new", words: "去规则库", to: "/rules" },
    { path: "/claims", words: "去补贴办理" },
    { path: "/comparisons", words: "去比对任务" },
  ].find((one) => mayOpen(one.path));
  if (duties.length === 0)
    return (
      <EmptyState
        title="没有到期和逾期的事"
        hint="有了您该办的事，会按限期列在这里。"
        action={next ? <Link to={next.to ?? next.path}>{next.words}</Link> : null}
      />
    );
  // The first row is what to do now: its button is the page's one primary action.
  return (
    <table className={css["duties"]}>
      <caption className="sr-only">今日该办的事，按限期排列</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: 118 }}>
            限期
          </th>
          <th scope="col">事项</th>
          <th scope="col" style={{ width: 146 }}>
            依据
          </th>
          <th scope="col" style={{ width: 150 }}>
            进度
          </th>
          <th scope="col" className={css["right"]} style={{ width: 92 }}>
            下一步
          </th>
        </tr>
      </thead>
      <tbody>
        {duties.map((duty, index) => (
          <tr key={duty.key}>
            <td className={`${css["due"]} ${css[duty.tone]}`}>
              <b>{duty.words}</b>
              <small>{dueWords(duty, businessDate)}</small>
            </td>
            <td>
              <b>{duty.title}</b>
              <div className="caption">{duty.detail}</div>
            </td>
            <td className={css["law"]} title={duty.basis?.quote}>
              {duty.basis?.source ?? "—"}
            </td>
            <td>
              <span className={css["progress"]}>
                <Bar part={duty.progress.part} label={duty.progress.words} width={56} />
                {duty.progress.words}
              </span>
            </td>
            <td className={css["right"]}>
              {mayOpen(duty.next.path) ? (
                <Button
                  size="small"
                  type={index === 0 ? "primary" : "default"}
                  onClick={() => go(duty.next.path)}
                  aria-label={`${duty.next.label}：${duty.title}`}
                >
                  {duty.next.label}
                </Button>
              ) : (
                <span className="caption">由经办人办</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** 上次没办完的: where this officer stopped, on this machine. */
function LeftOffWork() {
  const { businessDate } = useSession();
  const [list, setList] = useLeftOffList();
  if (list.length === 0) return null;
  return (
    <div className={css["left"]}>
      <h3>上次没办完的</h3>
      <ul>
        {list.map((work) => (
          <li key={work.key}>
            <span>{work.title}</span>
            <span className="caption">{work.detail}</span>
            <span className="caption">{moment(work.at, businessDate)} 离开</span>
            <span className={css["acts"]}>
              <Link to={work.path} aria-label={`接着办：${work.title}`}>
                接着办
              </Link>
              <Button
                type="link"
                size="small"
                aria-label={`移除：${work.title}`}
                onClick={() => setList(list.filter((one) => one.key !== work.key))}
              >
                移除
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Administrators see no business data: their home leads to their own pages. */
function OtherDuties() {
  const session = useSession();
  const entries = useModules()
    .flatMap((module) => module.nav ?? [])
    .filter((entry) => entry.path !== "/" && holds(session, entry.permission));
  return (
    <>
      <div className={css["day"]}>
        <h1>{dateWithWeekday(session.businessDate)}</h1>
        <p>{session.dutyLabels.join("、")}</p>
      </div>
      <Card title="您的职责">
        {entries.length === 0 ? (
          <EmptyState title="您的职责还没有可用的页面" hint="如有疑问，请联系本单位系统管理员。" />
        ) : null}
        <ul className={css["pages"]}>
          {entries.map((entry) => (
            <li key={entry.path}>
              <Link to={entry.path}>{entry.label}</Link>
              {entry.about ? <span className="caption">{entry.about}</span> : null}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
