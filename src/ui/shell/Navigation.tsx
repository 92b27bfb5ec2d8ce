import { useQueries, useQuery, type QueryFunctionContext } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { Fragment } from "react";
import { count } from "../format.ts";
import { Link } from "../Link.tsx";
import { navGroupLabels, navGroups, type NavEntry } from "../module.ts";
import { useModules } from "../modules.tsx";
import { polledCall } from "../query.ts";
import { holds, useSession } from "../session.tsx";
import css from "./Navigation.module.css";

const COUNTS_EVERY_MS = 60_000;

/** Duties, not modules; the numbers are what waits, red when something is late. */
export function Navigation() {
  const session = useSession();
  const entries = useModules()
    .flatMap((module) => module.nav ?? [])
    .filter((entry) => holds(session, entry.permission))
    .toSorted((a, b) => navGroups.indexOf(a.group) - navGroups.indexOf(b.group) || a.order - b.order);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = currentEntry(entries, path);
  const counted = entries.filter((entry) => entry.count && holds(session, entry.count.permission));
  const counts = useQueries({
    queries: counted.map((entry) => ({
      queryKey: entry.count?.key ?? [],
      queryFn: (context: QueryFunctionContext) => entry.count?.load(polledCall(context)) ?? { waiting: 0, late: false },
      staleTime: COUNTS_EVERY_MS,
      refetchInterval: COUNTS_EVERY_MS,
    })),
  });
  const countOf = new Map(counted.map((entry, index) => [entry.path, counts[index]?.data]));
  return (
    <nav aria-label="职责导航" className={css["nav"]}>
      <ul>
        {entries.map((entry, index) => (
          <Fragment key={entry.path}>
            {navGroupLabels[entry.group] && entries[index - 1]?.group !== entry.group ? (
              <li className={css["group"]}>{navGroupLabels[entry.group]}</li>
            ) : null}
            <li>
              <Link
                to={entry.path}
                className={entry === current ? css["current"] : ""}
                {...(entry === current ? { "aria-current": "page" as const } : {})}
              >
                {entry.label}
                <Waiting count={countOf.get(entry.path)} />
              </Link>
            </li>
          </Fragment>
        ))}
      </ul>
      <Standing />
    </nav>
  );
}

function Waiting({ count: waits }: { count: { waiting: number; late: boolean } | undefined }) {
  if (!waits || waits.waiting === 0) return null;
  return (
    <span className={waits.late ? css["late"] : css["waiting"]}>
      {waits.waiting > 9999 ? "9,999+" : count(waits.waiting)}
      <span className="sr-only">{waits.late ? " 件待办，有逾期" : " 件待办"}</span>
    </span>
  );
}

/** How current the data are. */
function Standing() {
  const session = useSession();
  const source = useModules()
    .map((module) => module.standing)
    .find((one) => one !== undefined && holds(session, one.permission));
  const { data } = useQuery({
    queryKey: source?.key ?? ["standing"],
    queryFn: ({ signal }) => source?.load(signal, session) ?? [],
    enabled: source !== undefined,
    staleTime: COUNTS_EVERY_MS,
  });
  if (!data || data.length === 0) return null;
  return (
    <p className={css["standing"]}>
      {data.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </p>
  );
}

/** The entry with the longest address that leads to where we are. */
function currentEntry(entries: readonly NavEntry[], path: string): NavEntry | undefined {
  const leads = (entry: NavEntry) => path === entry.path || (entry.path !== "/" && path.startsWith(`${entry.path}/`));
  return entries.filter(leads).toSorted((a, b) => b.path.length - a.path.length)[0];
}
