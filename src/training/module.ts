import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeTraining } from "./synthesize.ts";

export const trainingModule: DomainModule = {
  name: "training",
  migrations: join(import.meta.dirname, "migrations"),
  seedDemo: (services) => fillCounties(services, synthesizeTraining),
};
