import type { Route } from "../contract.ts";

/**
 * What a request costs and whom it may starve: each class has its own limits of frequency, of how many run at once, and of how
 * long a statement may take. Derived from the route, so that a new route is in a class without anybody's thinking of it.
 */
export const routeClasses = ["sign-in", "page", "search", "act", "export", "upload", "public"] as const;
export type RouteClass = (typeof routeClasses)[number];

export function routeClassOf(route: Route): RouteClass {
  if (route.kind === "upload") return "upload";
  if (route.kind === "download" || route.audit === "export") return "export";
  if (route.audit === "sign-in") return "sign-in";
  if (route.kind === "query") return isPagedList(route) ? "search" : "page";
  return "act";
}

/** A list that is filtered, counted and sorted: what costs the database most of all that is asked for often. */
function isPagedList({ input }: Route): boolean {
  const shape = (input as { shape?: Record<string, unknown> }).shape;
  return shape !== undefined && "page" in shape && "size" in shape;
}

export interface ClassRule {
  /** Requests of one account in `windowSeconds`. */
  readonly perAccount: number;
  /** Requests of one address in `windowSeconds` for which nobody is signed in. */
  readonly perAddress: number;
  readonly windowSeconds: number;
  /** Share of the connections for requests that may be held at once; at least one. */
  readonly share: number;
  /** How many more may wait, and how long. */
  readonly queue: number;
  readonly patienceMs: number;
  /** Each statement. */
  readonly statementMs: number;
  /** Refused first when the machine is late; sign-in never is. */
  readonly yields: "never" | "last" | "first";
}

/**
 * Numbers of one officer's hands, not of a program: a page asks for ten things, and somebody works through one page in two seconds.
 * An address without a session is an office: a county's hundreds sign in behind one.
 */
export const classRules: Readonly<Record<RouteClass, ClassRule>> = {
  "sign-in": {
    perAccount: 60,
    perAddress: 600,
    windowSeconds: 600,
    share: 0.5,
    queue: 200,
    patienceMs: 8_000,
    statementMs: 10_000,
    yields: "never",
  },
  page: {
    perAccount: 900,
    perAddress: 1_800,
    windowSeconds: 60,
    share: 0.8,
    queue: 400,
    patienceMs: 5_000,
    statementMs: 20_000,
    yields: "last",
  },
  search: {
    perAccount: 300,
    perAddress: 300,
    windowSeconds: 60,
    share: 0.4,
    queue: 60,
    patienceMs: 4_000,
    statementMs: 20_000,
    yields: "first",
  },
  act: {
    perAccount: 900,
    perAddress: 300,
    windowSeconds: 60,
    share: 0.6,
    queue: 100,
    patienceMs: 5_000,
    statementMs: 60_000,
    yields: "last",
  },
  export: {
    perAccount: 60,
    perAddress: 60,
    windowSeconds: 600,
    share: 0.17,
    queue: 10,
    patienceMs: 4_000,
    statementMs: 300_000,
    yields: "first",
  },
  upload: {
    perAccount: 120,
    perAddress: 120,
    windowSeconds: 600,
    share: 0.25,
    queue: 10,
    patienceMs: 4_000,
    statementMs: 120_000,
    yields: "first",
  },
  public: {
    perAccount: 600,
    perAddress: 1_200,
    windowSeconds: 60,
    share: 0.25,
    queue: 100,
    patienceMs: 3_000,
    statementMs: 10_000,
    yields: "last",
  },
};
