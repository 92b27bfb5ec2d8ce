import { useQueries, type QueryFunctionContext } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useId, useRef, type ReactNode } from "react";
import { Icon } from "../Icon.tsx";
import { Link } from "../Link.tsx";
import { useModules } from "../modules.tsx";
import { polledCall } from "../query.ts";
import { holds, useSession, useSessionControl } from "../session.tsx";
import { StatusTag } from "../StatusTag.tsx";
import { useToast } from "../toast.ts";
import { SearchBox } from "./SearchBox.tsx";
import css from "./TopBar.module.css";

const NOTICES_EVERY_MS = 60_000;

/** Seal, where and for whom one works, search, bell, user. */
export function TopBar({ onMenu }: { onMenu: () => void }) {
  const session = useSession();
  const names = session.region.path.split(" · ");
  // The workbench has the large box; two of them would both answer to the key "/".
  const home = useRouterState({ select: (state) => state.location.pathname === "/" });
  return (
    <header className={css["top"]}>
      <button type="button" className={`${css["plain"]} ${css["menu"]}`} aria-label="打开导航" onClick={onMenu}>
        <Icon name="menu" size={20} />
      </button>
      <Link to="/" className={css["brand"]} aria-label="稳岗，回工作台">
        <span className={css["seal"]} aria-hidden="true">
          稳
        </span>
        <b>稳岗</b>
      </Link>
      <div className={css["scope"]} title={`${session.region.path} ${session.organisation}`}>
        <span className={css["above"]}>{names.slice(0, -1).map((name) => `${name} · `)}</span>
        <b>{names.at(-1)}</b>
        <span className={css["office"]}>{withoutPlace(session.organisation, names.at(-1) ?? "")}</span>
      </div>
      {session.demo ? (
        <StatusTag tone="outline">
          演示<span className={css["wide"]}>数据</span>
        </StatusTag>
      ) : null}
      <span className={css["date"]}>
        <StatusTag tone="outline">业务日期 {session.businessDate}</StatusTag>
      </span>
      <span className={css["space"]} />
      {home ? null : <SearchBox />}
      <Notices />
      <UserMenu />
    </header>
  );
}

/** "花垣县人力资源和社会保障局" beside "花垣县" reads twice: the place is left out of the office's name. */
function withoutPlace(office: string, place: string): string {
  return office.startsWith(place) && office.length > place.length ? office.slice(place.length) : office;
}

function Notices() {
  const session = useSession();
  const sources = useModules().flatMap((module) =>
    module.notices && holds(session, module.notices.permission) ? [module.notices] : [],
  );
  const answers = useQueries({
    queries: sources.map((source) => ({
      queryKey: source.key,
      queryFn: (context: QueryFunctionContext) => source.load(polledCall(context)),
      staleTime: NOTICES_EVERY_MS,
      refetchInterval: NOTICES_EVERY_MS,
    })),
  });
  const notices = answers.flatMap((answer) => answer.data ?? []);
  const pressing = notices.filter((notice) => notice.tone !== "plain").length;
  return (
    <DropDown
      label={`通知，${notices.length} 条`}
      button={
        <>
          <Icon name="bell" />
          <span className={css["wide"]}>通知</span>
          {pressing > 0 ? <span className={css["dot"]}>{pressing}</span> : null}
        </>
      }
    >
      <ul className={css["notices"]}>
        {notices.length === 0 ? <li className={css["none"]}>没有新通知</li> : null}
        {notices.map((notice) => (
          <li key={notice.id}>
            <Link to={notice.path}>
              <b className={`tone-${notice.tone}`}>{notice.title}</b>
              <span className="caption">{notice.detail}</span>
            </Link>
          </li>
        ))}
      </ul>
    </DropDown>
  );
}

function UserMenu() {
  const session = useSession();
  const { signOut } = useSessionControl();
  const toast = useToast();
  const links = useModules().flatMap((module) => module.userMenu ?? []);
  return (
    <DropDown
      label={`${session.name}，我的账号`}
      button={
        <>
          <Icon name="person" />
          <span className={css["wide"]}>
            {session.name} · {session.dutyLabels.join("、")}
          </span>
          <Icon name="down" />
        </>
      }
    >
      <div className={css["user"]}>
        <p>
          <b>{session.name}</b>
          <span className="caption">{session.organisation}</span>
          <span className="caption">{session.dutyLabels.join("、")}</span>
        </p>
        {links.map((link) => (
          <Link key={link.path} to={link.path}>
            {link.label}
          </Link>
        ))}
        <button type="button" className={css["plain"]} onClick={() => void signOut().catch(toast.refused)}>
          退出登录
        </button>
      </div>
    </DropDown>
  );
}

/** A button and what it opens, by the browser's own popover: closed by Escape, a click elsewhere, or following a link in it. */
function DropDown({ label, button, children }: { label: string; button: ReactNode; children: ReactNode }) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  return (
    <div className={css["drop"]}>
      <button type="button" className={css["plain"]} aria-label={label} popoverTarget={id}>
        {button}
      </button>
      {/* The click comes from the links and buttons inside, which are reached by keyboard themselves. */}
      <div
        id={id}
        ref={box}
        popover="auto"
        className={css["box"]}
        onClickCapture={(event) =>
          event.target instanceof Element && event.target.closest("a, button") ? box.current?.hidePopover() : undefined
        }
      >
        {children}
      </div>
    </div>
  );
}
