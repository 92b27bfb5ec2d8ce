import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSessionControl } from "../session.tsx";
import { FillingNotice } from "./FillingNotice.tsx";
import { Navigation } from "./Navigation.tsx";
import { ToSignIn } from "./page-component.tsx";
import { TopBar } from "./TopBar.tsx";
import css from "./Shell.module.css";

/** Top bar, duties at the left, the page. */
export function Shell() {
  const { session } = useSessionControl();
  const drawer = useRef<HTMLDialogElement>(null);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    drawer.current?.close();
    // After following a link, those who hear the page start at its content, not at the top bar again.
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);
  if (!session) return <ToSignIn />;
  return (
    <div className={css["shell"]}>
      <a className={css["skip"]} href="#content">
        跳到正文
      </a>
      <TopBar onMenu={() => drawer.current?.showModal()} />
      <div className={css["side"]}>
        <Navigation />
      </div>
      <dialog ref={drawer} className={css["drawer"]} aria-label="职责导航" closedby="any">
        <Navigation />
      </dialog>
      <main id="content" ref={main} tabIndex={-1} className={css["main"]}>
        <FillingNotice />
        <Outlet />
      </main>
    </div>
  );
}
