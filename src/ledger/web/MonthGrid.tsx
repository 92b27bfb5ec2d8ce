import {
  addMonths,
  Answer,
  Card,
  lateness,
  Link,
  shortDate,
  shortMonth,
  StatusTag,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import {
  batchStateLabels,
  handoverDueOn,
  handoverRuleOf,
  ledgerKindLabels,
  ledgerKinds,
  listBatches,
  type BatchState,
  type BatchSummary,
  type LedgerKind,
} from "../contract.ts";
import { stateTones } from "./words.ts";
import css from "./MonthGrid.module.css";

/** A table of no known kind belongs to no month's duties. */
const shown = ledgerKinds.filter((kind) => kind !== "other");
const MONTHS = 6;
/** A file that could not be read, was discarded or undone leaves its month owed. */
const notHandedOver: ReadonlySet<BatchState> = new Set(["refused", "discarded", "undone"]);

/** Which table of which month has come, and how far it is. */
export function MonthGrid({ latest }: { latest: string }) {
  const { businessDate, region } = useSession();
  const batches = useRoute(listBatches, { page: 1, size: 200 });
  const rule = handoverRuleOf(region.code);
  const due = rule ? handoverDueOn(rule, latest) : null;
  const months = Array.from({ length: MONTHS }, (_, back) => addMonths(latest, -back));
  const late = due === null ? null : lateness(due, businessDate);
  // Months before an office's first table of a kind are not missing: it had not begun.
  const missing = (rows: readonly BatchSummary[], kind: LedgerKind, month: string) => {
    if (!rule?.kinds.includes(kind)) return null;
    if (month === latest) return late?.tone === "late" ? "late" : "open";
    return rows.some((batch) => batch.kind === kind && batch.month < month) ? "late" : null;
  };
  const dueWords = () => {
    if (!rule || due === null || !late || !batches.data) return "按台账与月份";
    const { rows } = batches.data;
    const owed = shown.filter(
      (kind) =>
        rule.kinds.includes(kind) &&
        !rows.some((batch) => batch.kind === kind && batch.month === latest && !notHandedOver.has(batch.state)),
    );
    if (owed.length === 0) return `${shortMonth(latest)}应收的已收齐`;
    return `${shortMonth(latest)}${owed.map((kind) => ledgerKindLabels[kind]).join("、")}应于 ${shortDate(due)}前移交，${late.words}`;
  };
  return (
    <Card title="各月收到情况" note={dueWords()}>
      <Answer query={batches} lines={6}>
        {(page) => (
          <div className={css["frame"]}>
            <table className={css["grid"]}>
              <caption className="sr-only">各类台账近 {MONTHS} 个月收到情况</caption>
              <thead>
                <tr>
                  <th scope="col">台账</th>
                  {months.map((month) => (
                    <th scope="col" key={month}>
                      {month.endsWith("-12") || month === latest ? month : shortMonth(month)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((kind) => (
                  <tr key={kind}>
                    <th scope="row">{ledgerKindLabels[kind]}</th>
                    {months.map((month) => (
                      <td key={month}>
                        <Cell
                          batches={page.rows.filter((batch) => batch.kind === kind && batch.month === month)}
                          missing={missing(page.rows, kind, month)}
                          kind={kind}
                          month={month}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
    </Card>
  );
}

function Cell({
  batches,
  missing,
  kind,
  month,
}: {
  batches: readonly BatchSummary[];
  missing: "late" | "open" | null;
  kind: LedgerKind;
  month: string;
}) {
  const [latest, ...older] = batches.filter((batch) => batch.state !== "discarded" && batch.counterOf === null);
  if (latest) {
    return (
      <>
        <Link to={`/ledger/${latest.batchId}`}>
          <StatusTag tone={stateTones[latest.state]}>{batchStateLabels[latest.state]}</StatusTag>
        </Link>
        {older.length > 0 ? (
          <Link to={`/ledger?kind=${kind}&month=${month}`} className={css["more"]}>
            共 {older.length + 1} 份
          </Link>
        ) : null}
      </>
    );
  }
  if (missing === null) return <span className="caption">—</span>;
  return <span className={css[missing]}>{missing === "late" ? "未收到" : "待移交"}</span>;
}
