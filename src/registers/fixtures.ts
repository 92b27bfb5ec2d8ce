import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";

/** What the tables of a domain's registers stand on, without pages and routes: for tests of domains that keep registers. */
export const registersTables: DomainModule = { name: "registers", migrations: join(import.meta.dirname, "migrations") };
