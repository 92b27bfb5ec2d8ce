import { Answer, Card, DateText, EmptyState, Link, StatusTag, useRoute } from "../../ui/index.ts";
import { findingOutcomeLabels, findingStateLabels, listPersonFindings } from "../contract.ts";
import { outcomeTones, stateTones } from "./words.ts";
import css from "./oversight.module.css";

/** 疑点 on a person's page, as far as they are of the officer's area. */
export function PersonFindings({ personId }: { personId: string }) {
  const query = useRoute(listPersonFindings, { personId });
  const open = query.data?.rows.filter(({ state }) => state !== "closed").length ?? 0;
  return (
    <Card title="疑点核查" {...(query.data ? { note: open > 0 ? `${open} 件未办结` : "没有未办结的" } : {})} padded>
      <Answer query={query} lines={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState title="没有查出疑点" />
          ) : (
            <ul className={css["panel"]}>
              {rows.map((row) => (
                <li key={row.findingId}>
                  <StatusTag tone={outcomeTones[row.outcome]}>{findingOutcomeLabels[row.outcome]}</StatusTag>
                  <Link to={`/findings/${row.findingId}`}>{row.title}</Link>
                  <StatusTag tone={stateTones[row.state]}>{findingStateLabels[row.state]}</StatusTag>
                  <span className={`${css["sub"]} ${css["line"]}`}>
                    {row.message}　<DateText value={row.foundOn} /> 查出
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}
