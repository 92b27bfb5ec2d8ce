import {
  Card,
  DateText,
  FigureStrip,
  Link,
  MoneyText,
  PageHeader,
  ServerTable,
  usePathPart,
  useRoute,
  yuan,
  type Column,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { listFundLines, listFundMovements, movementLabels } from "../contract.ts";
import { FundActs } from "./FundActs.tsx";
import { Settlements } from "./Settlements.tsx";
import css from "./subsidies.module.css";
import { tracePath } from "./words.ts";

type Movement = OutputOf<typeof listFundMovements>["rows"][number];

/** One line's money, movement by movement: every fen leads to the claim it was for. */
export default function FundPage() {
  const fundLineId = usePathPart("fundLineId");
  const lines = useRoute(listFundLines, {});
  const line = lines.data?.rows.find((one) => one.fundLineId === fundLineId);
  return (
    <>
      <PageHeader
        title={line ? `${line.fund}　${line.document}` : "资金流水"}
        crumbs={[{ label: "资金额度", path: "/funds" }, { label: "流水" }]}
        {...(line
          ? { note: `${line.place.fullName}　${line.level}　${line.year} 年`, actions: <FundActs line={line} /> }
          : {})}
      />
      <div className={css["stack"]}>
        {line ? (
          <Card title="额度" extra={<Link to={tracePath(`额度:${fundLineId}`)}>追溯资金</Link>}>
            <FigureStrip
              label="额度"
              figures={[
                { key: "budget", label: "下达", value: yuan(line.budgetFen), unit: "元" },
                { key: "reserved", label: "占用", value: yuan(line.reservedFen), unit: "元" },
                { key: "spent", label: "支出", value: yuan(line.spentFen), unit: "元", tone: "done" },
                { key: "left", label: "可用", value: yuan(line.leftFen), unit: "元" },
              ]}
            />
          </Card>
        ) : null}
        {line ? <Settlements line={line} /> : null}
        <Card title="流水">
          <ServerTable
            name="subsidies.movements"
            caption="资金流水"
            route={listFundMovements}
            input={{ fundLineId }}
            rowKey={(row) => row.movementId}
            columns={columns}
            empty={{ title: "没有流水" }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<Movement>[] = [
  { key: "date", title: "日期", width: 110, render: (row) => <DateText value={row.businessDate} /> },
  { key: "kind", title: "事项", width: 110, fixed: true, render: (row) => movementLabels[row.kind] },
  {
    key: "amount",
    title: "金额（元）",
    width: 140,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "claim",
    title: "补贴件、文件",
    render: (row) => (row.claimId ? <Link to={`/claims/${row.claimId}`}>{row.claimNumber ?? ""}</Link> : row.note),
  },
  { key: "by", title: "经办", width: 120, render: (row) => row.officerName },
];
