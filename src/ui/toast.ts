import { App } from "antd";
import { useMemo } from "react";
import { ProblemError } from "./client.ts";

/** A sentence that comes and goes: what was done. A refusal that needs reading belongs on the page instead. */
export function useToast(): { done: (sentence: string) => void; refused: (problem: unknown) => void } {
  const { message } = App.useApp();
  return useMemo(
    () => ({
      done: (sentence) => void message.success(sentence),
      refused: (problem) =>
        void message.error(problem instanceof ProblemError ? problem.message : "没有办成，请刷新后重试。", 6),
    }),
    [message],
  );
}
