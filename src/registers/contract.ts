/** What the screen and other domains may know of the registers: definitions, shapes, words and routes. Pure. */
export type { RegisterColumn, RegisterDefinition } from "./definition.ts";
export * from "./permissions.ts";
export * from "./rows-contract.ts";
export * from "./imports-contract.ts";
export * from "./writing-contract.ts";
