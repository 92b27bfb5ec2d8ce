/** The server door of the early detection of monitored persons. */
export { monitoredModule } from "./module.ts";
