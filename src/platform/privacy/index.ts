export * from "./holdings.ts";
export * from "./law.ts";
export * from "./periods.ts";
