import { navCount, type WebModule } from "../../ui/index.ts";
import { ledgerPermissions, listBatches } from "../contract.ts";

const web: WebModule = {
  name: "ledger",
  nav: [
    {
      group: "duty",
      label: "本月台账",
      path: "/ledger",
      permission: ledgerPermissions.read,
      order: 10,
      count: navCount(listBatches, { page: 1, size: 1, state: "compared" }, (page) => ({
        waiting: page.total,
        late: false,
      })),
    },
  ],
  pages: [
    { path: "/ledger", title: "本月台账", permission: ledgerPermissions.read, load: () => import("./BatchesPage.tsx") },
    {
      path: "/ledger/receive",
      title: "接收台账",
      permission: ledgerPermissions.write,
      load: () => import("./ReceivePage.tsx"),
    },
    {
      path: "/ledger/$batchId",
      title: "台账批次",
      permission: ledgerPermissions.read,
      load: () => import("./BatchPage.tsx"),
    },
  ],
};
export default web;
