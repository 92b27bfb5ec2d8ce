export type { PostgresConnection } from "./address.ts";
export { PostgresProblem, type PostgresProblemCode } from "./problems.ts";
export { startPostgres, type PostgresServer, type StartOptions } from "./start-postgres.ts";
