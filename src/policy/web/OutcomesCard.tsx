import { BarChart, Card, CountText, DataTable, EmptyState, Link, count, useMay, type Column } from "../../ui/index.ts";
import { policyPermissions, type OutcomeName, type RuleView } from "../contract.ts";
import { moneyWords } from "./words.ts";
import css from "./layout.module.css";

interface CountyRow {
  readonly county: string;
  readonly name: string;
  readonly eligible: number;
  readonly notYet: number;
  readonly unknown: number;
  readonly refused: number;
  readonly amountFen: number;
}

const ELIGIBLE: readonly OutcomeName[] = ["ELIGIBLE", "ELIGIBLE_UP_TO_CAP", "PARTLY_ELIGIBLE"];
const OPEN: readonly OutcomeName[] = ["UNKNOWN", "REVIEW", "PARAM_MISSING"];

function byCounty(rows: RuleView["outcomesByCounty"]): readonly CountyRow[] {
  return [...Map.groupBy(rows, ({ county }) => county)]
    .map(([county, own]) => {
      const of = (outcomes: readonly OutcomeName[]) => own.filter(({ outcome }) => outcomes.includes(outcome));
      const sum = (outcomes: readonly OutcomeName[]) => of(outcomes).reduce((total, { rows: n }) => total + n, 0);
      return {
        county,
        name: own[0]!.countyName,
        eligible: sum(ELIGIBLE),
        notYet: sum(["NOT_YET"]),
        unknown: sum(OPEN),
        refused: sum(["NOT_ELIGIBLE"]),
        amountFen: of(ELIGIBLE).reduce((total, { amountFen }) => total + amountFen, 0),
      };
    })
    .toSorted((a, b) => b.eligible - a.eligible || a.county.localeCompare(b.county));
}

const total = (rows: readonly CountyRow[]): CountyRow =>
  rows.reduce(
    (sum, row) => ({
      ...sum,
      eligible: sum.eligible + row.eligible,
      notYet: sum.notYet + row.notYet,
      unknown: sum.unknown + row.unknown,
      refused: sum.refused + row.refused,
      amountFen: sum.amountFen + row.amountFen,
    }),
    { county: "", name: "合计", eligible: 0, notYet: 0, unknown: 0, refused: 0, amountFen: 0 },
  );

/** So many bars are read at a glance; the table has every county. */
const MOST_BARS = 12;

const figure = (key: keyof CountyRow & ("eligible" | "notYet" | "unknown" | "refused"), title: string) =>
  ({
    key,
    title,
    align: "right",
    render: (row: CountyRow) =>
      key === "eligible" ? (
        <b>
          <CountText value={row[key]} />
        </b>
      ) : (
        <CountText value={row[key]} />
      ),
  }) as const;
const columns: readonly Column<CountyRow>[] = [
  {
    key: "name",
    title: "县（市、区）",
    fixed: true,
    render: (row) => (row.county === "" ? <b>{row.name}</b> : row.name),
  },
  figure("eligible", "符合"),
  figure("notYet", "未到期"),
  figure("unknown", "待核实"),
  figure("refused", "不符合"),
  {
    key: "amount",
    title: "金额",
    align: "right",
    render: (row) => (row.amountFen === 0 ? "—" : moneyWords(row.amountFen)),
  },
];

/** How the last screening of the whole came out, by county: a chart to see it, the table behind it. */
export function OutcomesCard({ rule }: { rule: RuleView }) {
  const mayResults = useMay(policyPermissions.results);
  const rows = byCounty(rule.outcomesByCounty);
  return (
    <Card
      title="各县结果"
      note={rule.screenedOn ? `辖区内，按 ${rule.screenedOn} 筛查` : "还没有筛查"}
      extra={
        mayResults && rows.length > 0 ? <Link to={`/results?versionId=${rule.versionId}`}>名单 ›</Link> : undefined
      }
    >
      {rows.length === 0 ? (
        <EmptyState
          title={rule.state === "published" ? "最近一次筛查里没有相关记录" : "发布后才筛查"}
          hint={
            rule.state === "published"
              ? `这项规则看“${rule.source ?? ""}”的记录；登记后，下一次筛查会列出各县结果。`
              : "发布之前，可用“测算”看它在登记库上会算出什么。"
          }
        />
      ) : (
        <>
          {rows.length > 1 ? (
            <div className={css["filters"]}>
              <BarChart
                label="各县符合的记录"
                rows={rows.slice(0, MOST_BARS).map((row) => ({
                  key: row.county,
                  label: row.name,
                  value: row.eligible,
                  shown: count(row.eligible),
                }))}
              />
            </div>
          ) : null}
          <DataTable
            caption="各县结果"
            density="short"
            columns={columns}
            rows={rows.length > 1 ? [...rows, total(rows)] : rows}
            rowKey={(row) => row.county}
          />
        </>
      )}
    </Card>
  );
}
