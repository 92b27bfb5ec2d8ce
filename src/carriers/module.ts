import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeCarriers } from "./synthesize.ts";

export const carriersModule: DomainModule = {
  name: "carriers",
  migrations: join(import.meta.dirname, "migrations"),
  seedDemo: (services) => fillCounties(services, synthesizeCarriers),
};
