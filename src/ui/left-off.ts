import { useCallback, useEffect } from "react";
import { Temporal } from "temporal-polyfill";
import { useRemembered } from "./remembered.ts";
import { useSession } from "./session.tsx";

/** A piece of work somebody was in the middle of: what, how far, where to go on. Kept on this machine, per officer; never names of persons. */
export interface LeftOff {
  readonly key: string;
  readonly title: string;
  /** "双龙镇，第 2 / 3 页". */
  readonly detail: string;
  readonly path: string;
  readonly at: string;
}

const KEPT = 6;

export function useLeftOffList(): [readonly LeftOff[], (list: readonly LeftOff[]) => void] {
  const { officerId } = useSession();
  return useRemembered<readonly LeftOff[]>(`left-off.${officerId}`, []);
}

/** Notes where the officer is, for 接着办 on the workbench; `null` once there is nothing left to go on with. */
export function useLeaveMark(key: string, mark: Pick<LeftOff, "title" | "detail" | "path"> | null): void {
  const [list, setList] = useLeftOffList();
  const title = mark?.title;
  const detail = mark?.detail;
  const path = mark?.path;
  const note = useCallback(() => {
    const others = list.filter((one) => one.key !== key);
    const before = list.find((one) => one.key === key);
    if (title === undefined || detail === undefined || path === undefined) {
      if (before) setList(others);
    } else if (before?.detail !== detail || before.path !== path) {
      setList([{ key, title, detail, path, at: Temporal.Now.instant().toString() }, ...others].slice(0, KEPT));
    }
  }, [list, setList, key, title, detail, path]);
  useEffect(note, [note]);
}
