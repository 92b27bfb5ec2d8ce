import type { WebModule } from "../../ui/index.ts";
import { operationsPermissions } from "../contract.ts";

const permission = operationsPermissions.watch;
const web: WebModule = {
  name: "operations",
  nav: [
    {
      group: "administration",
      label: "运行状态",
      about: "程序、数据库和后台任务是否正常",
      path: "/operations",
      permission,
      order: 38,
    },
  ],
  pages: [{ path: "/operations", title: "运行状态", permission, load: () => import("./OperationsPage.tsx") }],
};
export default web;
