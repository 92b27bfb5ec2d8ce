import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { enqueue } from "../platform/tasks/queue.ts";
import { privacyCommands } from "./commands.ts";
import { privacyPermissions } from "./contract.ts";
import { fieldHandlers } from "./fields/handlers.ts";
import { privacyHoldings } from "./holdings.ts";
import { noticePages } from "./notice.ts";
import { requestHandlers } from "./requests/handlers.ts";
import { bookOf } from "./retention/book.ts";
import { retentionHandlers } from "./retention/handlers.ts";
import { runHandlers } from "./retention/run-handlers.ts";
import { repeatErasures } from "./retention/run.ts";
import { CONSENT_WITHDRAWN, PRIVACY_QUEUE, privacyTasks } from "./task-names.ts";
import { privacyTaskDefinitions } from "./tasks.ts";

/** `modules`: every module of the program, this one included; what they hold of people is asked for when it is needed. */
export function privacyModule(modules: () => readonly DomainModule[]): DomainModule {
  return {
    name: "privacy",
    migrations: join(import.meta.dirname, "migrations"),
    holdings: privacyHoldings(() => bookOf(modules()).files),
    handlers: [
      ...fieldHandlers(modules),
      ...retentionHandlers(modules),
      ...runHandlers(modules),
      ...requestHandlers(modules),
    ],
    publicPages: noticePages(modules),
    tasks: privacyTaskDefinitions(modules),
    commands: privacyCommands(modules),
    subscribers: {
      [CONSENT_WITHDRAWN]: async (tx, _services, { homeRegion }) => {
        const task = { name: privacyTasks.withdrawals, payload: {}, subject: "privacy.withdrawals" };
        await enqueue(tx, { ...task, region: String(homeRegion), queue: PRIVACY_QUEUE }, null);
      },
    },
    begin: async (services) => void (await repeatErasures(services, bookOf(modules()))),
    permissions: {
      [privacyPermissions.read]: {
        label: "查看保存期限、清除记录",
        duties: ["security-admin", "system-admin", "audit-admin", "auditor"],
      },
      [privacyPermissions.manage]: { label: "提出保存期限、预览和启动清除", duties: ["security-admin"] },
      [privacyPermissions.approve]: { label: "批准保存期限", duties: ["system-admin"] },
      [privacyPermissions.decide]: { label: "办理删除申请", duties: ["county-clerk", "town-officer"] },
    },
  };
}
