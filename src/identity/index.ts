export { callerAtDesk, callerByLogin } from "./acting.ts";
export { demoAnnouncement } from "./demo/announcement.ts";
export { identityModule } from "./module.ts";
export { permissionsOf } from "./permissions.ts";
export { createGate } from "./sessions/gate.ts";
