import { Button, Input } from "antd";
import { useState, type FormEvent } from "react";
import {
  Answer,
  Card,
  PageHeader,
  type ProblemError,
  ProblemNotice,
  StatusTag,
  useAct,
  useGo,
  useRoute,
  useSession,
  useSessionControl,
  useToast,
} from "../../ui/index.ts";
import { changePassword, passwordFaults, PASSWORD_LEAST_LENGTH, whoAmI } from "../contract.ts";
import { pathAfterSignIn } from "./after-sign-in.ts";
import { Field } from "./Field.tsx";
import css from "./PasswordPage.module.css";

export default function PasswordPage() {
  const session = useSession();
  const me = useRoute(whoAmI, {});
  return (
    <>
      <PageHeader
        title="修改密码"
        crumbs={[{ label: "我的账号" }, { label: "修改密码" }]}
        {...(session.mustChangePassword
          ? { tags: <StatusTag tone="soon">一次性密码，改后方可办理其他事项</StatusTag> }
          : {})}
      />
      <Card padded>
        <Answer query={me}>{({ officer }) => <PasswordForm login={officer?.login ?? ""} />}</Answer>
      </Card>
    </>
  );
}

function PasswordForm({ login }: { login: string }) {
  const control = useSessionControl();
  const go = useGo();
  const toast = useToast();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const act = useAct(changePassword, {
    refreshes: [],
    onDone: ({ sessionsEnded }) => {
      toast.done(sessionsEnded > 0 ? `密码已修改，其他 ${sessionsEnded} 处登录已退出。` : "密码已修改。");
      void control.refresh().then((session) => go(session ? pathAfterSignIn(session, "") : "/", { replace: true }));
    },
  });
  const faults = passwordFaults(next, login);
  const faultsShown = tried || next !== "" ? faults : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (current !== "" && faults.length === 0 && again === next) act.mutate({ current, next });
  };
  return (
    <form className={css["form"]} onSubmit={submit} noValidate>
      <input type="text" autoComplete="username" value={login} readOnly hidden />
      <Field label="当前密码" fault={tried && current === "" ? "请输入当前密码" : wordsFor(act.error, "current")}>
        {(field) => (
          <Input.Password
            {...field}
            size="large"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="新密码"
        fault={faultsShown.length > 0 ? `${faultsShown.join("；")}。` : wordsFor(act.error, "next")}
        hint={`至少 ${PASSWORD_LEAST_LENGTH} 位，大写字母、小写字母、数字、符号中至少含三类，不能包含登录名。`}
      >
        {(field) => (
          <Input.Password
            {...field}
            size="large"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="再输一次新密码"
        fault={again !== next && (tried || again !== "") ? "两次输入的新密码不一致。" : null}
      >
        {(field) => (
          <Input.Password
            {...field}
            size="large"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Field>
      {act.error && act.error.problem.path === undefined ? <ProblemNotice problem={act.error} compact /> : null}
      <div>
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          修改密码
        </Button>
      </div>
      <p className="caption">修改后，您在其他电脑上的登录会退出。</p>
    </form>
  );
}

function wordsFor(error: ProblemError | null, field: string): string | null {
  return error?.problem.path?.[0] === field ? error.problem.message : null;
}
