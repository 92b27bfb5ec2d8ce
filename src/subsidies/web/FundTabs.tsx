import { Link } from "../../ui/index.ts";
import css from "./subsidies.module.css";

const TABS = [
  { path: "/funds", label: "资金额度" },
  { path: "/funds/progress", label: "资金使用" },
  { path: "/funds/targets", label: "绩效目标" },
] as const;

/** The pages about the same money, side by side. */
export function FundTabs({ at }: { readonly at: (typeof TABS)[number]["path"] }) {
  return (
    <nav className={css["tabs"]} aria-label="资金">
      {TABS.map(({ path, label }) =>
        path === at ? (
          <b key={path} aria-current="page">
            {label}
          </b>
        ) : (
          <Link key={path} to={path}>
            {label}
          </Link>
        ),
      )}
    </nav>
  );
}
