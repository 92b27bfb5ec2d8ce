import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  call,
  count,
  DataTable,
  DateText,
  EmptyState,
  Link,
  May,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import {
  employerKindLabels,
  employerSizeLabels,
  employerStatusLabels,
  getEmployer,
  industry,
  labelOfId,
  listEmployerWorkers,
  registryPermissions,
  unlinkEmployerName,
  type EmployerDetail,
} from "../contract.ts";
import { EmployerForm } from "./EmployerForm.tsx";
import { FactList } from "./FactList.tsx";
import stack from "./stack.module.css";

export default function EmployerPage() {
  const employerId = usePathPart("employerId");
  return <Answer query={useRoute(getEmployer, { employerId })}>{(employer) => <Loaded employer={employer} />}</Answer>;
}

function Loaded({ employer }: { employer: EmployerDetail }) {
  const [editing, setEditing] = useState(false);
  const [unlinking, setUnlinking] = useState<EmployerDetail["linkedNames"][number] | null>(null);
  const refresh = useRefresh();
  const toast = useToast();
  const facts = [
    { label: "统一社会信用代码", value: employer.creditCode ?? "未登记" },
    { label: "所在地", value: employer.region?.fullName ?? "未登记" },
    { label: "类型", value: employer.kind ? employerKindLabels[employer.kind] : "未登记" },
    { label: "规模", value: employer.size ? employerSizeLabels[employer.size] : "未登记" },
    { label: "行业", value: labelOfId(industry, employer.industry) || "未登记" },
    { label: "来源", value: `${employer.sourceLabel} ${employer.recordedOn}` },
  ];
  return (
    <>
      <PageHeader
        title={employer.name}
        crumbs={[{ label: "用人单位", path: "/employers" }, { label: employer.name }]}
        note={`在岗 ${count(employer.workers)} 人`}
        tags={
          employer.status === "active" ? null : (
            <StatusTag tone="soon">{employerStatusLabels[employer.status]}</StatusTag>
          )
        }
        actions={
          <May permission={registryPermissions.employers}>
            <Button onClick={() => setEditing(true)}>修改信息</Button>
          </May>
        }
      />
      <div className={stack["stack"]}>
        <FactList facts={facts} />
        <Card title="关联名称" note="台账里写作这些名称的，都是这家单位">
          <DataTable
            caption="关联名称"
            density="short"
            rows={employer.linkedNames}
            rowKey={(row) => row.nameKey}
            columns={[
              { key: "name", title: "名称", fixed: true, render: (row) => row.name },
              { key: "workers", title: "在岗", width: 80, align: "right", render: (row) => count(row.workers) },
              { key: "linkedAt", title: "关联时间", width: 170, render: (row) => <MomentText value={row.linkedAt} /> },
              {
                key: "act",
                title: "办理",
                width: 100,
                render: (row) => (
                  <May permission={registryPermissions.employers}>
                    <Button
                      type="link"
                      size="small"
                      aria-label={`取消关联 ${row.name}`}
                      onClick={() => setUnlinking(row)}
                    >
                      取消关联
                    </Button>
                  </May>
                ),
              },
            ]}
            empty={
              <EmptyState
                title="还没有关联名称"
                hint="在用人单位页“待关联名称”里关联。"
                action={<Link to="/employers?tab=names">去关联</Link>}
              />
            }
          />
        </Card>
        <Card title="在岗人员" note="户籍在本辖区的，或在本辖区务工的">
          <ServerTable
            name="registry.employer-workers"
            caption="在岗人员"
            route={listEmployerWorkers}
            input={{ employerId: employer.employerId }}
            rowKey={(row) => `${row.personId} ${row.startDate} ${row.writtenName}`}
            columns={[
              {
                key: "name",
                title: "姓名",
                width: 120,
                fixed: true,
                render: (row) => (row.own ? <Link to={`/persons/${row.personId}`}>{row.name}</Link> : row.name),
              },
              { key: "identity", title: "证件号码", width: 180, render: (row) => row.identityMask },
              { key: "home", title: "户籍地", render: (row) => row.home.fullName },
              { key: "written", title: "台账写作", render: (row) => row.writtenName },
              { key: "start", title: "自", width: 110, render: (row) => <DateText value={row.startDate} /> },
              {
                key: "own",
                title: "归属",
                width: 90,
                render: (row) => (row.own ? "本辖区" : <StatusTag tone="outline">外地</StatusTag>),
              },
            ]}
            empty={{ title: "目前没有在岗人员", hint: "最近一期台账里，没有辖区内的人在这家单位务工。" }}
          />
        </Card>
      </div>
      {editing ? (
        <EmployerForm employer={employer} onClose={() => setEditing(false)} onSaved={() => void refresh()} />
      ) : null}
      {unlinking ? (
        <ConfirmAct
          open
          title={`取消关联“${unlinking.name}”`}
          changes={[{ count: unlinking.workers, unit: "人", what: "在岗记录不再算在这家单位" }]}
          undo="人员记录不变，可随时重新关联。"
          confirm="取消 1 个关联"
          onClose={() => setUnlinking(null)}
          onConfirm={async () => {
            await call(unlinkEmployerName, { nameKey: unlinking.nameKey, employerId: employer.employerId });
            toast.done(`“${unlinking.name}”已取消关联。`);
            setUnlinking(null);
            await refresh();
          }}
        />
      ) : null}
    </>
  );
}
