import { Card, DataTable, DateText, Link, MoneyText, StatusTag, useRoute, yuan } from "../../ui/index.ts";
import { differenceKindLabels, listDifferences, listRecoveries, recoveryStateLabels } from "../contract.ts";
import { kindTones, recoveryTones } from "./words.ts";
import css from "./subsidies.module.css";

/** What has become of a decided claim since: open differences, and what is being recovered. Nothing where there is nothing. */
export function ClaimAfterwards({ claimId }: { readonly claimId: string }) {
  const differences = useRoute(listDifferences, { claimId, size: 50 });
  const recoveries = useRoute(listRecoveries, { claimId });
  const [open, cases] = [differences.data?.rows ?? [], recoveries.data?.rows ?? []];
  return (
    <>
      {open.length > 0 ? (
        <Card title="重算差异" note={`${differences.data!.total} 项与审定时不一致`}>
          <DataTable
            caption="重算差异"
            rows={open}
            rowKey={(row) => row.differenceId}
            density="duty"
            columns={[
              {
                key: "item",
                title: "哪一项",
                render: (row) => (
                  <>
                    <DateText value={row.eventDate} /> {row.personName}
                    <span className={css["sub"]}>{row.failed.join("、")}</span>
                  </>
                ),
              },
              {
                key: "amount",
                title: "审定 → 重算（元）",
                width: 170,
                align: "right",
                render: (row) => `${yuan(row.wasFen)} → ${row.nowFen === null ? "算不出" : yuan(row.nowFen)}`,
              },
              {
                key: "kind",
                title: "差异",
                width: 100,
                render: (row) => (
                  <Link to={`/differences?search=${row.claimNumber}`}>
                    <StatusTag tone={kindTones[row.kind]}>{differenceKindLabels[row.kind]}</StatusTag>
                  </Link>
                ),
              },
            ]}
          />
        </Card>
      ) : null}
      {cases.length > 0 ? (
        <Card title="追回">
          <DataTable
            caption="追回"
            rows={cases}
            rowKey={(row) => row.recoveryId}
            density="duty"
            columns={[
              {
                key: "number",
                title: "编号",
                render: (row) => <Link to={`/recoveries/${row.recoveryId}`}>{row.number}</Link>,
              },
              {
                key: "amount",
                title: "应缴回（元）",
                width: 120,
                align: "right",
                render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
              },
              {
                key: "open",
                title: "未缴回（元）",
                width: 120,
                align: "right",
                render: (row) => <MoneyText fen={row.openFen} unit={false} />,
              },
              {
                key: "state",
                title: "状态",
                width: 110,
                render: (row) => (
                  <StatusTag tone={recoveryTones[row.state]}>{recoveryStateLabels[row.state]}</StatusTag>
                ),
              },
            ]}
          />
        </Card>
      ) : null}
    </>
  );
}
