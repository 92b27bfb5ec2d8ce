import { Button, Dropdown, Input, Modal, Select } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  CountText,
  Icon,
  Link,
  May,
  PageHeader,
  ProblemNotice,
  RegionPicker,
  ServerTable,
  StatusTag,
  useAct,
  useMay,
  useRefresh,
  useSession,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  createOrganisation,
  departmentLabels,
  departments,
  identityPermissions,
  listOfficers,
  listOrganisations,
  renameOrganisation,
  setOrganisationActive,
  type Department,
  type OrganisationRow,
} from "../contract.ts";
import { AdministrationTabs } from "./AdministrationTabs.tsx";
import { Field } from "./Field.tsx";
import css from "./OfficerForm.module.css";
import { OFFICERS_PATH, ORGANISATIONS_PATH } from "./paths.ts";
import { placeWithin } from "./place-words.ts";

const departmentOptions = departments.map((value) => ({ value, label: departmentLabels[value] }));

export default function OrganisationsPage() {
  const session = useSession();
  const [making, setMaking] = useState(false);
  const columns: Column<OrganisationRow>[] = [
    { key: "name", title: "单位名称", fixed: true, render: (row) => <b>{row.name}</b> },
    { key: "department", title: "部门", render: (row) => departmentLabels[row.department] },
    { key: "region", title: "区域", render: (row) => placeWithin(row.regionName, session.region) },
    {
      key: "officers",
      title: "可用账号",
      align: "right",
      render: (row) => (
        <Link to={`${OFFICERS_PATH}?text=${encodeURIComponent(row.name)}`}>
          <CountText value={row.officers} unit="个" />
        </Link>
      ),
    },
    {
      key: "state",
      title: "状态",
      render: (row) => <StatusTag tone={row.active ? "done" : "plain"}>{row.active ? "正常" : "已停用"}</StatusTag>,
    },
    { key: "acts", title: "操作", fixed: true, width: 88, render: (row) => <OrganisationActs organisation={row} /> },
  ];
  return (
    <>
      <PageHeader
        title="用户与区域"
        crumbs={[{ label: "管理" }, { label: "用户与区域", path: OFFICERS_PATH }, { label: "单位" }]}
        actions={
          <May permission={identityPermissions.organisations}>
            <Button type="primary" onClick={() => setMaking(true)}>
              新增单位
            </Button>
          </May>
        }
      />
      <AdministrationTabs current={ORGANISATIONS_PATH} />
      <Card>
        <ServerTable
          name="identity.organisations"
          caption="单位名单"
          route={listOrganisations}
          columns={columns}
          rowKey={(row) => row.organisationId}
          filters={[
            { kind: "text", name: "text", label: "查找", placeholder: "单位名称", width: 170 },
            { kind: "choice", name: "department", label: "部门", options: departmentOptions },
            {
              kind: "choice",
              name: "active",
              label: "状态",
              width: 96,
              options: [
                { value: "yes", label: "正常" },
                { value: "no", label: "已停用" },
              ],
            },
            { kind: "region", name: "region", label: "区域" },
          ]}
          empty={{ title: "辖区内还没有单位", hint: "新增单位后，才能为其人员开户。" }}
        />
      </Card>
      {making ? <OrganisationForm onClose={() => setMaking(false)} /> : null}
    </>
  );
}

function OrganisationActs({ organisation }: { organisation: OrganisationRow }) {
  const may = useMay(identityPermissions.organisations);
  const refresh = useRefresh();
  const toast = useToast();
  const [act, setAct] = useState<"rename" | "switch" | null>(null);
  if (!may) return <span className="caption">—</span>;
  const { active, officers, name, organisationId } = organisation;
  const close = () => setAct(null);
  const turn = async () => {
    const { officersAffected } = await call(setOrganisationActive, { organisationId, active: !active });
    toast.done(
      active
        ? `${name}已停用，${officersAffected} 个账号不能登录。`
        : `${name}已启用，${officersAffected} 个账号可以登录。`,
    );
    await refresh([listOrganisations, listOfficers]);
  };
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "rename", label: "修改名称和部门" },
            { key: "switch", label: active ? "停用" : "启用", danger: active },
          ],
          onClick: ({ key }) => setAct(key as "rename" | "switch"),
        }}
      >
        <Button size="small" aria-label={`办理：${name}`}>
          办理 <Icon name="down" size={12} />
        </Button>
      </Dropdown>
      {act === "rename" ? <OrganisationForm organisation={organisation} onClose={close} /> : null}
      {act === "switch" ? (
        <ConfirmAct
          open
          title={`${active ? "停用" : "启用"}单位：${name}`}
          changes={[
            { count: 1, unit: "个", what: active ? "单位停用，不能再新增用户" : "单位启用" },
            { count: officers, unit: "个", what: active ? "账号不能登录，已登录的立即退出" : "账号可以登录" },
          ]}
          undo={active ? "随时可以重新启用，账号和职责都保留。" : "随时可以再停用。"}
          confirm={`${active ? "停用" : "启用"} 1 个单位`}
          danger={active}
          onConfirm={turn}
          onClose={close}
        />
      ) : null}
    </>
  );
}

function OrganisationForm({ organisation, onClose }: { organisation?: OrganisationRow; onClose: () => void }) {
  const toast = useToast();
  const [name, setName] = useState(organisation?.name ?? "");
  const [department, setDepartment] = useState<Department | null>(organisation?.department ?? null);
  const session = useSession();
  const [region, setRegion] = useState(organisation?.region ?? session.region.code);
  const [tried, setTried] = useState(false);
  const onDone = () => {
    toast.done(organisation ? "已修改。" : `已新增${name}。`);
    onClose();
  };
  const create = useAct(createOrganisation, { refreshes: [listOrganisations], onDone });
  const rename = useAct(renameOrganisation, { refreshes: [listOrganisations, listOfficers], onDone });
  const act = organisation ? rename : create;
  const submit = () => {
    setTried(true);
    if (name.trim().length < 2 || department === null || region === "") return;
    if (organisation) rename.mutate({ organisationId: organisation.organisationId, name, department });
    else create.mutate({ name, department, region });
  };
  return (
    <Modal
      open
      width={480}
      title={organisation ? "修改名称和部门" : "新增单位"}
      okText={organisation ? "保存修改" : "新增 1 个单位"}
      cancelText="取消"
      confirmLoading={act.isPending}
      onOk={submit}
      onCancel={onClose}
    >
      <div className={css["form"]}>
        <Field
          label="单位名称"
          fault={tried && name.trim().length < 2 ? "请填写单位名称，至少 2 个字。" : null}
          hint="写全称，如：花垣县人力资源和社会保障局。"
        >
          {(field) => (
            <Input
              {...field}
              autoComplete="off"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="部门" fault={tried && department === null ? "请选择部门。" : null}>
          {(field) => (
            <Select
              {...field}
              showSearch={{ optionFilterProp: "label" }}
              placeholder="请选择"
              value={department}
              onChange={setDepartment}
              options={departmentOptions}
            />
          )}
        </Field>
        {organisation ? null : (
          <Field
            label="区域"
            fault={tried && region === "" ? "请选择区域。" : null}
            hint="所辖人员的负责区域都在此区域之内，建成后不能改。"
          >
            {() => <RegionPicker label="区域" value={region} onChange={setRegion} width={430} />}
          </Field>
        )}
        {act.error ? <ProblemNotice problem={act.error} compact /> : null}
      </div>
    </Modal>
  );
}
