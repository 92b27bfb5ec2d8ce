import { Card, DataTable, Link, StatusTag, type Column } from "../../ui/index.ts";
import type { RuleView } from "../contract.ts";
import { placeOf, valueWords, windowWords } from "./words.ts";
import css from "./layout.module.css";

type Parameter = RuleView["parameters"][number];
type Value = Parameter["values"][number];

/** Values a rule computes with: from the text, or set by localities where it leaves them to. */
export function ParametersCard({ rule }: { rule: RuleView }) {
  const columns: readonly Column<Parameter>[] = [
    {
      key: "says",
      title: "标准",
      width: "36%",
      fixed: true,
      render: (row) => (
        <>
          {row.says}
          <span className={css["two"]}>
            {[
              row.shared ? "共用标准" : "",
              row.openTo.length > 0 ? `可由${row.openTo.join("、")}级设定` : "由文件规定",
              row.bounds ? `须符合 ${row.bounds}` : "",
            ]
              .filter(Boolean)
              .join("，")}
          </span>
        </>
      ),
    },
    {
      key: "values",
      title: "取值",
      render: (row) =>
        row.values.length === 0 ? (
          <>
            <StatusTag tone="soon">标准未定</StatusTag>
            {row.awaits ? <span className={css["two"]}>待收录：{row.awaits}</span> : null}
          </>
        ) : (
          <ul>
            {row.values.map((value, index) => (
              <li key={index}>
                <ValueLine kind={row.kind} value={value} />
              </li>
            ))}
          </ul>
        ),
    },
  ];
  return (
    <Card title="标准" note={`${rule.parameters.length} 项`} extra={<Link to="/parameters">标准与参数 ›</Link>}>
      <DataTable
        caption="标准"
        density="duty"
        columns={columns}
        rows={rule.parameters}
        rowKey={(row) => row.name}
        empty={<p className={`caption ${css["filters"]}`}>这项规则没有标准和参数。</p>}
      />
    </Card>
  );
}

function ValueLine({ kind, value }: { kind: string; value: Value }) {
  return (
    <>
      <b>{valueWords(kind, value.value)}</b>　{value.forCase ? `${value.forCase}，` : ""}
      {value.regionName}，{windowWords(value.from, value.to)}
      {value.sample ? (
        <>
          {" "}
          <StatusTag tone="outline">样例</StatusTag>
        </>
      ) : null}
      <span className={css["two"]}>{value.basis ? placeOf(value.basis) : value.document}</span>
    </>
  );
}
