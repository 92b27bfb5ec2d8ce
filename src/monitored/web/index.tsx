import { registryPermissions } from "#registry/contract";
import type { WebModule } from "../../ui/index.ts";
import { MonitoredPanel } from "./MonitoredPanel.tsx";

const { read } = registryPermissions;

const web: WebModule = {
  name: "monitored",
  nav: [{ group: "duty", label: "监测对象帮扶", path: "/monitored", permission: read, order: 43 }],
  pages: [{ path: "/monitored", title: "监测对象帮扶", permission: read, load: () => import("./MonitoredPage.tsx") }],
  personPanels: [{ slot: "side", order: 5, permission: read, component: MonitoredPanel }],
};
export default web;
