import { useRouterState } from "@tanstack/react-router";
import { Component, lazy, Suspense, useEffect, type ReactNode } from "react";
import { useGo } from "../address.ts";
import type { WebPage } from "../module.ts";
import { holds, leadsTo, SIGN_IN_PATH, useSessionControl } from "../session.tsx";
import { Loading, ProblemNotice } from "../states.tsx";
import { NotPermitted } from "./special-pages.tsx";

/** The component of a page: its file is fetched when it is first opened, and only shown to those who may see it. */
export function pageComponent(page: WebPage): () => ReactNode {
  const Content = lazy(page.load);
  return function Page() {
    const { session } = useSessionControl();
    useEffect(() => {
      document.title = `${page.title} · 稳岗`;
    }, []);
    const elsewhere = leadsTo(session, page);
    if (elsewhere === SIGN_IN_PATH) return <ToSignIn />;
    if (elsewhere !== null) return <Lead to={elsewhere} />;
    if (!holds(session, page.permission)) return <NotPermitted title={page.title} />;
    return (
      <PageBoundary>
        <Suspense fallback={<Loading lines={6} />}>
          <Content />
        </Suspense>
      </PageBoundary>
    );
  };
}

function Lead({ to }: { to: string }) {
  const go = useGo();
  useEffect(() => go(to, { replace: true }), [go, to]);
  return null;
}

/** Leads to the sign-in page and remembers where he wanted to go. */
export function ToSignIn() {
  const go = useGo();
  const here = useRouterState({ select: (state) => state.location.href });
  useEffect(() => {
    if (!here.startsWith(SIGN_IN_PATH))
      go(here === "/" ? SIGN_IN_PATH : `${SIGN_IN_PATH}?back=${encodeURIComponent(here)}`, { replace: true });
  }, [go, here]);
  return null;
}

/** A fault in one page leaves the bars and the other pages standing. */
class PageBoundary extends Component<{ children: ReactNode }, { fault: unknown }> {
  override state = { fault: null };
  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }
  override render() {
    if (this.state.fault === null) return this.props.children;
    return <ProblemNotice problem={this.state.fault} retry={() => window.location.reload()} />;
  }
}
