import { navCount, type WebModule } from "../../ui/index.ts";
import { countApplications, countClaims, listInspections, subsidiesPermissions } from "../contract.ts";
import { PersonApply } from "./PersonApply.tsx";
import { PersonClaims } from "./PersonClaims.tsx";

const { handle, read } = subsidiesPermissions;
/** States in which somebody at a desk has to act. */
const AT_A_DESK = new Set(["submitted", "accepted", "checked", "escalated", "cleared"]);

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
    {
      group: "duty",
      label: "检查整改",
      path: "/inspections",
      permission: read,
      order: 54,
      count: navCount(listInspections, { size: 1 }, ({ open, late }) => ({ waiting: open, late: late > 0 })),
    },
    { group: "duty", label: "办理设定", path: "/subsidy-settings", permission: read, order: 55 },
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
    { path: "/funds", title: "资金额度", permission: read, load: () => import("./FundsPage.tsx") },
    { path: "/funds/progress", title: "资金使用", permission: read, load: () => import("./FundProgressPage.tsx") },
    { path: "/funds/targets", title: "绩效目标", permission: read, load: () => import("./FundTargetsPage.tsx") },
    { path: "/inspections", title: "检查整改", permission: read, load: () => import("./InspectionsPage.tsx") },
    { path: "/subsidy-settings", title: "办理设定", permission: read, load: () => import("./SettingsPage.tsx") },
    { path: "/funds/$fundLineId", title: "资金流水", permission: read, load: () => import("./FundPage.tsx") },
  ],
  personPanels: [
    { slot: "side", order: 15, permission: read, component: PersonClaims },
    { slot: "side", order: 16, permission: handle, component: PersonApply },
  ],
};
export default web;
