import { Button, Input, type InputRef } from "antd";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { call, setCsrfToken, useSessionControl, useToast } from "../../ui/index.ts";
import { passSecondFactor, SECOND_FACTOR_MINUTES } from "../contract.ts";
import { Field } from "./Field.tsx";
import css from "./SignInPage.module.css";

/** The password was right; now the code of the device. */
export function SecondStep({ csrf, onBack }: { csrf: string; onBack: () => void }) {
  const control = useSessionControl();
  const toast = useToast();
  const [code, setCode] = useState("");
  const [state, setState] = useState<{ busy: boolean; fault: string | null }>({ busy: false, fault: null });
  const field = useRef<InputRef>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() === "") return setState({ busy: false, fault: "请输入动态口令" });
    setState({ busy: true, fault: null });
    setCsrfToken(csrf);
    try {
      const { codesLeft } = await call(passSecondFactor, { code });
      await control.refresh();
      if (codesLeft !== null) toast.done(`已用掉 1 个恢复码，还剩 ${codesLeft} 个。请尽快在“账号安全”中更换设备。`);
    } catch (problem) {
      setCode("");
      setState({ busy: false, fault: (problem as Error).message });
      field.current?.focus();
    }
  };
  return (
    <form className={css["form"]} onSubmit={(event) => void submit(event)} noValidate>
      <h1 id="sign-in-title">输入动态口令</h1>
      <Field
        label="动态口令"
        fault={state.fault}
        hint={`打开手机上的口令应用，输入 6 位数字，${SECOND_FACTOR_MINUTES} 分钟内有效；手机不在身边可用恢复码。`}
      >
        {(props) => (
          <Input
            {...props}
            ref={field}
            size="large"
            autoComplete="one-time-code"
            maxLength={14}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <Button type="primary" htmlType="submit" size="large" block loading={state.busy}>
        登录
      </Button>
      <p className="caption">
        手机和恢复码都遗失的，请联系安全管理员重置。
        <Button type="link" size="small" onClick={onBack}>
          返回
        </Button>
      </p>
    </form>
  );
}
