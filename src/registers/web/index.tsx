import { navCount, type WebModule } from "../../ui/index.ts";
import { listImports, registersPermissions } from "../contract.ts";
import { PersonRows } from "./PersonRows.tsx";

const { read, write } = registersPermissions;

const web: WebModule = {
  name: "registers",
  nav: [
    {
      group: "duty",
      label: "登记簿",
      path: "/registers",
      permission: read,
      order: 35,
      count: navCount(listImports, { page: 1, size: 1, waiting: "true" }, (answer) => ({
        waiting: answer.total,
        late: false,
      })),
    },
  ],
  pages: [
    { path: "/registers", title: "登记簿", permission: read, load: () => import("./RegistersPage.tsx") },
    { path: "/registers/$register", title: "登记簿", permission: read, load: () => import("./RegisterPage.tsx") },
    {
      path: "/registers/$register/import",
      title: "导入登记簿",
      permission: write,
      load: () => import("./ReceivePage.tsx"),
    },
    {
      path: "/registers/$register/imports/$importId",
      title: "导入登记簿",
      permission: read,
      load: () => import("./ImportPage.tsx"),
    },
  ],
  personPanels: [{ slot: "main", order: 40, permission: read, component: PersonRows }],
};
export default web;
