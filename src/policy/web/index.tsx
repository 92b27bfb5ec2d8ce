import { navCount, type WebModule } from "../../ui/index.ts";
import { listRules, policyPermissions } from "../contract.ts";
import { EntitlementsPanel } from "./EntitlementsPanel.tsx";

const { read, draft, simulate, results } = policyPermissions;

const web: WebModule = {
  name: "policy",
  nav: [
    {
      group: "rules",
      label: "规则库",
      path: "/rules",
      permission: read,
      order: 10,
      count: {
        ...navCount(listRules, { kind: "parameter" }, ({ waiting }) => ({
          waiting: waiting.filter(({ state }) => state === "proposed").length,
          late: false,
        })),
        permission: policyPermissions.publish,
      },
    },
    { group: "rules", label: "标准与参数", path: "/parameters", permission: read, order: 20 },
    { group: "rules", label: "测算", path: "/simulations", permission: simulate, order: 30 },
    { group: "rules", label: "筛查结果", path: "/results", permission: results, order: 40 },
  ],
  pages: [
    { path: "/rules", title: "规则库", permission: read, load: () => import("./RulesPage.tsx") },
    { path: "/rules/new", title: "起草规则", permission: draft, load: () => import("./EditorPage.tsx") },
    { path: "/rules/$versionId", title: "规则", permission: read, load: () => import("./RulePage.tsx") },
    { path: "/rules/$versionId/edit", title: "编辑规则", permission: draft, load: () => import("./EditorPage.tsx") },
    { path: "/parameters", title: "标准与参数", permission: read, load: () => import("./ParametersPage.tsx") },
    { path: "/simulations", title: "测算", permission: simulate, load: () => import("./SimulationsPage.tsx") },
    {
      path: "/simulations/$simulationId",
      title: "测算报告",
      permission: simulate,
      load: () => import("./SimulationPage.tsx"),
    },
    { path: "/results", title: "筛查结果", permission: results, load: () => import("./ResultsPage.tsx") },
  ],
  personPanels: [{ slot: "side", order: 10, permission: results, component: EntitlementsPanel }],
};
export default web;
