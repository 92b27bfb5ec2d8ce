import { navCount, PASSWORD_PATH, SECURITY_PATH, SIGN_IN_PATH, type WebModule } from "../../ui/index.ts";
import { identityPermissions, listGrants, SINGLE_SIGN_ON_PATH } from "../contract.ts";
import { ACCESS_RULES_PATH, GRANTS_PATH, OFFICERS_PATH, ORGANISATIONS_PATH } from "./paths.ts";

const web: WebModule = {
  name: "identity",
  nav: [
    {
      group: "administration",
      label: "用户与区域",
      about: "单位和账号：职责、负责区域、授权审批、重置密码、停用",
      path: OFFICERS_PATH,
      permission: identityPermissions.accounts,
      order: 10,
      // What another has asked for and this one may decide.
      count: navCount(listGrants, { state: "waiting" }, ({ rows }) => ({
        waiting: rows.filter(({ mayDecide }) => mayDecide).length,
        late: false,
      })),
    },
  ],
  userMenu: [
    { label: "修改密码", path: PASSWORD_PATH },
    { label: "账号安全", path: SECURITY_PATH },
  ],
  pages: [
    { path: SIGN_IN_PATH, title: "登录", layout: "bare", open: true, load: () => import("./SignInPage.tsx") },
    {
      path: SINGLE_SIGN_ON_PATH,
      title: "统一身份认证",
      layout: "bare",
      open: true,
      load: () => import("./SingleSignOnPage.tsx"),
    },
    { path: PASSWORD_PATH, title: "修改密码", load: () => import("./PasswordPage.tsx") },
    { path: SECURITY_PATH, title: "账号安全", load: () => import("./SecurityPage.tsx") },
    {
      path: GRANTS_PATH,
      title: "授权审批",
      permission: identityPermissions.accounts,
      load: () => import("./GrantsPage.tsx"),
    },
    {
      path: ACCESS_RULES_PATH,
      title: "登录安全",
      permission: identityPermissions.secondFactor,
      load: () => import("./AccessRulesPage.tsx"),
    },
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
