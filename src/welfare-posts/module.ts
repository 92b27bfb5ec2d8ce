import { join } from "node:path";
import { fillCounties } from "#registry";
import type { DomainModule } from "../platform/module.ts";
import { synthesizeWelfarePosts } from "./synthesize.ts";
import { welfarePostsHoldings } from "./holdings.ts";

export const welfarePostsModule: DomainModule = {
  name: "welfare-posts",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: welfarePostsHoldings,
  seedDemo: (services) => fillCounties(services, synthesizeWelfarePosts),
};
