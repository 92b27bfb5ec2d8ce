import { Input, Modal, Select } from "antd";
import { useState } from "react";
import { call, ProblemNotice, RegionPicker, Field } from "../../ui/index.ts";
import {
  createEmployer,
  editEmployer,
  employerKindLabels,
  employerKinds,
  employerSizeLabels,
  employerSizes,
  employerStatusLabels,
  employerStatuses,
  industry,
  type EmployerKind,
  type EmployerRow,
  type EmployerSize,
  type EmployerStatus,
} from "../contract.ts";
import { idOptions } from "./words.ts";
import css from "./EditPersonDrawer.module.css";

interface Values {
  readonly name: string;
  readonly creditCode: string;
  readonly region: string;
  readonly kind: EmployerKind | null;
  readonly size: EmployerSize | null;
  readonly industry: string | null;
  readonly status: EmployerStatus;
}

const blank: Values = {
  name: "",
  creditCode: "",
  region: "",
  kind: null,
  size: null,
  industry: null,
  status: "active",
};

export interface EmployerFormProps {
  /** The employer to change; without it a new one is registered. */
  employer?: EmployerRow;
  initial?: { readonly name: string; readonly region: string | null };
  onClose: () => void;
  onSaved: (employerId: string) => void;
}

export function EmployerForm({ employer, initial, onClose, onSaved }: EmployerFormProps) {
  const [values, setValues] = useState<Values>(
    employer
      ? { ...employer, creditCode: employer.creditCode ?? "", region: employer.region?.code ?? "" }
      : { ...blank, name: initial?.name ?? "", region: initial?.region ?? "" },
  );
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const set = (change: Partial<Values>) => setValues({ ...values, ...change });
  const save = async () => {
    setBusy(true);
    setProblem(null);
    const { name, kind, size, status } = values;
    const input = {
      name,
      kind,
      size,
      status,
      industry: values.industry,
      creditCode: values.creditCode.trim() || null,
      region: values.region || null,
    };
    try {
      if (employer) {
        await call(editEmployer, { ...input, employerId: employer.employerId, version: employer.version });
        onSaved(employer.employerId);
      } else {
        onSaved((await call(createEmployer, input)).employerId);
      }
      onClose();
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={employer ? "修改单位信息" : "登记用人单位"}
      width={560}
      okText={employer ? "保存" : "登记 1 家单位"}
      cancelText="取消"
      okButtonProps={{ loading: busy, disabled: values.name.trim().length < 2 }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <Field label="单位全称">
          <Input maxLength={120} value={values.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label="统一社会信用代码">
          <Input
            maxLength={18}
            placeholder="18 位，没有可不填"
            value={values.creditCode}
            onChange={(event) => set({ creditCode: event.target.value })}
          />
        </Field>
        <Field label="所在地">
          <RegionPicker
            label="所在地"
            root=""
            width={250}
            value={values.region}
            onChange={(region) => set({ region })}
          />
        </Field>
        <Field label="类型">
          <Select
            aria-label="类型"
            allowClear
            value={values.kind}
            options={employerKinds.map((value) => ({ value, label: employerKindLabels[value] }))}
            onChange={(kind: EmployerKind | undefined) => set({ kind: kind ?? null })}
          />
        </Field>
        <Field label="规模">
          <Select
            aria-label="规模"
            allowClear
            value={values.size}
            options={employerSizes.map((value) => ({ value, label: employerSizeLabels[value] }))}
            onChange={(size: EmployerSize | undefined) => set({ size: size ?? null })}
          />
        </Field>
        <Field label="行业">
          <Select
            aria-label="行业"
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            value={values.industry}
            options={idOptions(industry)}
            onChange={(chosen: string | undefined) => set({ industry: chosen ?? null })}
          />
        </Field>
        <Field label="状态">
          <Select
            aria-label="状态"
            value={values.status}
            options={employerStatuses.map((value) => ({ value, label: employerStatusLabels[value] }))}
            onChange={(status) => set({ status })}
          />
        </Field>
      </div>
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </Modal>
  );
}
