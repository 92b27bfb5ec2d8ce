export { callerByLogin } from "./acting.ts";
export { demoAccounts, demoPassword } from "./demo/accounts.ts";
export { identityModule } from "./module.ts";
export { permissionsOf } from "./permissions.ts";
export { createGate } from "./sessions/gate.ts";
