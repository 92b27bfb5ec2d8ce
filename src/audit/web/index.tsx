import type { WebModule } from "../../ui/index.ts";
import { auditPermissions } from "../contract.ts";

const web: WebModule = {
  name: "audit",
  nav: [{ group: "administration", label: "审计日志", path: "/audit", permission: auditPermissions.read, order: 20 }],
  pages: [
    { path: "/audit", title: "审计日志", permission: auditPermissions.read, load: () => import("./AuditPage.tsx") },
  ],
};
export default web;
