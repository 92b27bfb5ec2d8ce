import { count, lateness, moment, shortDate, yuan } from "./format.ts";
import { useSession } from "./session.tsx";

/** A legal date as the office writes it: 2025-04-18; `short` where the year is plain: 4月18日. */
export function DateText({
  value,
  short = false,
  none = "—",
}: {
  value: string | null | undefined;
  short?: boolean;
  none?: string;
}) {
  if (!value) return <span className="caption">{none}</span>;
  return <time dateTime={value}>{short ? shortDate(value) : value}</time>;
}

/** A moment in China's time. */
export function MomentText({ value, none = "—" }: { value: string | null | undefined; none?: string }) {
  const { businessDate } = useSession();
  if (!value) return <span className="caption">{none}</span>;
  return <time dateTime={value}>{moment(value, businessDate)}</time>;
}

/** Fen as yuan with two decimals; what nobody has set reads 待定, never 0. */
export function MoneyText({ fen, unit = true }: { fen: number | null | undefined; unit?: boolean }) {
  if (fen === null || fen === undefined) return <span className="secondary">待定</span>;
  return (
    <span>
      {yuan(fen)}
      {unit ? <small> 元</small> : null}
    </span>
  );
}

export function CountText({ value, unit }: { value: number; unit?: string }) {
  return (
    <span>
      {count(value)}
      {unit ? <small> {unit}</small> : null}
    </span>
  );
}

/** "逾期 2 天", "今日", "还剩 3 天" against the business date, coloured and worded. */
export function DueText({ due }: { due: string }) {
  const { businessDate } = useSession();
  const late = lateness(due, businessDate);
  return <b className={`tone-${late.tone}`}>{late.words}</b>;
}
