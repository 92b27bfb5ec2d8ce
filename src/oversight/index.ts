export { oversightFacts } from "./facts/index.ts";
