import { Button, Dropdown } from "antd";
import { useState } from "react";
import { call, ConfirmAct, Icon, useMay, useRefresh, useSession, useToast, type Change } from "../../ui/index.ts";
import { possibleActs } from "../../platform/contract.ts";
import {
  activateOfficer,
  deactivateOfficer,
  identityPermissions,
  keeperPermission,
  listOfficers,
  listOrganisations,
  lockOfficer,
  officerActLabels,
  officerFlow,
  resetOfficerPassword,
  resetSecondFactor,
  signOutOfficer,
  unlockOfficer,
  type OfficerAct,
  type OfficerRow,
} from "../contract.ts";
import { OfficerForm } from "./OfficerForm.tsx";
import { OneTimePassword } from "./OneTimePassword.tsx";

type ConfirmedAct = Exclude<OfficerAct, "assign">;

interface ActWords {
  readonly route: typeof lockOfficer | typeof resetOfficerPassword;
  readonly changes: (officer: OfficerRow) => readonly Change[];
  readonly undo: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly done: string;
}

const endsSessions = (officer: OfficerRow): Change => ({
  count: officer.sessions,
  unit: "处",
  what: "登录立即退出，未保存的内容会丢失",
});

const words: Record<ConfirmedAct, ActWords> = {
  "reset-password": {
    route: resetOfficerPassword,
    changes: (officer) => [{ count: 1, unit: "个", what: "原密码立即失效，生成一次性密码" }, endsSessions(officer)],
    undo: "原密码不能恢复；本人登录后须设新密码。",
    confirm: "重置 1 个密码",
    done: "已重置密码。",
  },
  "sign-out": {
    route: signOutOfficer,
    changes: (officer) => [endsSessions(officer)],
    undo: "账号不受影响，本人可以重新登录。",
    confirm: "强制下线",
    done: "已强制下线。",
  },
  lock: {
    route: lockOfficer,
    changes: (officer) => [
      { count: 1, unit: "个", what: "账号不能登录，直到解锁", tone: "soon" },
      endsSessions(officer),
    ],
    undo: "随时可以解锁。",
    confirm: "锁定 1 个账号",
    done: "已锁定。",
  },
  unlock: {
    route: unlockOfficer,
    changes: () => [{ count: 1, unit: "个", what: "账号可以登录，输错密码的次数清零" }],
    undo: "随时可以再锁定。",
    confirm: "解锁 1 个账号",
    done: "已解锁。",
  },
  deactivate: {
    route: deactivateOfficer,
    changes: (officer) => [{ count: 1, unit: "个", what: "账号不能再登录，经手的记录都保留" }, endsSessions(officer)],
    undo: "随时可以重新启用。",
    confirm: "停用 1 个账号",
    danger: true,
    done: "已停用。",
  },
  activate: {
    route: activateOfficer,
    changes: () => [{ count: 1, unit: "个", what: "账号可以用原密码登录" }],
    undo: "随时可以再停用。",
    confirm: "启用 1 个账号",
    done: "已启用。",
  },
};

/** What may be done with an account: exactly the acts that the server would accept. */
export function OfficerActs({ officer }: { officer: OfficerRow }) {
  const session = useSession();
  const keeps = useMay(keeperPermission(officer.duties));
  const refresh = useRefresh();
  const toast = useToast();
  const [act, setAct] = useState<OfficerAct | null>(null);
  const [resetting, setResetting] = useState(false);
  const [password, setPassword] = useState<string | null>(null);
  const resets = useMay(identityPermissions.secondFactor) && officer.secondFactor;
  if (officer.officerId === session.officerId || (!keeps && !resets)) return <span className="caption">—</span>;
  const possible = keeps
    ? possibleActs(officerFlow, officer.state).filter((one) => one !== "sign-out" || officer.sessions > 0)
    : [];
  const items = [
    ...possible.map((one) => ({ key: one as string, label: officerActLabels[one], danger: one === "deactivate" })),
    ...(resets ? [{ key: "second-factor", label: "重置动态口令", danger: false }] : []),
  ];
  const close = () => {
    setAct(null);
    setResetting(false);
  };
  const reset = async () => {
    const { sessionsEnded } = await call(resetSecondFactor, { officerId: officer.officerId });
    toast.done(`${officer.name}：动态口令已重置${sessionsEnded > 0 ? `，${sessionsEnded} 处登录已退出` : ""}。`);
    await refresh([listOfficers]);
  };
  const run = async (chosen: ActWords) => {
    const answer = await call(chosen.route, { officerId: officer.officerId });
    if ("oneTimePassword" in answer) setPassword(String(answer.oneTimePassword));
    else toast.done(`${officer.name}：${chosen.done}`);
    await refresh([listOfficers, listOrganisations]);
  };
  const chosen = act !== null && act !== "assign" ? words[act] : null;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items,
          onClick: ({ key }) => (key === "second-factor" ? setResetting(true) : setAct(key as OfficerAct)),
        }}
      >
        <Button size="small" aria-label={`办理：${officer.name}`}>
          办理 <Icon name="down" size={12} />
        </Button>
      </Dropdown>
      {resetting ? (
        <ConfirmAct
          open
          title={`重置动态口令：${officer.name}（${officer.login}）`}
          changes={[{ count: 1, unit: "个", what: "原设备和恢复码立即失效" }, endsSessions(officer)]}
          undo="不能恢复；本人登录后可重新设置。请先核实确是本人遗失设备。"
          confirm="重置 1 个动态口令"
          onConfirm={reset}
          onClose={close}
        />
      ) : null}
      {act === "assign" ? <OfficerForm officer={officer} onClose={close} /> : null}
      {chosen && act !== null ? (
        <ConfirmAct
          open
          title={`${officerActLabels[act]}：${officer.name}（${officer.login}）`}
          changes={chosen.changes(officer)}
          undo={chosen.undo}
          confirm={chosen.confirm}
          danger={chosen.danger ?? false}
          onConfirm={() => run(chosen)}
          onClose={close}
        />
      ) : null}
      {password ? (
        <OneTimePassword
          login={officer.login}
          name={officer.name}
          password={password}
          onClose={() => setPassword(null)}
        />
      ) : null}
    </>
  );
}
