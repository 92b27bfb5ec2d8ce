import { Input, Modal, Select } from "antd";
import { useState } from "react";
import { ProblemNotice, RegionPicker, useAct, useMay, useRoute, useToast } from "../../ui/index.ts";
import {
  administratorDuties,
  assignOfficer,
  businessDuties,
  createOfficer,
  dutiesConflict,
  dutyLabels,
  identityPermissions,
  listOfficers,
  listOrganisations,
  type Duty,
  type OfficerRow,
} from "../contract.ts";
import { Field } from "./Field.tsx";
import css from "./OfficerForm.module.css";

interface OfficerFormProps {
  /** Whose duties and region are changed; without it a new officer is made. */
  officer?: OfficerRow;
  onClose: () => void;
  onCreated?: (created: { login: string; name: string; password: string }) => void;
}

interface Draft {
  login: string;
  name: string;
  organisationId: string;
  region: string;
  duties: Duty[];
}

/** Makes an account, or changes what an officer answers for. */
export function OfficerForm({ officer, onClose, onCreated }: OfficerFormProps) {
  const toast = useToast();
  const [draft, setDraft] = useState<Draft>({
    login: officer?.login ?? "",
    name: officer?.name ?? "",
    organisationId: officer?.organisationId ?? "",
    region: officer?.region ?? "",
    duties: officer?.duties ?? [],
  });
  const [tried, setTried] = useState(false);
  const [organisation, setOrganisation] = useState(
    officer ? { id: officer.organisationId, name: officer.organisation, region: "" } : null,
  );
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const create = useAct(createOfficer, {
    refreshes: [listOfficers, listOrganisations],
    onDone: ({ oneTimePassword }) =>
      onCreated?.({ login: draft.login.trim().toLowerCase(), name: draft.name, password: oneTimePassword }),
  });
  const assign = useAct(assignOfficer, {
    refreshes: [listOfficers, listOrganisations],
    onDone: ({ waiting, sessionsEnded }) => {
      toast.done(
        waiting
          ? `${draft.name}的职责或区域有扩大，已提交另一类管理员批准，批准后生效。`
          : `已调整${draft.name}的职责与区域，立即生效${sessionsEnded > 0 ? `，${sessionsEnded} 处登录已退出` : ""}。`,
      );
      onClose();
    },
  });
  const act = officer ? assign : create;
  const missing = missingIn(draft);
  const refusedField = act.error?.problem.path?.[0];
  const fault = (field: keyof Draft) =>
    refusedField === field ? (act.error?.problem.message ?? null) : tried ? (missing[field] ?? null) : null;
  const submit = () => {
    setTried(true);
    if (Object.keys(missing).length > 0) return;
    if (officer) assign.mutate({ officerId: officer.officerId, ...draft });
    else create.mutate(draft);
  };
  return (
    <Modal
      open
      width={560}
      title={officer ? `调整职责与区域：${officer.name}` : "新增用户"}
      okText={officer ? "保存调整" : "新增 1 个用户"}
      cancelText="取消"
      confirmLoading={act.isPending}
      onOk={submit}
      onCancel={onClose}
    >
      <div className={css["form"]}>
        {officer ? null : (
          <Field
            label="登录名"
            fault={fault("login")}
            hint="3 至 40 位小写字母、数字、点、下划线或短横线，建成后不能改。"
          >
            {(field) => (
              <Input
                {...field}
                autoComplete="off"
                value={draft.login}
                onChange={(event) => set({ login: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field label="姓名" fault={fault("name")}>
          {(field) => (
            <Input
              {...field}
              autoComplete="off"
              maxLength={30}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label="所属单位" fault={fault("organisationId")}>
          {(field) => (
            <OrganisationSelect
              field={field}
              chosen={organisation}
              onChoose={(next) => {
                setOrganisation(next);
                set({ organisationId: next.id, region: next.region });
              }}
            />
          )}
        </Field>
        <Field label="负责区域" fault={fault("region")} hint="选定单位后默认为单位所在区域，可以缩小到乡镇或村。">
          {() => (
            <RegionPicker
              label="负责区域"
              value={draft.region}
              onChange={(region) => set({ region })}
              disabled={draft.organisationId === ""}
              width={510}
            />
          )}
        </Field>
        <Field
          label="职责"
          fault={fault("duties")}
          hint="系统管理员、安全管理员、审计员须由不同的人担任，且不得兼任业务职责。"
        >
          {(field) => <DutySelect field={field} value={draft.duties} onChange={(duties) => set({ duties })} />}
        </Field>
        {act.error && (refusedField === undefined || !(String(refusedField) in draft)) ? (
          <ProblemNotice problem={act.error} compact />
        ) : null}
      </div>
    </Modal>
  );
}

function missingIn(draft: Draft): Partial<Record<keyof Draft, string>> {
  const conflict = dutiesConflict(draft.duties);
  return {
    ...(draft.login.trim() === "" ? { login: "请填写登录名。" } : {}),
    ...(draft.name.trim().length < 2 ? { name: "请填写姓名，至少 2 个字。" } : {}),
    ...(draft.organisationId === "" ? { organisationId: "请选择所属单位。" } : {}),
    ...(draft.organisationId !== "" && draft.region === "" ? { region: "请选择负责区域。" } : {}),
    ...(draft.duties.length === 0 ? { duties: "请至少选择一项职责。" } : conflict ? { duties: `${conflict}。` } : {}),
  };
}

type ControlProps = { id: string; "aria-invalid": boolean; "aria-describedby"?: string; status: "" | "error" };

function OrganisationSelect(props: {
  field: ControlProps;
  chosen: { id: string; name: string } | null;
  onChoose: (organisation: { id: string; name: string; region: string }) => void;
}) {
  const [text, setText] = useState("");
  const found = useRoute(listOrganisations, { text, active: "yes", page: 1, size: 50 }, { keep: true });
  const options = (found.data?.rows ?? []).map((row) => ({
    value: row.organisationId,
    label: row.name,
    region: row.region,
  }));
  const { chosen } = props;
  // The chosen one stays named when it is not among the first fifty, or has been stopped.
  const all =
    chosen && !options.some((option) => option.value === chosen.id) && text === ""
      ? [{ value: chosen.id, label: chosen.name, region: "" }, ...options]
      : options;
  return (
    <Select
      {...props.field}
      showSearch={{ filterOption: false, onSearch: setText }}
      value={chosen?.id ?? null}
      placeholder="输入单位名称查找"
      loading={found.isFetching}
      notFoundContent={found.isFetching ? "正在查找" : "没有找到，可先在“单位”中新增"}
      options={all}
      onChange={(_, option) => {
        const row = Array.isArray(option) ? option[0] : option;
        if (row) props.onChoose({ id: row.value, name: row.label, region: row.region });
      }}
    />
  );
}

function DutySelect({
  field,
  value,
  onChange,
}: {
  field: ControlProps;
  value: Duty[];
  onChange: (duties: Duty[]) => void;
}) {
  const business = useMay(identityPermissions.businessAccounts);
  const administrators = useMay(identityPermissions.administratorAccounts);
  // Only what the server would accept from this administrator.
  const offered = [...(business ? businessDuties : []), ...(administrators ? administratorDuties : [])];
  return (
    <Select
      {...field}
      mode="multiple"
      showSearch={{ optionFilterProp: "label" }}
      placeholder="可多选"
      value={value}
      onChange={onChange}
      options={offered.map((duty) => ({ value: duty, label: dutyLabels[duty] }))}
    />
  );
}
