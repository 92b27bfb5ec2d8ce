import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { OutputOf } from "../../platform/contract.ts";
import { call } from "../../ui/index.ts";
import { checkRule } from "../contract.ts";

export interface DraftText {
  readonly path: string;
  readonly source: string;
  /** Empty: the draft has no cases. */
  readonly cases: string;
}

export type Checked = OutputOf<typeof checkRule>;

/** After so long without a key the text is read anew. */
const PAUSE_MS = 600;

/** What the server makes of the text as it stands, shortly after each change. The former answer stays until the new one is here. */
export function useChecked(
  { path, source, cases }: DraftText,
  personId: string | null,
): { checked: Checked | null; checking: boolean; problem: unknown } {
  const written = JSON.stringify({
    path,
    source,
    cases: cases.trim() === "" ? null : cases,
    ...(personId ? { personId } : {}),
  });
  const [settled, setSettled] = useState(written);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(written), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [written]);
  const answer = useQuery({
    queryKey: [checkRule.path, settled],
    queryFn: ({ signal }) =>
      call(checkRule, JSON.parse(settled) as Parameters<typeof call<typeof checkRule>>[1], { signal }),
    enabled: path.endsWith(".yaml"),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return {
    checked: answer.data ?? null,
    checking: settled !== written || answer.isFetching,
    problem: answer.isPlaceholderData ? null : answer.error,
  };
}
