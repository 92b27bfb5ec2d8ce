import { Tabs } from "antd";
import {
  Answer,
  Card,
  CountText,
  DataTable,
  DateText,
  EmptyState,
  Link,
  PageHeader,
  StatusTag,
  useAddress,
  useRoute,
  type Column,
} from "../../ui/index.ts";
import { listChecks, severityLabels, type CheckItem } from "../contract.ts";
import { severityTones } from "./words.ts";
import css from "./oversight.module.css";

type Encoded = CheckItem & { readonly check: CheckItem["checks"][number] };

/** 核查规则: every item of the catalogue, what it finds in the officer's area, or the fact it waits for. */
export default function ChecksPage() {
  const [{ view }, setAddress] = useAddress({ view: "encoded" });
  const query = useRoute(listChecks, {});
  const rows = query.data?.rows ?? [];
  const encoded = rows.flatMap((item) => item.checks.map((check): Encoded => ({ ...item, check })));
  const waiting = rows.filter(({ waits }) => waits !== null);
  // What found something comes first; what has never had a record to look at, mostly of other places, stands apart.
  const looked = encoded
    .filter(({ check }) => check.judged > 0)
    .toSorted((a, b) => Number(b.check.open > 0) - Number(a.check.open > 0));
  const idle = encoded.filter(({ check }) => check.judged === 0);
  const number = (of: readonly unknown[]) => (query.data ? ` ${of.length}` : "");
  return (
    <>
      <PageHeader
        title="核查规则"
        crumbs={[{ label: "规则与调度" }, { label: "核查规则" }]}
        note={
          query.data
            ? `文件要求核查的 ${rows.length} 项，已编成规则 ${rows.length - waiting.length} 项，${waiting.length} 项等事实`
            : ""
        }
      />
      <Card>
        <Tabs
          activeKey={view}
          onChange={(key) => setAddress({ view: key })}
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={[
            { key: "encoded", label: `辖区内已核查${number(looked)}` },
            { key: "idle", label: `辖区内没有相关记录${number(idle)}` },
            { key: "waiting", label: `等事实${number(waiting)}` },
          ]}
        />
        <Answer query={query} lines={8}>
          {() =>
            view === "waiting" ? (
              <DataTable
                caption="等事实的核查"
                columns={waitingColumns}
                rows={waiting}
                rowKey={(row) => row.item}
                empty={<EmptyState title="没有在等事实的核查" />}
              />
            ) : (
              <DataTable
                caption={view === "idle" ? "辖区内没有相关记录的核查规则" : "辖区内已核查的规则"}
                columns={encodedColumns}
                rows={view === "idle" ? idle : looked}
                rowKey={(row) => `${row.item} ${row.check.rulePath}`}
                empty={
                  view === "idle" ? (
                    <EmptyState title="各项核查在辖区内都有记录可查" />
                  ) : (
                    <EmptyState title="还没有核查过" hint="每晚核查一次，台账应用后随即核查涉及的人员。" />
                  )
                }
              />
            )
          }
        </Answer>
      </Card>
    </>
  );
}

const severity = <T extends CheckItem>(): Column<T> => ({
  key: "severity",
  title: "程度",
  width: 88,
  render: (row) => <StatusTag tone={severityTones[row.severity]}>{severityLabels[row.severity]}</StatusTag>,
});

const encodedColumns: readonly Column<Encoded>[] = [
  { key: "item", title: "目录编号", width: 92, fixed: true, render: (row) => row.item },
  {
    key: "title",
    title: "核查",
    render: (row) => (
      <>
        <Link to={`/rules/${row.check.versionId}`}>{row.check.title}</Link>
        {row.partly ? <span className={css["sub"]}>部分：{row.partly}</span> : null}
      </>
    ),
  },
  severity(),
  {
    key: "open",
    title: "未办结疑点",
    align: "right",
    width: 100,
    render: (row) =>
      row.check.open > 0 ? (
        <Link to={`/findings?check=${encodeURIComponent(row.check.rulePath)}`}>
          <CountText value={row.check.open} />
        </Link>
      ) : (
        "0"
      ),
  },
  {
    key: "closed",
    title: "已办结",
    align: "right",
    width: 76,
    render: (row) => <CountText value={row.check.closed} />,
  },
  {
    key: "unknown",
    title: "待核实记录",
    align: "right",
    width: 96,
    render: (row) => <CountText value={row.check.unknown} />,
  },
  {
    key: "judged",
    title: "查过记录",
    align: "right",
    width: 90,
    render: (row) => <CountText value={row.check.judged} />,
  },
  {
    key: "asOf",
    title: "核查日",
    width: 96,
    render: (row) => (row.check.asOf ? <DateText value={row.check.asOf} /> : "—"),
  },
];

const waitingColumns: readonly Column<CheckItem>[] = [
  { key: "item", title: "目录编号", width: 92, fixed: true, render: (row) => row.item },
  { key: "title", title: "核查", width: 220, render: (row) => row.title },
  severity(),
  { key: "waits", title: "等什么事实", render: (row) => row.waits },
];
