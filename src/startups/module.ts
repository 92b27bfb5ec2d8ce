import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeStartups } from "./synthesize.ts";
import { startupsHoldings } from "./holdings.ts";

export const startupsModule: DomainModule = {
  name: "startups",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: startupsHoldings,
  seedDemo: (services) => fillCounties(services, synthesizeStartups),
};
