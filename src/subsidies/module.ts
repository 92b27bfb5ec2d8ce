import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeSubsidies } from "./synthesize.ts";
import { subsidiesHoldings } from "./holdings.ts";

export const subsidiesModule: DomainModule = {
  name: "subsidies",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: subsidiesHoldings,
  seedDemo: (services) => fillCounties(services, synthesizeSubsidies),
};
