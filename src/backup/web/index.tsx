import type { WebModule } from "../../ui/index.ts";
import { backupPermissions } from "../contract.ts";

const web: WebModule = {
  name: "backup",
  nav: [
    {
      group: "administration",
      label: "备份与密钥",
      about: "每晚自动备份，重要操作前立即备份；更换加密密钥",
      path: "/backup",
      permission: backupPermissions.manage,
      order: 40,
    },
  ],
  pages: [
    {
      path: "/backup",
      title: "备份与密钥",
      permission: backupPermissions.manage,
      load: () => import("./BackupPage.tsx"),
    },
  ],
};
export default web;
