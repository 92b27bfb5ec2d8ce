import { Answer, Card, EmptyState, Link, MoneyText, StatusTag, useRoute } from "../../ui/index.ts";
import { claimStateLabels, listPersonClaims } from "../contract.ts";
import { claimTones } from "./words.ts";
import css from "./subsidies.module.css";

/** 补贴 on a person's page: what is paid to him, and apart from it what somebody else is paid because of him. */
export function PersonClaims({ personId }: { personId: string }) {
  const query = useRoute(listPersonClaims, { personId });
  return (
    <Card title="补贴办理" {...(query.data ? { note: `${query.data.rows.length} 件` } : {})} padded>
      <Answer query={query} lines={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState title="还没有补贴件" />
          ) : (
            <ul className={css["panel"]}>
              {rows.map((row) => (
                <li key={row.claimId}>
                  <StatusTag tone={claimTones[row.state]}>{claimStateLabels[row.state]}</StatusTag>
                  <Link to={`/claims/${row.claimId}`}>{row.title}</Link>
                  <MoneyText fen={row.shareFen} unit={false} />
                  {row.toOther ? <span className={css["sub"]}>因本人付给 {row.payeeName}，不是付给本人</span> : null}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  );
}
