import { Button } from "antd";
import { useState } from "react";
import {
  Card,
  May,
  MomentText,
  PageHeader,
  ServerTable,
  StatusTag,
  useMay,
  useSession,
  type Column,
} from "../../ui/index.ts";
import {
  administratorDuties,
  businessDuties,
  dutyLabels,
  identityPermissions,
  listOfficers,
  officerStateLabels,
  officerStates,
  type OfficerRow,
  type OfficerState,
} from "../contract.ts";
import { AdministrationTabs } from "./AdministrationTabs.tsx";
import { OfficerActs } from "./OfficerActs.tsx";
import { OfficerForm } from "./OfficerForm.tsx";
import { OneTimePassword } from "./OneTimePassword.tsx";
import { OFFICERS_PATH } from "./paths.ts";
import { placeWithin } from "./place-words.ts";
import css from "./OfficersPage.module.css";

const MAKERS = [identityPermissions.businessAccounts, identityPermissions.administratorAccounts];
const stateTones: Record<OfficerState, "plain" | "soon" | "done"> = {
  active: "done",
  waiting: "soon",
  locked: "soon",
  inactive: "plain",
};

export default function OfficersPage() {
  const session = useSession();
  const keepsAdministrators = useMay(identityPermissions.administratorAccounts);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ login: string; name: string; password: string } | null>(null);
  const columns: Column<OfficerRow>[] = [
    {
      key: "name",
      title: "姓名",
      fixed: true,
      sort: true,
      render: (row) => <Name row={row} own={row.officerId === session.officerId} />,
    },
    { key: "login", title: "登录名", sort: true, render: (row) => <span className={css["line"]}>{row.login}</span> },
    { key: "organisation", title: "所属单位", render: (row) => <Organisation row={row} /> },
    { key: "region", title: "负责区域", render: (row) => placeWithin(row.regionName, session.region) },
    { key: "duties", title: "职责", render: (row) => row.duties.map((duty) => <Duty key={duty} duty={duty} />) },
    { key: "state", title: "状态", render: (row) => <State row={row} /> },
    {
      key: "last-sign-in",
      title: "最近登录",
      sort: true,
      render: (row) => (
        <span className={css["line"]}>
          <MomentText value={row.lastSignIn} none="从未登录" />
        </span>
      ),
    },
    {
      key: "sessions",
      title: "在线",
      align: "right",
      render: (row) => (row.sessions > 0 ? `${row.sessions} 处` : "—"),
    },
    {
      key: "created",
      title: "开户时间",
      sort: true,
      hidden: true,
      render: (row) => <MomentText value={row.createdAt} />,
    },
    { key: "acts", title: "操作", fixed: true, width: 88, render: (row) => <OfficerActs officer={row} /> },
  ];
  return (
    <>
      <PageHeader
        title="用户与区域"
        crumbs={[{ label: "管理" }, { label: "用户与区域" }]}
        note={keepsAdministrators ? "您管理系统管理员、安全管理员、审计员的账号" : "您管理业务人员的账号"}
        actions={
          <May permission={MAKERS}>
            <Button type="primary" onClick={() => setMaking(true)}>
              新增用户
            </Button>
          </May>
        }
      />
      <AdministrationTabs current={OFFICERS_PATH} />
      <Card>
        <ServerTable
          name="identity.officers"
          caption="用户名单"
          route={listOfficers}
          columns={columns}
          rowKey={(row) => row.officerId}
          filters={[
            { kind: "text", name: "text", label: "查找", placeholder: "姓名、登录名或单位", width: 170 },
            {
              kind: "choice",
              name: "duty",
              label: "职责",
              options: [...businessDuties, ...administratorDuties].map((value) => ({
                value,
                label: dutyLabels[value],
              })),
            },
            {
              kind: "choice",
              name: "state",
              label: "状态",
              options: officerStates.map((value) => ({ value, label: officerStateLabels[value] })),
              width: 96,
            },
            { kind: "region", name: "region", label: "区域" },
          ]}
          defaultSort="name"
          sortInput={(sort, descending) => ({ sort, order: descending ? "desc" : "asc" })}
          empty={{ title: "辖区内还没有用户", hint: "先在“单位”中新增单位，再新增用户。" }}
        />
      </Card>
      {making ? (
        <OfficerForm
          onClose={() => setMaking(false)}
          onCreated={(created) => {
            setMaking(false);
            setMade(created);
          }}
        />
      ) : null}
      {made ? <OneTimePassword {...made} onClose={() => setMade(null)} /> : null}
    </>
  );
}

function Name({ row, own }: { row: OfficerRow; own: boolean }) {
  return (
    <>
      <b>{row.name}</b>
      {own ? <span className="caption">（本人）</span> : null}
    </>
  );
}

/** Several duties wrap between them, never within one. */
function Duty({ duty }: { duty: OfficerRow["duties"][number] }) {
  return <span className={css["duty"]}>{dutyLabels[duty]}</span>;
}

function Organisation({ row }: { row: OfficerRow }) {
  return row.organisationActive ? (
    row.organisation
  ) : (
    <>
      {row.organisation} <StatusTag>单位已停用</StatusTag>
    </>
  );
}

function State({ row }: { row: OfficerRow }) {
  return (
    <span className={css["state"]}>
      <StatusTag tone={stateTones[row.state]}>{officerStateLabels[row.state]}</StatusTag>
      {row.lockedUntil ? (
        <span className="caption">
          至 <MomentText value={row.lockedUntil} />
        </span>
      ) : null}
      {row.secondFactor ? <span className="caption">动态口令</span> : null}
      {row.state === "active" && row.mustChangePassword ? <span className="caption">待改密码</span> : null}
    </span>
  );
}
