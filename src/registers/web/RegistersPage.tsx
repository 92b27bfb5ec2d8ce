import {
  Answer,
  Card,
  count,
  DataTable,
  EmptyState,
  Link,
  moment,
  PageHeader,
  StatusTag,
  useMay,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { listRegisters, registersPermissions } from "../contract.ts";
import css from "./RegistersPage.module.css";

type Listed = OutputOf<typeof listRegisters>[number];

/** All registers by group, with what this office has in each and when a table last came. */
export default function RegistersPage() {
  const registers = useRoute(listRegisters, {});
  return (
    <>
      <PageHeader
        title="登记簿"
        crumbs={[{ label: "登记簿" }]}
        note="补贴和核查要用的事实：有表就导入，零星的直接登记"
      />
      <Answer query={registers} lines={10}>
        {(found) =>
          found.length === 0 ? (
            <Card>
              <EmptyState title="还没有登记簿" hint="启用补贴、岗位、培训等业务后，相应的登记簿会出现在这里。" />
            </Card>
          ) : (
            <div className={css["groups"]}>
              {[...Map.groupBy(found, ({ group }) => group)].map(([group, members]) => (
                <Group key={group} name={group} registers={members} />
              ))}
            </div>
          )
        }
      </Answer>
    </>
  );
}

function Group({ name, registers }: { name: string; registers: readonly Listed[] }) {
  const { businessDate } = useSession();
  const may = useMay(registersPermissions.write);
  return (
    <Card title={name} note={`${registers.length} 本`}>
      <DataTable
        caption={`${name}的登记簿`}
        rows={registers}
        rowKey={(row) => row.name}
        columns={[
          {
            key: "title",
            title: "登记簿",
            fixed: true,
            width: 240,
            render: (row) => <Link to={`/registers/${row.name}`}>{row.title}</Link>,
          },
          {
            key: "about",
            title: "记什么、谁来交",
            render: (row) => <span className={css["about"]}>{row.about}</span>,
          },
          {
            key: "rows",
            title: "记录",
            width: 84,
            align: "right",
            render: (row) => (row.rows === 0 ? <span className="caption">还没有</span> : <b>{count(row.rows)}</b>),
          },
          {
            key: "last",
            title: "最近导入",
            width: 176,
            render: (row) =>
              row.lastImport ? (
                <Link to={`/registers/${row.name}/imports/${row.lastImport.importId}`}>
                  {moment(row.lastImport.appliedAt, businessDate)} {row.lastImport.receivedBy}
                </Link>
              ) : (
                <span className="caption">没有导入过</span>
              ),
          },
          {
            key: "act",
            title: "办理",
            width: 168,
            render: (row) => (
              <span className={css["acts"]}>
                {may ? <Link to={`/registers/${row.name}/import`}>导入表格</Link> : null}
                {row.waiting > 0 ? (
                  <Link to={`/registers/${row.name}?tab=imports&state=checked`}>
                    <StatusTag tone="soon">{row.waiting} 份待导入</StatusTag>
                  </Link>
                ) : null}
              </span>
            ),
          },
        ]}
      />
    </Card>
  );
}
