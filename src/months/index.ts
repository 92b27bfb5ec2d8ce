/** What other domains may ask of the months, on the server. */
export * from "./contract.ts";
export { monthsModule } from "./module.ts";
export { monthDutiesOf } from "./duties.ts";
