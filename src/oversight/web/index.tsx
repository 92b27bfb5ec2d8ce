import { navCount, type WebModule } from "../../ui/index.ts";
import { countFindings, oversightPermissions } from "../contract.ts";
import { PersonFindings } from "./PersonFindings.tsx";

const { read } = oversightPermissions;

const web: WebModule = {
  name: "oversight",
  nav: [
    {
      group: "duty",
      label: "疑点核查",
      path: "/findings",
      permission: read,
      order: 60,
      count: navCount(countFindings, {}, ({ mine, overdue }) => ({ waiting: mine, late: overdue > 0 && mine > 0 })),
    },
    { group: "rules", label: "核查规则", path: "/checks", permission: read, order: 15 },
  ],
  pages: [
    { path: "/findings", title: "疑点核查", permission: read, load: () => import("./FindingsPage.tsx") },
    { path: "/findings/$findingId", title: "疑点", permission: read, load: () => import("./FindingPage.tsx") },
    { path: "/checks", title: "核查规则", permission: read, load: () => import("./ChecksPage.tsx") },
  ],
  personPanels: [{ slot: "side", order: 30, permission: read, component: PersonFindings }],
};
export default web;
