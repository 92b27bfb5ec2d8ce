import { navCount, type WebModule } from "../../ui/index.ts";
import {
  countApplications,
  countClaims,
  countDifferences,
  countRecoveries,
  countReviews,
  listInspections,
  payeePermissions,
  subsidiesPermissions,
} from "../contract.ts";
import { PersonApply } from "./PersonApply.tsx";
import { PersonClaims } from "./PersonClaims.tsx";

const { handle, read } = subsidiesPermissions;
/** States in which somebody at a desk has to act. */
const AT_A_DESK = new Set(["submitted", "accepted", "checked", "escalated", "cleared"]);
const RECOVERING = new Set(["filed", "notified", "heard", "repaying", "write-off"]);

const web: WebModule = {
  name: "subsidies",
  nav: [
    {
      group: "duty",
      label: "补贴办理",
      path: "/claims",
      permission: read,
      order: 50,
      count: navCount(countClaims, {}, ({ byState }) => {
        const own = byState.filter(({ state }) => AT_A_DESK.has(state));
        return {
          waiting: own.reduce((sum, { claims }) => sum + claims, 0),
          late: own.some(({ overdue }) => overdue > 0),
        };
      }),
    },
    {
      group: "duty",
      label: "补贴申请",
      path: "/applications",
      permission: read,
      order: 49,
      count: navCount(countApplications, {}, ({ received, waiting, late }) => ({
        waiting: received + waiting,
        late: late > 0,
      })),
    },
    { group: "duty", label: "补贴公示", path: "/publications", permission: read, order: 51 },
    { group: "duty", label: "发放批次", path: "/batches-of-payment", permission: read, order: 52 },
    { group: "duty", label: "预付和结算", path: "/prepayments", permission: read, order: 54 },
    { group: "duty", label: "资金额度", path: "/funds", permission: read, order: 53 },
    { group: "duty", label: "应补尽补", path: "/unpaid", permission: read, order: 54 },
    {
      group: "duty",
      label: "重算差异",
      path: "/differences",
      permission: read,
      order: 55,
      count: navCount(countDifferences, {}, ({ kinds }) => ({
        waiting: kinds.reduce((sum, { differences }) => sum + differences, 0),
        late: false,
      })),
    },
    {
      group: "duty",
      label: "追回",
      path: "/recoveries",
      permission: read,
      order: 56,
      count: navCount(countRecoveries, {}, ({ byState }) => {
        const open = byState.filter(({ state }) => RECOVERING.has(state));
        return {
          waiting: open.reduce((sum, { recoveries }) => sum + recoveries, 0),
          late: open.some(({ overdue }) => overdue > 0),
        };
      }),
    },
    {
      group: "duty",
      label: "检查整改",
      path: "/inspections",
      permission: read,
      order: 57,
      count: navCount(listInspections, { size: 1 }, ({ open, late }) => ({ waiting: open, late: late > 0 })),
    },
    { group: "duty", label: "办理设定", path: "/subsidy-settings", permission: read, order: 62 },
    { group: "duty", label: "消息推送", path: "/pushes", permission: payeePermissions.push, order: 58 },
    { group: "duty", label: "上门告知", path: "/visits", permission: payeePermissions.visit, order: 59 },
    {
      group: "duty",
      label: "复核申请",
      path: "/reviews",
      permission: payeePermissions.reviews,
      order: 60,
      count: navCount(countReviews, {}, ({ waiting, late }) => ({ waiting, late: late > 0 })),
    },
    { group: "duty", label: "文书模板", path: "/templates", permission: read, order: 61 },
    { group: "duty", label: "资金追溯", path: "/trace", permission: read, order: 63 },
  ],
  pages: [
    { path: "/claims", title: "补贴办理", permission: read, load: () => import("./ClaimsPage.tsx") },
    { path: "/claims/$claimId", title: "补贴件", permission: read, load: () => import("./ClaimPage.tsx") },
    { path: "/applications", title: "补贴申请", permission: read, load: () => import("./ApplicationsPage.tsx") },
    {
      path: "/applications/new",
      title: "代办申请",
      permission: handle,
      load: () => import("./ApplicationNewPage.tsx"),
    },
    {
      path: "/applications/elsewhere",
      title: "代收外地申请",
      permission: handle,
      load: () => import("./ApplicationElsewherePage.tsx"),
    },
    {
      path: "/applications/$applicationId",
      title: "补贴申请",
      permission: read,
      load: () => import("./ApplicationPage.tsx"),
    },
    { path: "/prepayments", title: "预付和结算", permission: read, load: () => import("./PrepaymentsPage.tsx") },
    { path: "/publications", title: "补贴公示", permission: read, load: () => import("./PublicationsPage.tsx") },
    {
      path: "/publications/$publicationId",
      title: "公示名单",
      permission: read,
      load: () => import("./PublicationPage.tsx"),
    },
    { path: "/batches-of-payment", title: "发放批次", permission: read, load: () => import("./BatchesPage.tsx") },
    {
      path: "/batches-of-payment/$batchId",
      title: "发放批次",
      permission: read,
      load: () => import("./BatchPage.tsx"),
    },
    { path: "/pushes", title: "消息推送", permission: payeePermissions.push, load: () => import("./PushPage.tsx") },
    { path: "/visits", title: "上门告知", permission: payeePermissions.visit, load: () => import("./VisitsPage.tsx") },
    {
      path: "/reviews",
      title: "复核申请",
      permission: payeePermissions.reviews,
      load: () => import("./ReviewsPage.tsx"),
    },
    { path: "/templates", title: "文书模板", permission: read, load: () => import("./TemplatesPage.tsx") },
    { path: "/funds", title: "资金额度", permission: read, load: () => import("./FundsPage.tsx") },
    { path: "/unpaid", title: "应补尽补", permission: read, load: () => import("./UnpaidPage.tsx") },
    { path: "/differences", title: "重算差异", permission: read, load: () => import("./DifferencesPage.tsx") },
    { path: "/recoveries", title: "追回", permission: read, load: () => import("./RecoveriesPage.tsx") },
    { path: "/recoveries/$recoveryId", title: "追回件", permission: read, load: () => import("./RecoveryPage.tsx") },
    {
      path: "/recoveries/$recoveryId/letter",
      title: "追回文书",
      permission: read,
      load: () => import("./RecoveryLetterPage.tsx"),
    },
    { path: "/funds/progress", title: "资金使用", permission: read, load: () => import("./FundProgressPage.tsx") },
    { path: "/funds/targets", title: "绩效目标", permission: read, load: () => import("./FundTargetsPage.tsx") },
    { path: "/inspections", title: "检查整改", permission: read, load: () => import("./InspectionsPage.tsx") },
    { path: "/subsidy-settings", title: "办理设定", permission: read, load: () => import("./SettingsPage.tsx") },
    { path: "/trace", title: "资金追溯", permission: read, load: () => import("./TracePage.tsx") },
    { path: "/funds/$fundLineId", title: "资金流水", permission: read, load: () => import("./FundPage.tsx") },
  ],
  personPanels: [
    { slot: "side", order: 15, permission: read, component: PersonClaims },
    { slot: "side", order: 16, permission: handle, component: PersonApply },
  ],
};
export default web;
