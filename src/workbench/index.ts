/** The home page: what is due today, computed from what the other domains publish. Owns no facts. */
export * from "./contract.ts";
export { workbenchModule } from "./module.ts";
