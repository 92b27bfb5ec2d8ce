export { plantErrors, type PlantOptions, type PlantResult } from "./plant.ts";
export type { ErrorCounts } from "./choose.ts";
export type { KeyEntry } from "./edits.ts";
export { errorKindIds, errorKinds, type ErrorKindId } from "./kinds.ts";
