import { useEffect, useState } from "react";
import {
  call,
  EmptyState,
  Link,
  Loading,
  ProblemNotice,
  SIGN_IN_PATH,
  useGo,
  useSessionControl,
} from "../../ui/index.ts";
import { finishSingleSignOn } from "../contract.ts";
import css from "./SignInPage.module.css";

/** Each answer is handed in once, whatever React renders. */
const handedIn = new Set<string>();

function readAnswer() {
  const answer = new URLSearchParams(window.location.search);
  return { code: answer.get("code"), state: answer.get("state"), iss: answer.get("iss") };
}

/** Where the provider sends the browser back to; the answer leaves the address at once. */
export default function SingleSignOnPage() {
  const control = useSessionControl();
  const go = useGo();
  const [problem, setProblem] = useState<unknown>(null);
  const [{ code, state, iss }] = useState(readAnswer);
  const incomplete = code === null || state === null;
  useEffect(() => {
    if (code === null || state === null || handedIn.has(state)) return;
    handedIn.add(state);
    window.history.replaceState(null, "", window.location.pathname);
    call(finishSingleSignOn, { code, state, ...(iss === null ? {} : { iss }) }).then(
      ({ secondFactor }) =>
        secondFactor
          ? go(SIGN_IN_PATH, { replace: true })
          : void control.refresh().then(() => go("/", { replace: true })),
      setProblem,
    );
  }, [code, state, iss, control, go]);
  return (
    <main className={css["page"]}>
      <h1>统一身份认证</h1>
      {incomplete ? (
        <EmptyState
          title="统一身份认证没有完成"
          hint="认证系统没有带回登录凭据，可能在那边取消了。"
          action={<Link to={SIGN_IN_PATH}>回到登录页</Link>}
        />
      ) : problem ? (
        <>
          <ProblemNotice problem={problem} />
          <Link to={SIGN_IN_PATH}>回到登录页</Link>
        </>
      ) : (
        <Loading label="正在登录" />
      )}
    </main>
  );
}
