import type { ReactNode } from "react";
import { DateText, Icon, Law, MoneyText, StatusTag } from "../../ui/index.ts";
import { outcomeLabels, type ExplanationView } from "../contract.ts";
import { outcomeTones, placeOf } from "./words.ts";
import css from "./Explained.module.css";

type Condition = ExplanationView["conditions"][number];

const marks: Readonly<Record<string, { icon: "check" | "cross" | "clock" | "warning"; tone: string; words: string }>> =
  {
    met: { icon: "check", tone: "tone-done", words: "满足" },
    failed: { icon: "cross", tone: "tone-late", words: "不满足" },
    "not-yet": { icon: "clock", tone: "tone-soon", words: "未到期" },
    unknown: { icon: "warning", tone: "tone-soon", words: "待核实" },
    review: { icon: "warning", tone: "tone-soon", words: "人工研判" },
    "parameter-missing": { icon: "clock", tone: "tone-soon", words: "标准未定" },
  };
const unknownMark = marks["unknown"]!;

/** What a rule says of one person: how it comes out, every condition with the fact that decided it, and what is wanting. */
export function Explained({ title, explanation }: { title: ReactNode; explanation: ExplanationView }) {
  const { outcome } = explanation;
  const entitled = outcome.startsWith("ELIGIBLE") || outcome === "PARTLY_ELIGIBLE";
  return (
    <article className={css["one"]}>
      <header className={css["head"]}>
        <StatusTag tone={outcomeTones[outcome]}>{outcomeLabels[outcome]}</StatusTag>
        <b>{title}</b>
        <span className={css["amount"]}>
          {outcome === "PARAM_MISSING" ? (
            <b>待定</b>
          ) : entitled && explanation.amount !== null ? (
            <b>
              <MoneyText fen={explanation.amount} />
            </b>
          ) : (
            "—"
          )}
        </span>
      </header>
      <p className="caption">
        {[`付${explanation.payee}`, explanation.fund, explanation.amountSays].filter(Boolean).join(" · ")}
        {explanation.eventDate ? (
          <>
            {" · "}按 <DateText value={explanation.eventDate} />
          </>
        ) : null}
      </p>
      <ul className={css["conditions"]}>
        {explanation.conditions.map((condition) => (
          <ConditionLine key={condition.id} condition={condition} />
        ))}
      </ul>
      {explanation.reasons.map((reason) => (
        <p key={reason} className="caption">
          {reason}
        </p>
      ))}
      {explanation.ended ? <p className="caption">{explanation.ended}</p> : null}
      <Wanting explanation={explanation} />
    </article>
  );
}

function ConditionLine({ condition }: { condition: Condition }) {
  const mark = marks[condition.state] ?? unknownMark;
  const facts = condition.facts.map(({ label, value }) => `${label}：${value ?? "不详"}`).join("；");
  const quoted = condition.state !== "met" && condition.basis?.quote;
  const said = [facts, condition.basis && !quoted ? placeOf(condition.basis) : ""].filter(Boolean).join("　");
  return (
    <li>
      <span className={mark.tone}>
        <Icon name={mark.icon} size={14} />
        <span className="sr-only">{mark.words}</span>
      </span>
      <div>
        {condition.says}
        {condition.on ? (
          <b className="tone-soon">
            {" "}
            <DateText value={condition.on} /> 起
          </b>
        ) : null}
        {said === "" ? null : <span className={css["facts"]}>{said}</span>}
        {condition.basis && quoted ? <Law quote={quoted} source={placeOf(condition.basis)} /> : null}
      </div>
    </li>
  );
}

/** 差什么: facts that nobody has supplied and who can, standards not set, and the smallest change that would help. */
function Wanting({ explanation }: { explanation: ExplanationView }) {
  const { missing, missingParameters, review, ways } = explanation;
  if (missing.length + missingParameters.length + review.length + ways.length === 0) return null;
  return (
    <dl className={css["wanting"]}>
      {missing.length > 0 ? (
        <>
          <dt>缺的信息</dt>
          {missing.map(({ label, supplier }) => (
            <dd key={label}>
              {label}，由{supplier}提供
            </dd>
          ))}
        </>
      ) : null}
      {missingParameters.length > 0 ? (
        <>
          <dt>待设定的标准</dt>
          <dd>{missingParameters.join("、")}</dd>
        </>
      ) : null}
      {review.length > 0 ? (
        <>
          <dt>条文没有写明，需人工研判</dt>
          <dd>{review.join("、")}</dd>
        </>
      ) : null}
      {ways.length > 0 ? (
        <>
          <dt>差什么</dt>
          {ways.map((way, index) => (
            <dd key={index}>
              {way.changes.map(({ label, from, to }) => `${label}：${from ?? "不详"} → ${to ?? "无"}`).join("；") ||
                "只差时间"}
              {way.from ? `，${way.from} 起` : ""}，{outcomeLabels[way.outcome]}
              {way.amount === null ? null : (
                <>
                  {" "}
                  <MoneyText fen={way.amount} />
                </>
              )}
            </dd>
          ))}
        </>
      ) : null}
    </dl>
  );
}
