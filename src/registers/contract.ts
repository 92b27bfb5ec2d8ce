/** What domains and screens know of registers: how one is defined. */
export type { RegisterColumn, RegisterDefinition } from "./definition.ts";
