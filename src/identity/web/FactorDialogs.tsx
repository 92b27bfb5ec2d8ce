import { Input, Modal } from "antd";
import { useState } from "react";
import { ProblemNotice, useAct, useSessionControl, useToast, type ProblemError } from "../../ui/index.ts";
import { beginSecondFactor, confirmSecondFactor, mySecurity, removeSecondFactor } from "../contract.ts";
import { Field } from "./Field.tsx";
import css from "./SecurityPage.module.css";

const faultAt = (error: ProblemError | null, field: string) =>
  error?.problem.path?.[0] === field ? error.problem.message : null;

function PasswordField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (text: string) => void;
  error: ProblemError | null;
}) {
  return (
    <Field label="当前密码" fault={faultAt(error, "password")}>
      {(field) => (
        <Input.Password
          {...field}
          autoComplete="current-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function CodeField(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  error: ProblemError | null;
}) {
  return (
    <Field label={props.label} fault={faultAt(props.error, "code")}>
      {(field) => (
        <Input
          {...field}
          autoComplete="one-time-code"
          maxLength={14}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Other({ error }: { error: ProblemError | null }) {
  return error && !["password", "code"].includes(String(error.problem.path?.[0])) ? (
    <ProblemNotice problem={error} compact />
  ) : null;
}

/** Password, then the device, then the recovery codes: three steps in one dialog. */
export function SetUpFactor({ replaces, onClose }: { replaces: boolean; onClose: () => void }) {
  const control = useSessionControl();
  const [password, setPassword] = useState("");
  const [present, setPresent] = useState("");
  const [code, setCode] = useState("");
  const begin = useAct(beginSecondFactor, { refreshes: [] });
  const confirm = useAct(confirmSecondFactor, { refreshes: [mySecurity] });
  const shown = begin.data;
  const codes = confirm.data?.recoveryCodes;
  const finish = () => {
    onClose();
    void control.refresh();
  };
  if (codes)
    return (
      <Modal
        open
        title="恢复码"
        width={460}
        mask={{ closable: false }}
        okText="已抄下，关闭"
        cancelButtonProps={{ hidden: true }}
        onOk={finish}
        onCancel={finish}
      >
        <p>动态口令已启用。手机遗失时，用恢复码代替口令登录，每个只能用一次：</p>
        <ul className={css["codes"]} data-testid="recovery-codes">
          {codes.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <p className="caption">只显示这一次。请抄写或打印后妥善保管，不要与电脑放在一起。</p>
      </Modal>
    );
  if (shown)
    return (
      <Modal
        open
        title="绑定设备"
        width={520}
        okText="启用动态口令"
        cancelText="取消"
        confirmLoading={confirm.isPending}
        onOk={() => confirm.mutate({ code })}
        onCancel={onClose}
      >
        <div className={css["fields"]}>
          <div className={css["qr"]}>
            <img alt="动态口令二维码" src={`data:image/svg+xml;utf8,${encodeURIComponent(shown.qr)}`} />
            <div>
              <p>用口令应用扫描二维码；不能扫描时，手工输入：</p>
              <p className={css["secret"]} data-testid="factor-secret">
                {shown.secret}
              </p>
            </div>
          </div>
          <CodeField label="应用显示的 6 位口令" value={code} onChange={setCode} error={confirm.error} />
          <Other error={confirm.error} />
        </div>
      </Modal>
    );
  return (
    <Modal
      open
      title={replaces ? "更换设备和恢复码" : "设置动态口令"}
      width={460}
      okText="下一步"
      cancelText="取消"
      confirmLoading={begin.isPending}
      onOk={() => begin.mutate({ password, ...(replaces ? { code: present } : {}) })}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <PasswordField value={password} onChange={setPassword} error={begin.error} />
        {replaces ? (
          <CodeField label="当前动态口令或恢复码" value={present} onChange={setPresent} error={begin.error} />
        ) : null}
        <Other error={begin.error} />
      </div>
    </Modal>
  );
}

export function RemoveFactor({ onClose }: { onClose: () => void }) {
  const toast = useToast();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const remove = useAct(removeSecondFactor, {
    refreshes: [mySecurity],
    onDone: () => {
      toast.done("动态口令已停用，恢复码同时作废。");
      onClose();
    },
  });
  return (
    <Modal
      open
      title="停用动态口令"
      width={460}
      okText="停用动态口令"
      okButtonProps={{ danger: true }}
      cancelText="取消"
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate({ password, code })}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <PasswordField value={password} onChange={setPassword} error={remove.error} />
        <CodeField label="动态口令或恢复码" value={code} onChange={setCode} error={remove.error} />
        <Other error={remove.error} />
      </div>
    </Modal>
  );
}
