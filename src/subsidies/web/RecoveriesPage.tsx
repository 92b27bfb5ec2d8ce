import {
  Card,
  DueText,
  FigureStrip,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useMay,
  useRoute,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  countRecoveries,
  exportRecoveries,
  listRecoveries,
  recoveryStateLabels,
  recoveryStates,
  subsidiesPermissions,
  type RecoveryRow,
} from "../contract.ts";
import { recoveryTones } from "./words.ts";
import css from "./subsidies.module.css";

/** 追回: what was paid too much, on its way back. */
export default function RecoveriesPage() {
  const [{ region }] = useAddress({ region: "" });
  const counts = useRoute(countRecoveries, region ? { region } : {}, { keep: true });
  const mayExport = useMay(subsidiesPermissions.export);
  const all = counts.data?.byState ?? [];
  const kept = all.filter(({ state }) => state !== "cancelled");
  const sum = (of: (one: (typeof all)[number]) => number) => kept.reduce((total, one) => total + of(one), 0);
  const overdue = sum((one) => one.overdue);
  const open = sum((one) => one.amountFen - one.receivedFen - one.writtenOffFen);
  return (
    <>
      <PageHeader
        title="追回"
        crumbs={[{ label: "追回" }]}
        note="多发的补贴先告知、听取陈述申辩，由另一人决定；缴回的款退回原资金额度"
        tags={
          counts.data ? (
            overdue > 0 ? (
              <StatusTag tone="late">逾期 {overdue} 件</StatusTag>
            ) : (
              <StatusTag tone="done">没有逾期</StatusTag>
            )
          ) : null
        }
      />
      <div className={css["stack"]}>
        {counts.data ? (
          <Card>
            <FigureStrip
              label="追回合计"
              figures={[
                {
                  key: "n",
                  label: "在办",
                  value: kept
                    .filter(({ state }) => state !== "settled" && state !== "written-off")
                    .reduce((total, { recoveries }) => total + recoveries, 0),
                  unit: "件",
                  path: "/recoveries",
                },
                { key: "amount", label: "应缴回", value: yuan(sum((one) => one.amountFen)), unit: "元" },
                {
                  key: "received",
                  label: "已缴回",
                  value: yuan(sum((one) => one.receivedFen)),
                  unit: "元",
                  tone: "done",
                },
                { key: "open", label: "未缴回", value: yuan(open), unit: "元", tone: open > 0 ? "soon" : "plain" },
                { key: "off", label: "已核销", value: yuan(sum((one) => one.writtenOffFen)), unit: "元" },
              ]}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="subsidies.recoveries"
            caption="追回件"
            route={listRecoveries}
            filters={[
              { kind: "region", name: "region", label: "地区" },
              { kind: "text", name: "search", label: "收款人或编号" },
              { kind: "choice", name: "overdue", label: "期限", options: [{ value: "true", label: "只看逾期" }] },
              {
                kind: "choice",
                name: "state",
                label: "状态",
                options: recoveryStates.map((value) => ({ value, label: recoveryStateLabels[value] })),
              },
            ]}
            rowKey={(row) => row.recoveryId}
            rowPath={(row) => `/recoveries/${row.recoveryId}`}
            density="duty"
            tone={(row) => (row.overdue ? "late" : undefined)}
            {...(mayExport ? { exportRoute: exportRecoveries, exportWith: { purpose: true } } : {})}
            columns={columns}
            empty={{ title: "没有在办的追回", hint: "在“重算差异”里选多发的处理，就会立追回件。" }}
          />
        </Card>
      </div>
    </>
  );
}

const money = (key: string, title: string, of: (row: RecoveryRow) => number): Column<RecoveryRow> => ({
  key,
  title: `${title}（元）`,
  width: 116,
  align: "right",
  render: (row) => <MoneyText fen={of(row)} unit={false} />,
});

const columns: readonly Column<RecoveryRow>[] = [
  {
    key: "payee",
    title: "收款人",
    width: 190,
    fixed: true,
    render: (row) => (
      <>
        {row.payeeName}
        <span className={css["sub"]}>{row.number}</span>
      </>
    ),
  },
  { key: "title", title: "补贴项目", render: (row) => row.title },
  money("amount", "应缴回", ({ amountFen }) => amountFen),
  money("received", "已缴回", ({ receivedFen }) => receivedFen),
  {
    key: "open",
    title: "未缴回（元）",
    width: 116,
    align: "right",
    render: (row) => (
      <>
        <MoneyText fen={row.openFen} unit={false} />
        {row.overdueFen > 0 ? <span className={`tone-late ${css["sub"]}`}>逾期 {yuan(row.overdueFen)}</span> : null}
      </>
    ),
  },
  {
    key: "state",
    title: "状态",
    width: 110,
    render: (row) => <StatusTag tone={recoveryTones[row.state]}>{recoveryStateLabels[row.state]}</StatusTag>,
  },
  { key: "due", title: "期限", width: 100, render: (row) => (row.dueOn ? <DueText due={row.dueOn} /> : "") },
  { key: "place", title: "地区", width: 96, hidden: true, render: (row) => row.place.name },
];
