import { Card, DateText, Link, MomentText, PageHeader, ServerTable, usePathPart, useRoute } from "../../ui/index.ts";
import { getPerson, listPersonChanges } from "../contract.ts";
import css from "./ChangesPage.module.css";

export default function ChangesPage() {
  const personId = usePathPart("personId");
  const page = useRoute(getPerson, { personId });
  const name = page.data?.person.name ?? "";
  return (
    <>
      <PageHeader
        title={name === "" ? "变更记录" : `${name} 变更记录`}
        crumbs={[
          { label: "人员与家庭", path: "/persons" },
          { label: name === "" ? "一人一档" : name, path: `/persons/${personId}` },
          { label: "变更记录" },
        ]}
        note="只增不改，任何人不能删除"
      />
      <Card>
        <ServerTable
          name="registry.changes"
          caption="变更记录"
          route={listPersonChanges}
          input={{ personId }}
          rowKey={(row) => row.changeId}
          density="duty"
          columns={[
            {
              key: "day",
              title: "日期",
              width: 168,
              fixed: true,
              render: (row) => (
                <>
                  <DateText value={row.day} />
                  <div className="caption">
                    记于 <MomentText value={row.at} />
                  </div>
                </>
              ),
            },
            {
              key: "what",
              title: "内容",
              width: 150,
              render: (row) => [row.entityLabel, row.about].filter(Boolean).join("　"),
            },
            {
              key: "cells",
              title: "原值 → 新值",
              render: (row) => (
                <ul className={css["cells"]}>
                  {row.cells.map((cell) => (
                    <li key={cell.label}>
                      {cell.label}：<s>{cell.before ?? "（空）"}</s> → <b>{cell.after ?? "（空）"}</b>
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              key: "source",
              title: "来源",
              width: 130,
              render: (row) =>
                row.batchId ? <Link to={`/ledger/${row.batchId}`}>{row.sourceLabel}</Link> : row.sourceLabel,
            },
            { key: "officer", title: "经办", width: 90, render: (row) => row.officerName ?? "—" },
            { key: "reason", title: "依据", width: 200, render: (row) => row.reason },
          ]}
          empty={{ title: "建档以来没有变更", hint: "台账应用或手工修改后，每个值的前后都记在这里。" }}
        />
      </Card>
    </>
  );
}
