import { CountText, DataTable, Law, Link, StatusTag, type Column } from "../../ui/index.ts";
import type { RuleView } from "../contract.ts";
import { Feel } from "./Feel.tsx";
import { isMarked, markQuote } from "./marks.ts";
import { Source } from "./Source.tsx";
import { articleRules, refusedBy } from "./words.ts";
import css from "./ConditionsCard.module.css";

type Condition = RuleView["conditions"][number];

const kindWords: Readonly<Record<Condition["kind"], string>> = {
  plain: "",
  time: "随时间满足",
  review: "需人工研判",
  limit: "限次",
};

/** The words of the law, and under them what they demand: each condition in words, as an expression, with whom it refused. */
export function ConditionsCard({ rule }: { rule: RuleView }) {
  const refused = refusedBy(rule);
  const screened = rule.screenedOn !== null;
  const rows = rule.conditions.map((condition, index) => ({ ...condition, number: index + 1 }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      key: "number",
      title: "序号",
      width: 44,
      fixed: true,
      render: ({ number, kind }) => <span className={css[kind === "limit" ? "limit" : "number"]}>{number}</span>,
    },
    {
      key: "says",
      title: "条件，须全部满足",
      render: (row) => (
        <div className={css["says"]}>
          <b>{row.says}</b>
          {row.basis?.quote && !isMarked(row, rule.basis) ? (
            <Law quote={row.basis.quote} source={<Source basis={row.basis} />} />
          ) : null}
        </div>
      ),
    },
    {
      key: "feel",
      title: "规则式",
      width: "34%",
      render: (row) => (row.kind === "limit" ? <span className="caption">{row.feel}</span> : <Feel text={row.feel} />),
    },
    {
      key: "reading",
      title: "说明",
      width: 108,
      render: (row) => (
        <span className="caption">
          {[kindWords[row.kind], row.funds.length > 0 ? `仅 ${row.funds.join("、")}` : "", suppliersOf(row)]
            .filter(Boolean)
            .join("　")}
        </span>
      ),
    },
    ...(screened
      ? [
          {
            key: "refused",
            title: "未满足",
            width: 72,
            align: "right" as const,
            render: (row: Condition) => <CountText value={refused.get(row.id) ?? 0} />,
          },
        ]
      : []),
  ];
  return (
    <section className={css["card"]} aria-label="条文与条件">
      <div className={css["article"]}>
        {rule.basis.map((basis, index) => (
          <p key={`${basis.text} ${basis.article} ${index}`}>
            {markQuote(basis, rule.conditions).map((part, at) =>
              part.condition === null ? (
                <span key={at}>{part.text}</span>
              ) : (
                <span key={at}>
                  <mark>{part.text}</mark>
                  <sup>{part.condition}</sup>
                </span>
              ),
            )}{" "}
            <cite>
              <Source basis={basis} />
            </cite>{" "}
            <Link className="caption" to={articleRules(basis.text, basis.article)}>
              本条的全部规则
            </Link>
          </p>
        ))}
        {rule.basis.length === 0 ? <p>没有引用条文。</p> : null}
      </div>
      {rows.length > 0 ? (
        <DataTable caption="条件" columns={columns} rows={rows} rowKey={(row) => row.id} />
      ) : (
        <p className={css["none"]}>
          {rule.kind === "parameter" ? "共用标准没有条件，供多项规则取值。" : "规则有误，条件读不出来，见“错误”。"}
        </p>
      )}
      {rule.ended ? (
        <p className={css["none"]}>
          <StatusTag tone="soon">期满之后</StatusTag> {rule.ended}
        </p>
      ) : null}
    </section>
  );
}

const suppliersOf = ({ facts }: Condition): string => [...new Set(facts.map(({ supplier }) => supplier))].join("、");
