import { Link } from "../../ui/index.ts";
import css from "./AdministrationTabs.module.css";
import { OFFICERS_PATH, ORGANISATIONS_PATH } from "./paths.ts";

const tabs = [
  { path: OFFICERS_PATH, label: "用户" },
  { path: ORGANISATIONS_PATH, label: "单位" },
] as const;

export function AdministrationTabs({ current }: { current: (typeof tabs)[number]["path"] }) {
  return (
    <nav className={css["tabs"]} aria-label="用户与区域">
      {tabs.map((tab) => (
        <Link key={tab.path} to={tab.path} {...(tab.path === current ? { "aria-current": "page" as const } : {})}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
