import { count, shortDate, StatusTag } from "../../ui/index.ts";
import type { BatchSummary } from "../contract.ts";
import { punctualityOf } from "./words.ts";

/** 按时 or 迟交, by the business day of the receipt. */
export function Punctual({ batch }: { batch: BatchSummary }) {
  const found = punctualityOf(batch);
  if (!found) return null;
  return (
    <span title={`应于 ${shortDate(found.dueOn)}前移交（${found.source}）`}>
      {found.lateBy > 0 ? (
        <StatusTag tone="late">迟交 {count(found.lateBy)} 天</StatusTag>
      ) : (
        <StatusTag tone="done">按时</StatusTag>
      )}
    </span>
  );
}
