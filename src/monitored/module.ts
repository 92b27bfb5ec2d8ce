import type { HelpSource } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { monitoredHandlers } from "./handlers.ts";

/** 监测对象早发现、早帮扶、早就业 (GS25-10): three time stamps of each, read from what other domains hold; no table of its own. */
export function monitoredModule(helps: readonly HelpSource[]): DomainModule {
  return { name: "monitored", handlers: monitoredHandlers(helps) };
}
