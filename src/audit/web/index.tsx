import type { WebModule } from "../../ui/index.ts";
import { auditPermissions } from "../contract.ts";

const web: WebModule = {
  name: "audit",
  nav: [
    {
      group: "administration",
      label: "审计日志",
      about: "谁在什么时候办了什么、查了什么、导出了什么",
      path: "/audit",
      permission: auditPermissions.read,
      order: 20,
    },
    {
      group: "administration",
      label: "封存与核验",
      about: "日志每分钟封存、每天签名；立即核验有没有被改动",
      path: "/audit/seals",
      permission: auditPermissions.read,
      order: 21,
    },
  ],
  pages: [
    { path: "/audit", title: "审计日志", permission: auditPermissions.read, load: () => import("./AuditPage.tsx") },
    {
      path: "/audit/seals",
      title: "封存与核验",
      permission: auditPermissions.read,
      load: () => import("./SealsPage.tsx"),
    },
  ],
};
export default web;
