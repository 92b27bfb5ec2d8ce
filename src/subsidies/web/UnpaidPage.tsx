import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  DataTable,
  DateText,
  EmptyState,
  FigureStrip,
  Link,
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
import type { OutputOf } from "../../platform/contract.ts";
import {
  countUnpaid,
  exportUnpaid,
  listUnpaid,
  subsidiesPermissions,
  unpaidAgeLabels,
  unpaidAges,
  unpaidReasonLabels,
  unpaidReasons,
  type UnpaidAge,
  type UnpaidFigures,
  type UnpaidReason,
  type UnpaidRow,
} from "../contract.ts";
import css from "./subsidies.module.css";

type Counts = OutputOf<typeof countUnpaid>;

const sumOf = (figures: UnpaidFigures) => ({
  rows: unpaidAges.reduce((sum, age) => sum + figures[age].rows, 0),
  amountFen: unpaidAges.reduce((sum, age) => sum + figures[age].amountFen, 0),
});
/** Reasons for which nobody waits at a desk: something is missing. */
const STUCK = new Set<UnpaidReason>([
  "unanswered",
  "off-list",
  "no-fund",
  "objection",
  "no-account",
  "returned",
  "arrears",
]);
const AGE_TONES = { "to-30": "plain", "to-90": "soon", "over-90": "late" } as const;

/** 应补尽补: who is entitled and has not been paid, why and for how long; every figure opens its list below. */
export default function UnpaidPage() {
  const [{ region, rule }] = useAddress({ region: "", rule: "" });
  const asked = { ...(region ? { region } : {}), ...(rule ? { rule } : {}) };
  const query = useRoute(countUnpaid, asked, { keep: true });
  const mayExport = useMay(subsidiesPermissions.export);
  const rules = query.data?.byRule ?? [];
  return (
    <>
      <PageHeader
        title="应补尽补"
        crumbs={[{ label: "应补尽补" }]}
        note="筛查符合、已在办和少发的，凡还没有到账的都在这里；天数从应享之日起算"
        tags={query.data ? <Overdue figures={query.data.total} /> : null}
      />
      <div className={css["stack"]}>
        <Answer query={query} lines={6}>
          {(counts) => (
            <>
              <Ages counts={counts} asked={asked} />
              <div className={css["halves"]}>
                <Breakdown
                  title="为什么没发"
                  first="原因"
                  rows={counts.byReason.map(({ reason, figures }) => ({
                    key: reason,
                    label: unpaidReasonLabels[reason],
                    stuck: STUCK.has(reason),
                    figures,
                    asked: { ...asked, reason },
                  }))}
                />
                <Breakdown
                  title="在哪里"
                  first="地区"
                  rows={counts.byPlace.map(({ place, figures }, _, all) => ({
                    key: place.code,
                    // Beside its towns a county stands for payees who live in none of them.
                    label:
                      place.code.length === 6 && all.some((one) => one.place.code.length > 6)
                        ? `${place.name}（单位和县外收款人）`
                        : place.name,
                    figures,
                    asked: { ...asked, region: place.code },
                  }))}
                />
              </div>
            </>
          )}
        </Answer>
        <Card>
          <ServerTable
            name="subsidies.unpaid"
            caption="应发未发名单"
            route={listUnpaid}
            filters={[
              {
                kind: "choice",
                name: "reason",
                label: "原因",
                width: 150,
                options: unpaidReasons.map((value) => ({ value, label: unpaidReasonLabels[value] })),
              },
              {
                kind: "choice",
                name: "age",
                label: "等了多久",
                options: unpaidAges.map((value) => ({ value, label: unpaidAgeLabels[value] })),
              },
              {
                kind: "choice",
                name: "rule",
                label: "项目",
                width: 240,
                options: rules.map((one) => ({ value: one.rule, label: `${one.title} ${sumOf(one.figures).rows}` })),
              },
              { kind: "region", name: "region", label: "地区" },
            ]}
            rowKey={(row) => row.key}
            density="duty"
            tone={(row) => (row.age === "over-90" ? "late" : undefined)}
            {...(mayExport ? { exportRoute: exportUnpaid, exportWith: { purpose: true } } : {})}
            columns={columns}
            empty={{ title: "应发的都已发放", hint: "新符合的每晚筛查后出现在这里。" }}
          />
        </Card>
      </div>
    </>
  );
}

function Overdue({ figures }: { figures: UnpaidFigures }) {
  const { rows } = figures["over-90"];
  return rows > 0 ? (
    <StatusTag tone="late">90 天以上 {rows.toLocaleString("zh-CN")} 项</StatusTag>
  ) : (
    <StatusTag tone="done">没有超过 90 天的</StatusTag>
  );
}

const pathOf = (asked: Readonly<Record<string, string>>) => `/unpaid?${new URLSearchParams(asked).toString()}`;

function Ages({ counts, asked }: { counts: Counts; asked: Readonly<Record<string, string>> }) {
  const all = sumOf(counts.total);
  return (
    <Card>
      <FigureStrip
        label="应发未发合计"
        figures={[
          {
            key: "all",
            label: "应发未发",
            value: all.rows,
            unit: "项",
            note: <MoneyText fen={all.amountFen} />,
            path: pathOf(asked),
          },
          ...unpaidAges.toReversed().map((age: UnpaidAge) => ({
            key: age,
            label: unpaidAgeLabels[age],
            value: counts.total[age].rows,
            unit: "项",
            note: <MoneyText fen={counts.total[age].amountFen} />,
            tone: counts.total[age].rows > 0 ? AGE_TONES[age] : ("plain" as const),
            path: pathOf({ ...asked, age }),
          })),
        ]}
      />
    </Card>
  );
}

interface BreakdownRow {
  readonly key: string;
  readonly label: string;
  readonly stuck?: boolean;
  readonly figures: UnpaidFigures;
  readonly asked: Readonly<Record<string, string>>;
}

/** So many lines stand at once; the list under them is to be seen as well. */
const SHOWN = 5;
/** A line or two more are shown rather than put behind a button. */
const SPARE = 2;

function Breakdown({ title, first, rows }: { title: string; first: string; rows: readonly BreakdownRow[] }) {
  const [whole, setWhole] = useState(false);
  return (
    <Card
      title={title}
      extra={
        rows.length > SHOWN + SPARE ? (
          <Button size="small" type="link" onClick={() => setWhole(!whole)}>
            {whole ? `只看前 ${SHOWN} 行` : `全部 ${rows.length} 行`}
          </Button>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="没有应发未发的" />
      ) : (
        <DataTable
          caption={title}
          rows={whole || rows.length <= SHOWN + SPARE ? rows : rows.slice(0, SHOWN)}
          rowKey={(row) => row.key}
          density="short"
          columns={[
            {
              key: "label",
              title: first,
              fixed: true,
              render: (row) => (
                <>
                  <Link to={pathOf(row.asked)}>{row.label}</Link>
                  {row.stuck ? (
                    <>
                      {" "}
                      <StatusTag tone="late">待解决</StatusTag>
                    </>
                  ) : null}
                </>
              ),
            },
            ...unpaidAges.toReversed().map((age): Column<BreakdownRow> => ({
              key: age,
              title: unpaidAgeLabels[age],
              width: 92,
              align: "right",
              render: (row) => <AgeFigure figures={row.figures} age={age} path={pathOf({ ...row.asked, age })} />,
            })),
            {
              key: "amount",
              title: "金额（元）",
              width: 116,
              align: "right",
              render: (row) => yuan(sumOf(row.figures).amountFen),
            },
          ]}
        />
      )}
    </Card>
  );
}

function AgeFigure({ figures, age, path }: { figures: UnpaidFigures; age: UnpaidAge; path: string }) {
  const { rows } = figures[age];
  return rows === 0 ? (
    <span className="secondary">0</span>
  ) : (
    <Link to={path}>
      <span className={age === "to-30" ? "" : `tone-${AGE_TONES[age]}`}>{rows.toLocaleString("zh-CN")}</span>
    </Link>
  );
}

const columns: readonly Column<UnpaidRow>[] = [
  {
    key: "payee",
    title: "收款人",
    width: 180,
    fixed: true,
    render: (row) =>
      row.claimId ? (
        <>
          <Link to={`/claims/${row.claimId}`}>{row.payeeName}</Link>
          <span className={css["sub"]}>{row.number}</span>
        </>
      ) : (
        <>
          {row.personId ? <Link to={`/persons/${row.personId}`}>{row.payeeName}</Link> : "（生成后可见）"}
          <span className={css["sub"]}>筛查符合，还没有补贴件</span>
        </>
      ),
  },
  { key: "title", title: "补贴项目", render: (row) => row.title },
  {
    key: "amount",
    title: "金额（元）",
    width: 110,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "reason",
    title: "未发原因",
    width: 124,
    render: (row) => (
      <StatusTag tone={STUCK.has(row.reason) ? "late" : "blue"}>{unpaidReasonLabels[row.reason]}</StatusTag>
    ),
  },
  {
    key: "days",
    title: "已等",
    width: 120,
    render: (row) => (
      <>
        <span className={row.age === "to-30" ? "" : `tone-${AGE_TONES[row.age]}`}>
          {row.days.toLocaleString("zh-CN")} 天
        </span>
        <span className={css["sub"]}>
          自 <DateText value={row.entitledOn} />
        </span>
      </>
    ),
  },
  { key: "place", title: "地区", width: 110, render: (row) => row.place.name },
  { key: "fund", title: "资金渠道", width: 150, hidden: true, render: (row) => row.fund },
];
