import { QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from "@tanstack/react-router";
import { App, ConfigProvider } from "antd";
import zhCN from "antd/es/locale/zh_CN.js";
import { StrictMode, useEffect, useMemo, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { parseAddress, writeAddress } from "./address.ts";
import { onSignedOut, setCsrfToken } from "./client.ts";
import "./global.css";
import type { WebModule, WebPage } from "./module.ts";
import { ModulesProvider } from "./modules.tsx";
import { createQueryClient } from "./query.ts";
import { RegionSourceProvider, type RegionSource } from "./RegionPicker.tsx";
import { SessionProvider, SIGN_IN_PATH, type Session, type SessionControl } from "./session.tsx";
import { pageComponent } from "./shell/page-component.tsx";
import { Shell } from "./shell/Shell.tsx";
import { NotFound, ShellProblem } from "./shell/special-pages.tsx";
import { Loading, ProblemNotice } from "./states.tsx";
import { antdTheme, installTokens } from "./tokens.ts";

export interface SessionSource {
  /** Who is signed in; null: nobody. */
  read(): Promise<Session | null>;
  /** Where another session must be ended too; null: nowhere. */
  signOut(): Promise<string | null>;
}

export interface AppOptions {
  readonly modules: readonly WebModule[];
  readonly session: SessionSource;
  readonly regions: RegionSource;
}

/** Builds the router from the modules' pages and starts. */
export function startApp(options: AppOptions): void {
  installTokens(document.documentElement);
  const client = createQueryClient();
  const router = createAppRouter(options.modules);
  const navigate = (href: string) => void router.navigate({ href, replace: true });
  const root = document.getElementById("root");
  if (!root) throw new Error("no #root in the page");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <ConfigProvider locale={zhCN} theme={antdTheme} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
          <App message={{ maxCount: 3 }}>
            <SignedIn source={options.session} navigate={navigate}>
              <RegionSourceProvider source={options.regions}>
                <ModulesProvider modules={options.modules}>
                  <RouterProvider router={router} />
                </ModulesProvider>
              </RegionSourceProvider>
            </SignedIn>
          </App>
        </ConfigProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

function createAppRouter(modules: readonly WebModule[]) {
  const root = createRootRoute({ component: Outlet, errorComponent: ShellProblem });
  // One route around all pages with bars, so that the bars stay when the page changes.
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });
  const pages = modules.flatMap((module) => module.pages);
  const routeOf = (page: WebPage) =>
    createRoute({
      getParentRoute: () => (page.layout === "bare" ? root : shell),
      path: page.path,
      component: pageComponent(page),
      errorComponent: ShellProblem,
    });
  const bare = pages.filter((page) => page.layout === "bare").map(routeOf);
  const framed = pages.filter((page) => page.layout !== "bare").map(routeOf);
  const anythingElse = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });
  return createRouter({
    routeTree: root.addChildren([...bare, shell.addChildren([...framed, anythingElse])]),
    parseSearch: parseAddress,
    stringifySearch: writeAddress,
    scrollRestoration: true,
  });
}

const SESSION_KEY = ["session"] as const;

/** Asks once who is there; leads to the sign-in page when the session ends, and remembers where he was. */
function SignedIn({
  source,
  navigate,
  children,
}: {
  source: SessionSource;
  navigate: (href: string) => void;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      const session = await source.read();
      setCsrfToken(session?.csrf ?? null);
      return session;
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const control = useMemo<SessionControl>(() => {
    // Nothing that one officer saw stays for the next.
    const forget = () => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    return {
      session: data ?? null,
      refresh: async () => {
        forget();
        return (await refetch({ throwOnError: true })).data ?? null;
      },
      signOut: async () => {
        const leaveAt = await source.signOut();
        setCsrfToken(null);
        // The single sign-on ends its own session on its own page, and sends him back.
        if (leaveAt !== null) return window.location.assign(leaveAt);
        client.setQueryData(SESSION_KEY, null);
        navigate(SIGN_IN_PATH);
        forget();
      },
    };
  }, [data, client, refetch, source, navigate]);
  useEffect(() => {
    onSignedOut(() => {
      setCsrfToken(null);
      client.setQueryData(SESSION_KEY, null);
    });
  }, [client]);
  if (data === undefined)
    return error ? <ProblemNotice problem={error} retry={() => void refetch()} /> : <Loading label="正在打开" />;
  return <SessionProvider control={control}>{children}</SessionProvider>;
}
