import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeJobs } from "./synthesize.ts";
import { jobsHoldings } from "./holdings.ts";

export const jobsModule: DomainModule = {
  name: "jobs",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: jobsHoldings,
  seedDemo: (services) => fillCounties(services, synthesizeJobs),
};
