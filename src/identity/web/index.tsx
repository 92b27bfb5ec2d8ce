import type { WebModule } from "../../ui/index.ts";
import { PASSWORD_PATH, SIGN_IN_PATH } from "../../ui/index.ts";
import { identityPermissions } from "../contract.ts";
import { OFFICERS_PATH, ORGANISATIONS_PATH } from "./paths.ts";

const web: WebModule = {
  name: "identity",
  nav: [
    {
      group: "administration",
      label: "用户与区域",
      path: OFFICERS_PATH,
      permission: identityPermissions.accounts,
      order: 10,
    },
  ],
  userMenu: [{ label: "修改密码", path: PASSWORD_PATH }],
  pages: [
    { path: SIGN_IN_PATH, title: "登录", layout: "bare", open: true, load: () => import("./SignInPage.tsx") },
    { path: PASSWORD_PATH, title: "修改密码", load: () => import("./PasswordPage.tsx") },
    {
      path: OFFICERS_PATH,
      title: "用户",
      permission: identityPermissions.accounts,
      load: () => import("./OfficersPage.tsx"),
    },
    {
      path: ORGANISATIONS_PATH,
      title: "单位",
      permission: identityPermissions.accounts,
      load: () => import("./OrganisationsPage.tsx"),
    },
  ],
};
export default web;
