import { Answer, Card, EmptyState, Link, useMay, useRoute } from "../../ui/index.ts";
import { listEntitlements, policyPermissions, type EntitlementRow } from "../contract.ts";
import { Explained } from "./Explained.tsx";
import css from "./Explained.module.css";

/** 政策待遇 on a person's page: what every rule says of this person today, with reasons. */
export function EntitlementsPanel({ personId }: { personId: string }) {
  const query = useRoute(listEntitlements, { personId });
  const rows = query.data?.rows ?? [];
  const open = rows.filter(({ explanation }) => explanation.outcome !== "NOT_ELIGIBLE");
  const refused = rows.filter(({ explanation }) => explanation.outcome === "NOT_ELIGIBLE");
  return (
    <Card title="政策待遇" {...(query.data ? { note: `按 ${query.data.asOf} 判断，算过 ${rows.length} 项` } : {})}>
      <Answer query={query} lines={5}>
        {() => (
          <>
            {rows.length === 0 ? (
              <EmptyState
                title="没有与此人有关的政策记录"
                hint="登记就业、培训、岗位或创业情况后，系统会自动判断能享受哪些政策。"
              />
            ) : null}
            {open.map((row) => (
              <Entitlement key={`${row.versionId} ${row.rowKey}`} row={row} />
            ))}
            {refused.length > 0 ? (
              <details className={css["more"]}>
                <summary>不符合的 {refused.length} 项，看原因</summary>
                {refused.map((row) => (
                  <Entitlement key={`${row.versionId} ${row.rowKey}`} row={row} />
                ))}
              </details>
            ) : null}
          </>
        )}
      </Answer>
    </Card>
  );
}

function Entitlement({ row }: { row: EntitlementRow }) {
  const mayRead = useMay(policyPermissions.read);
  return (
    <Explained
      title={mayRead ? <Link to={`/rules/${row.versionId}`}>{row.title}</Link> : row.title}
      explanation={row.explanation}
    />
  );
}
