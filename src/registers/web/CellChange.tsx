import { Icon } from "../../ui/index.ts";
import type { ShownValue } from "../contract.ts";
import css from "./Shown.module.css";

/** One cell before and after: 栏目 旧值 → 新值. */
export function CellChange({
  label,
  before,
  after,
  words,
}: {
  label: string;
  before: ShownValue;
  after: ShownValue;
  words: (value: ShownValue) => string;
}) {
  return (
    <span className={css["change"]}>
      <span>{label}</span>
      <span className={before === null ? css["none"] : css["before"]}>{before === null ? "空" : words(before)}</span>
      <Icon name="arrow" size={12} />
      {after === null ? <span className={css["none"]}>清空</span> : <b>{words(after)}</b>}
    </span>
  );
}
