import { useEffect, useState } from "react";
import { call, Link, Loading, ProblemNotice, SIGN_IN_PATH, useGo, useSessionControl } from "../../ui/index.ts";
import { finishSingleSignOn } from "../contract.ts";
import css from "./SignInPage.module.css";

/** Each answer is handed in once, whatever React renders. */
const handedIn = new Set<string>();

/** Where the provider sends the browser back to; the answer leaves the address at once. */
export default function SingleSignOnPage() {
  const control = useSessionControl();
  const go = useGo();
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const answer = new URLSearchParams(window.location.search);
    const [code, state, iss] = [answer.get("code"), answer.get("state"), answer.get("iss")];
    if (state !== null && handedIn.has(state)) return;
    if (code === null || state === null) return setProblem(new Error("统一身份认证没有完成，请回到登录页重新开始。"));
    handedIn.add(state);
    window.history.replaceState(null, "", window.location.pathname);
    call(finishSingleSignOn, { code, state, ...(iss === null ? {} : { iss }) }).then(
      ({ secondFactor }) =>
        secondFactor
          ? go(SIGN_IN_PATH, { replace: true })
          : void control.refresh().then(() => go("/", { replace: true })),
      setProblem,
    );
  }, [control, go]);
  return (
    <main className={css["page"]}>
      <h1>统一身份认证</h1>
      {problem ? (
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
