export { citizensModule } from "./module.ts";
