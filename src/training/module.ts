import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeTraining } from "./synthesize.ts";
import { trainingHoldings } from "./holdings.ts";

export const trainingModule: DomainModule = {
  name: "training",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: trainingHoldings,
  seedDemo: (services) => fillCounties(services, synthesizeTraining),
};
