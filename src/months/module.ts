import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { calendarHandlers } from "./calendar.ts";
import { closeHandlers } from "./close.ts";
import { monthsCommands } from "./commands.ts";
import { countTask } from "./count.ts";
import { monthsPermissions } from "./contract.ts";
import { seedDemo } from "./demo.ts";
import { readHandlers } from "./read.ts";
import { remindTask } from "./remind.ts";
import { reportHandlers } from "./report/handlers.ts";

export const monthsModule: DomainModule = {
  name: "months",
  migrations: join(import.meta.dirname, "migrations"),
  // Fixed words before patterns: "/api/months/calendar" is no region.
  handlers: [...calendarHandlers, ...closeHandlers, ...readHandlers, ...reportHandlers],
  tasks: [countTask, remindTask],
  permissions: {
    [monthsPermissions.read]: {
      label: "查看月度关账和月报",
      duties: [
        "county-clerk",
        "reviewer",
        "town-officer",
        "city-dispatcher",
        "province-dispatcher",
        "leader",
        "auditor",
      ],
    },
    [monthsPermissions.close]: {
      label: "关账上报本地区月度数据",
      duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher"],
    },
    [monthsPermissions.acknowledge]: {
      label: "签收、退回、重开下级月度数据",
      duties: ["county-clerk", "reviewer", "city-dispatcher", "province-dispatcher"],
    },
    [monthsPermissions.oversee]: { label: "接收月度逾期报告", duties: ["leader", "reviewer"] },
  },
  commands: monthsCommands,
  seedDemo,
};
