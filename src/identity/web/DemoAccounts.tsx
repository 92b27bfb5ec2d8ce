import { Radio } from "antd";
import { useState } from "react";
import type { DemoAccount } from "../contract.ts";
import css from "./DemoAccounts.module.css";

/** The accounts of a demo, by county. Choosing one fills in the form, so that it is plain what signs in. */
export function DemoAccounts({
  access,
  onChoose,
}: {
  access: { password: string; accounts: readonly DemoAccount[] };
  onChoose: (account: DemoAccount) => void;
}) {
  const groups = [...new Set(access.accounts.map((account) => account.group))];
  const [group, setGroup] = useState(groups[0] ?? "");
  return (
    <section className={css["demo"]} aria-label="演示账号">
      <h2>演示账号</h2>
      <p className="caption">
        数据均为虚构。密码都是 <code className={css["password"]}>{access.password}</code>，点一行即可填入。
      </p>
      <Radio.Group
        size="small"
        optionType="button"
        aria-label="地区"
        value={group}
        onChange={(event) => setGroup(String(event.target.value))}
        options={groups.map((one) => ({ value: one, label: one }))}
      />
      <ul className={css["accounts"]}>
        {access.accounts
          .filter((account) => account.group === group)
          .map((account) => (
            <li key={account.login}>
              <button type="button" onClick={() => onChoose(account)}>
                <b>{account.dutyLabels.join("、")}</b>
                <span>{account.login}</span>
                <span className={css["where"]}>
                  {account.name} · {account.organisation}
                </span>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}
