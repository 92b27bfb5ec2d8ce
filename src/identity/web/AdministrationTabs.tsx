import { Link, useSession } from "../../ui/index.ts";
import { identityPermissions } from "../contract.ts";
import css from "./AdministrationTabs.module.css";
import { ACCESS_RULES_PATH, GRANTS_PATH, OFFICERS_PATH, ORGANISATIONS_PATH } from "./paths.ts";

const tabs = [
  { path: OFFICERS_PATH, label: "用户", permission: identityPermissions.accounts },
  { path: ORGANISATIONS_PATH, label: "单位", permission: identityPermissions.accounts },
  { path: GRANTS_PATH, label: "授权审批", permission: identityPermissions.accounts },
  { path: ACCESS_RULES_PATH, label: "登录安全", permission: identityPermissions.secondFactor },
] as const;

export function AdministrationTabs({ current }: { current: (typeof tabs)[number]["path"] }) {
  const { permissions } = useSession();
  return (
    <nav className={css["tabs"]} aria-label="用户与区域">
      {tabs
        .filter(({ permission }) => permissions.includes(permission))
        .map((tab) => (
          <Link key={tab.path} to={tab.path} {...(tab.path === current ? { "aria-current": "page" as const } : {})}>
            {tab.label}
          </Link>
        ))}
    </nav>
  );
}
