import { call, navCount, type WebModule } from "../../ui/index.ts";
import { exportPermissions, listExports, requestExport } from "../contract.ts";
import { NEEDS_APPROVAL } from "../problems.ts";

const web: WebModule = {
  name: "exports",
  nav: [
    {
      group: "administration",
      label: "导出记录",
      about: "本人导出过的名单，申请和下载",
      path: "/exports",
      order: 15,
      count: {
        ...navCount(listExports, { view: "waiting", size: 1 }, (page) => ({ waiting: page.total, late: false })),
        permission: exportPermissions.approve,
      },
    },
    {
      group: "administration",
      label: "导出溯源",
      about: "外流的表或几行文字，查出是哪一次导出的",
      path: "/export-tracing",
      permission: exportPermissions.trace,
      order: 16,
    },
  ],
  pages: [
    { path: "/exports", title: "导出记录", load: () => import("./ExportsPage.tsx") },
    {
      path: "/export-tracing",
      title: "导出溯源",
      permission: exportPermissions.trace,
      load: () => import("./TracingPage.tsx"),
    },
  ],
  exportDesk: {
    refusal: NEEDS_APPROVAL,
    path: "/exports",
    ask: (route, input) => call(requestExport, { route: route.path, input: { ...input } }),
  },
};
export default web;
