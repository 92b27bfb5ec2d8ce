/** What the screen and other domains may know of duplicates: shapes, words and routes. Pure. */
export * from "./permissions.ts";
export * from "./pairs/contract.ts";
export * from "./merge/contract.ts";
export * from "./transfers/contract.ts";
