import { join } from "node:path";
import type { DomainModule, Handler } from "../platform/module.ts";
import { exportPermissions } from "./contract.ts";
import { exportHandlers } from "./handlers.ts";
import { isExportHandler } from "./list.ts";
import { exportsHoldings } from "./holdings.ts";

/** `handlers`: of the whole program, among which the lists are that may be asked for. Known once all modules are. */
export function exportsModule(handlers: () => readonly Handler[]): DomainModule {
  return {
    name: "exports",
    migrations: join(import.meta.dirname, "migrations"),
    holdings: exportsHoldings,
    handlers: exportHandlers(() => handlers().filter(isExportHandler)),
    permissions: {
      [exportPermissions.approve]: { label: "审批导出", duties: ["reviewer", "leader"] },
      [exportPermissions.trace]: { label: "导出溯源", duties: ["auditor", "audit-admin"] },
    },
  };
}
