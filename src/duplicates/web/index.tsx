import { registryPermissions } from "#registry/contract";
import { navCount, type WebModule } from "../../ui/index.ts";
import { countPairs, countTransfers, duplicatesPermissions } from "../contract.ts";

const { read } = registryPermissions;
const { transfer } = duplicatesPermissions;

const web: WebModule = {
  name: "duplicates",
  nav: [
    {
      group: "duty",
      label: "重复档案",
      path: "/duplicates",
      permission: read,
      order: 41,
      count: navCount(countPairs, {}, (answer) => ({ waiting: answer.open, late: answer.overdue > 0 })),
    },
    {
      group: "duty",
      label: "跨县转移",
      path: "/transfers",
      permission: transfer,
      order: 42,
      count: navCount(countTransfers, {}, (answer) => ({ waiting: answer.received, late: answer.overdue > 0 })),
    },
  ],
  pages: [
    { path: "/duplicates", title: "重复档案", permission: read, load: () => import("./PairsPage.tsx") },
    { path: "/duplicates/merges", title: "档案合并", permission: read, load: () => import("./MergesPage.tsx") },
    { path: "/duplicates/$pairId", title: "疑似重复", permission: read, load: () => import("./PairPage.tsx") },
    { path: "/transfers", title: "跨县转移", permission: transfer, load: () => import("./TransfersPage.tsx") },
  ],
};
export default web;
