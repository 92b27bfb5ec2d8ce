import { navCount, type WebModule } from "../../ui/index.ts";
import { listRequests, privacyPermissions } from "../contract.ts";

const web: WebModule = {
  name: "privacy",
  nav: [
    {
      group: "duty",
      label: "删除申请",
      path: "/erasure-requests",
      permission: privacyPermissions.decide,
      order: 96,
      count: navCount(listRequests, { state: "waiting", size: 1 }, (page) => ({
        waiting: page.total,
        late: page.rows.some((row) => row.late),
      })),
    },
    {
      group: "administration",
      label: "字段台账",
      about: "存了哪些个人信息，为什么存，谁能看",
      path: "/fields",
      order: 34,
    },
    {
      group: "administration",
      label: "保存期限与清除",
      about: "各类数据保存多久，到期的预览和清除",
      path: "/retention",
      permission: privacyPermissions.read,
      order: 35,
    },
  ],
  pages: [
    { path: "/fields", title: "字段台账", load: () => import("./FieldsPage.tsx") },
    {
      path: "/retention",
      title: "保存期限与清除",
      permission: privacyPermissions.read,
      load: () => import("./RetentionPage.tsx"),
    },
    {
      path: "/retention/runs/$runId",
      title: "清除证明",
      permission: privacyPermissions.read,
      load: () => import("./CertificatePage.tsx"),
    },
    {
      path: "/erasure-requests",
      title: "删除申请",
      permission: privacyPermissions.decide,
      load: () => import("./RequestsPage.tsx"),
    },
  ],
};
export default web;
