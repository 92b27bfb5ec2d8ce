import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { ownerDuties } from "./comparisons/owners.ts";
import { comparisonHandlers } from "./comparisons/handlers.ts";
import { employerHandlers } from "./employers/handlers.ts";
import { householdHandler } from "./households/handlers.ts";
import { personHandlers } from "./persons/handlers.ts";
import { registryPermissions } from "./permissions.ts";
import { prepareRegistry, seedSampleAliases } from "./prepare.ts";
import { regionHandlers } from "./regions/handlers.ts";
import { registryHoldings } from "./holdings.ts";

export const registryModule: DomainModule = {
  name: "registry",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: registryHoldings,
  prepare: prepareRegistry,
  envelopes: [
    // The history first: a cell is compared with it by its envelope, and what is touched meanwhile is touched in the row.
    ...(["before", "after"] as const).map((column) => ({
      table: "registry.change",
      column,
      key: [
        ["person_id", "bigint"],
        ["change_id", "bigint"],
      ] as const,
      resealedBy: "registry.reseal_history",
    })),
    { table: "registry.person", column: "secret", key: [["person_id", "bigint"]] },
    { table: "registry.comparison", column: "claimed_secret", key: [["comparison_id", "bigint"]] },
  ],
  seedDemo: seedSampleAliases,
  handlers: [...regionHandlers, ...personHandlers, householdHandler, ...employerHandlers, ...comparisonHandlers],
  permissions: {
    [registryPermissions.read]: {
      label: "查看人员与家庭",
      duties: [
        "county-clerk",
        "reviewer",
        "town-officer",
        "village-worker",
        "city-dispatcher",
        "province-dispatcher",
        "finance",
        "auditor",
        "leader",
        // Whoever drafts rules tries them on persons of his area.
        "policy",
      ],
    },
    [registryPermissions.edit]: { label: "修改人员信息、维护区划别名", duties: ["county-clerk", "town-officer"] },
    // Whoever must reach people or check a document; finance and leaders work with masks.
    [registryPermissions.unmask]: {
      label: "查看完整号码",
      duties: ["county-clerk", "reviewer", "town-officer", "village-worker", "auditor"],
    },
    [registryPermissions.export]: {
      label: "导出人员名单",
      duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher", "auditor"],
    },
    [registryPermissions.compare]: { label: "处理比对任务", duties: ownerDuties },
    [registryPermissions.employers]: { label: "登记和关联用人单位", duties: ["county-clerk", "town-officer"] },
  },
};
