/** The server door of welfare posts: what they tell rules and what offices hand over about them. */
export { welfarePostsFacts } from "./facts.ts";
export { welfarePostsModule } from "./module.ts";
export { welfarePostsRegisters } from "./registers.ts";
export { synthesizeWelfarePosts } from "./synthesize.ts";
export { placedAsOfSql } from "./placed.ts";
