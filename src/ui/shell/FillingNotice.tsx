import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useSession } from "../session.tsx";
import css from "./Shell.module.css";

const PAUSE_MS = 2_000;

async function isFilling(): Promise<boolean> {
  const answer = await fetch("/api/health");
  return answer.ok && ((await answer.json()) as { filling?: boolean }).filling === true;
}

/** Said on every page while a demonstration's data are still coming in; then the pages ask again for what they show. */
export function FillingNotice() {
  const { demo } = useSession();
  const queries = useQueryClient();
  const state = useQuery({
    queryKey: ["demo-filling"],
    queryFn: isFilling,
    enabled: demo,
    refetchInterval: ({ state: { data } }) => (data === true ? PAUSE_MS : false),
    staleTime: Infinity,
  });
  const filling = state.data === true;
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !filling) void queries.invalidateQueries();
    was.current = filling;
  }, [filling, queries]);
  if (!filling) return null;
  return (
    <output className={css["filling"]}>
      演示数据正在后台装入，约一分钟后齐全。装完之前名单和数字不完整，装完后本页自动更新。
    </output>
  );
}
