import { Button, Input, type InputRef } from "antd";
import { useEffect, useRef, useState, type FormEvent, type RefObject } from "react";
import {
  call,
  Loading,
  ProblemError,
  ProblemNotice,
  useAddress,
  useGo,
  useRoute,
  useSessionControl,
} from "../../ui/index.ts";
import { signIn, startSingleSignOn, whoAmI } from "../contract.ts";
import { pathAfterSignIn } from "./after-sign-in.ts";
import { DemoAccounts } from "./DemoAccounts.tsx";
import { Field } from "./Field.tsx";
import { SecondStep } from "./SecondStep.tsx";
import css from "./SignInPage.module.css";

/** One calm card: who are you. In a demo the accounts stand beside it. */
export default function SignInPage() {
  const { session } = useSessionControl();
  const [{ back }] = useAddress({ back: "" });
  const go = useGo();
  const page = useRoute(whoAmI, {});
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  // Whoever is signed in already has nothing to do here.
  useEffect(() => {
    if (session) go(pathAfterSignIn(session, back), { replace: true });
  }, [session, back, go]);
  if (session) return <Loading label="正在打开" />;
  const demo = page.data?.demoAccess ?? null;
  return (
    <main className={css["page"]}>
      <div className={css["brand"]}>
        <span className={css["seal"]} aria-hidden="true">
          稳
        </span>
        <b>稳岗</b>
        <span className="caption">农村劳动力就业帮扶平台</span>
      </div>
      <section className={`${css["card"]} ${demo ? css["two"] : ""}`} aria-labelledby="sign-in-title">
        {page.data?.awaiting ? (
          <SecondStep csrf={page.data.awaiting.csrf} onBack={() => void page.refetch()} />
        ) : (
          <SignInForm
            {...{ login, setLogin, password, setPassword, button }}
            singleSignOn={page.data?.singleSignOn ?? null}
            onSecondStep={() => void page.refetch()}
          />
        )}
        {demo && !page.data?.awaiting ? (
          <DemoAccounts
            access={demo}
            onChoose={(account) => {
              setLogin(account.login);
              setPassword(demo.password);
              button.current?.focus();
            }}
          />
        ) : null}
      </section>
      <nav className={css["open"]} aria-label="不用登录的页面">
        群众办事不用登录： <a href="/calculator">算一算</a> <a href="/policies">政策清单</a>{" "}
        <a href="/texts">政策原文</a> <a href="/my">我的（手机号登录）</a>
      </nav>
      <p className={`caption ${css["foot"]}`}>15 分钟无操作自动退出；登录、查询、导出均记入审计日志。</p>
    </main>
  );
}

interface SignInFormProps {
  login: string;
  setLogin: (text: string) => void;
  password: string;
  setPassword: (text: string) => void;
  button: RefObject<HTMLButtonElement | null>;
  /** What the single sign-on is called; null: there is none. */
  singleSignOn: string | null;
  onSecondStep: () => void;
}

function SignInForm({ login, setLogin, password, setPassword, button, singleSignOn, onSecondStep }: SignInFormProps) {
  const control = useSessionControl();
  const [state, setState] = useState<{ busy: boolean; problem: unknown; missing: "login" | "password" | null }>({
    busy: false,
    problem: null,
    missing: null,
  });
  const loginField = useRef<InputRef>(null);
  const passwordField = useRef<InputRef>(null);
  useEffect(() => loginField.current?.focus(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing = login.trim() === "" ? "login" : password === "" ? "password" : null;
    setState({ busy: missing === null, problem: null, missing });
    if (missing) return (missing === "login" ? loginField : passwordField).current?.focus();
    try {
      const { secondFactor } = await call(signIn, { login: login, password: password });
      if (secondFactor) return onSecondStep();
      await control.refresh();
    } catch (problem) {
      setState({ busy: false, problem, missing: null });
      setPassword("");
      passwordField.current?.focus();
    }
  };
  const leaveFor = async () => {
    try {
      window.location.assign((await call(startSingleSignOn, {})).url);
    } catch (problem) {
      setState({ busy: false, problem, missing: null });
    }
  };
  return (
    <form className={css["form"]} onSubmit={(event) => void submit(event)} noValidate>
      <h1 id="sign-in-title">登录</h1>
      <Field label="登录名" fault={state.missing === "login" ? "请输入登录名" : null}>
        {(field) => (
          <Input
            {...field}
            ref={loginField}
            size="large"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        )}
      </Field>
      <Field label="密码" fault={state.missing === "password" ? "请输入密码" : refused(state.problem)}>
        {(field) => (
          <Input.Password
            {...field}
            ref={passwordField}
            size="large"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {state.problem !== null && refused(state.problem) === null ? (
        <ProblemNotice problem={state.problem} compact />
      ) : null}
      <Button type="primary" htmlType="submit" size="large" block loading={state.busy} ref={button}>
        登录
      </Button>
      {singleSignOn ? (
        <Button size="large" block onClick={() => void leaveFor()}>
          用{singleSignOn}登录
        </Button>
      ) : null}
      <p className="caption">忘记密码或账号被锁定，请联系本单位系统管理员。</p>
    </form>
  );
}

/** What the server has against the login or password stands at the field, where focus goes; anything else is a notice. */
function refused(problem: unknown): string | null {
  return problem instanceof ProblemError && problem.problem.code.startsWith("identity.") ? problem.message : null;
}
