import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { calendarHandlers } from "./calendar.ts";
import { closeHandlers } from "./close.ts";
import { monthsCommands } from "./commands.ts";
import { countTask } from "./count.ts";
import { seedDemo } from "./demo.ts";
import { monthsRoles } from "./permissions.ts";
import { readHandlers } from "./read.ts";
import { remindTask } from "./remind.ts";
import { reportHandlers } from "./report/handlers.ts";

export const monthsModule: DomainModule = {
  name: "months",
  migrations: join(import.meta.dirname, "migrations"),
  // Fixed words before patterns: "/api/months/calendar" is no region.
  handlers: [...calendarHandlers, ...closeHandlers, ...readHandlers, ...reportHandlers],
  tasks: [countTask, remindTask],
  permissions: monthsRoles,
  commands: monthsCommands,
  seedDemo,
};
