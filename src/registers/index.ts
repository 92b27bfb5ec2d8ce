/** The registers' server door. */
export * from "./contract.ts";
