/** What the screen and other domains may know of the months: life cycle, calendar, figures and routes. Pure. */
export * from "./flow-contract.ts";
export * from "./calendar-contract.ts";
export * from "./figures-contract.ts";
export * from "./months-contract.ts";
export * from "./report-contract.ts";
