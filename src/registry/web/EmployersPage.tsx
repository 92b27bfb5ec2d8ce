import { Button, Tabs } from "antd";
import { useState } from "react";
import {
  Card,
  count,
  May,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useGo,
  type Filter,
} from "../../ui/index.ts";
import {
  employerKindLabels,
  employerStatusLabels,
  employerStatuses,
  listEmployers,
  listUnlinkedNames,
  registryPermissions,
} from "../contract.ts";
import { EmployerForm } from "./EmployerForm.tsx";
import { LinkNameDialog, type WrittenName } from "./LinkNameDialog.tsx";

const filters: readonly Filter[] = [
  { kind: "text", name: "text", label: "名称或信用代码", width: 200 },
  {
    kind: "choice",
    name: "status",
    label: "状态",
    options: employerStatuses.map((value) => ({ value, label: employerStatusLabels[value] })),
  },
];

export default function EmployersPage() {
  const [{ tab }, setAddress] = useAddress({ tab: "registered" });
  const [adding, setAdding] = useState(false);
  const go = useGo();
  return (
    <>
      <PageHeader
        title="用人单位"
        crumbs={[{ label: "用人单位" }]}
        note="台账里的单位名称是手写的；关联到登记单位后，同一家单位的人员才能合在一起看"
        actions={
          <May permission={registryPermissions.employers}>
            <Button type="primary" onClick={() => setAdding(true)}>
              登记单位
            </Button>
          </May>
        }
      />
      <Card>
        <Tabs
          activeKey={tab}
          onChange={(key) => setAddress({ tab: key })}
          destroyOnHidden
          tabBarStyle={{ padding: "0 14px", marginBottom: 0 }}
          items={[
            { key: "registered", label: "已登记单位", children: <Registered /> },
            { key: "names", label: "待关联名称", children: <UnlinkedNames /> },
          ]}
        />
      </Card>
      {adding ? (
        <EmployerForm onClose={() => setAdding(false)} onSaved={(employerId) => go(`/employers/${employerId}`)} />
      ) : null}
    </>
  );
}

function Registered() {
  return (
    <ServerTable
      name="registry.employers"
      caption="用人单位"
      route={listEmployers}
      rowKey={(row) => row.employerId}
      rowPath={(row) => `/employers/${row.employerId}`}
      filters={filters}
      defaultSort="-workers"
      sortInput={(key) => ({ sort: key === "name" ? "name" : "workers" })}
      columns={[
        { key: "name", title: "单位名称", fixed: true, sort: true, render: (row) => row.name },
        { key: "creditCode", title: "统一社会信用代码", width: 190, render: (row) => row.creditCode ?? "" },
        {
          key: "region",
          title: "所在地",
          render: (row) => (row.region ? <span title={row.region.fullName}>{row.region.fullName}</span> : ""),
        },
        { key: "kind", title: "类型", width: 130, render: (row) => (row.kind ? employerKindLabels[row.kind] : "") },
        { key: "names", title: "关联名称", width: 80, align: "right", render: (row) => count(row.names) },
        { key: "workers", title: "在岗", width: 80, align: "right", sort: true, render: (row) => count(row.workers) },
        {
          key: "status",
          title: "状态",
          width: 90,
          render: (row) =>
            row.status === "active" ? (
              employerStatusLabels.active
            ) : (
              <StatusTag tone="soon">{employerStatusLabels[row.status]}</StatusTag>
            ),
        },
      ]}
      empty={{ title: "还没有登记单位", hint: "可以登记单位，或在“待关联名称”里由台账中的名称生成。" }}
    />
  );
}

function UnlinkedNames() {
  const [linking, setLinking] = useState<WrittenName | null>(null);
  return (
    <>
      <ServerTable
        name="registry.employer-names"
        caption="待关联的单位名称"
        route={listUnlinkedNames}
        rowKey={(row) => row.nameKey}
        filters={[{ kind: "text", name: "text", label: "名称", width: 200 }]}
        columns={[
          { key: "name", title: "台账中的名称", fixed: true, render: (row) => row.name },
          { key: "region", title: "多在", render: (row) => row.region?.fullName ?? "" },
          { key: "workers", title: "在岗人数", width: 100, align: "right", render: (row) => count(row.workers) },
          {
            key: "act",
            title: "办理",
            width: 110,
            render: (row) => (
              <May permission={registryPermissions.employers}>
                <Button
                  type="link"
                  size="small"
                  aria-label={`关联 ${row.name}`}
                  onClick={() =>
                    setLinking({
                      nameKey: row.nameKey,
                      name: row.name,
                      workers: row.workers,
                      region: row.region?.code ?? null,
                    })
                  }
                >
                  关联单位
                </Button>
              </May>
            ),
          },
        ]}
        empty={{ title: "没有待关联的名称", hint: "辖区内在岗人员的单位名称都已关联到登记单位。" }}
      />
      {linking ? <LinkNameDialog written={linking} onClose={() => setLinking(null)} /> : null}
    </>
  );
}
