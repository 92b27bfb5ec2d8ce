import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeBrands } from "./synthesize.ts";

export const brandsModule: DomainModule = {
  name: "brands",
  migrations: join(import.meta.dirname, "migrations"),
  seedDemo: (services) => fillCounties(services, synthesizeBrands),
};
