import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { officerHandlers } from "./accounts/officers.ts";
import { organisationHandlers } from "./accounts/organisations.ts";
import { addUserCommands } from "./commands/commands.ts";
import { identityPermissions } from "./contract.ts";
import { seedDemo } from "./demo/seed.ts";
import { colleaguesIn } from "./accounts/colleagues.ts";
import { grantHandlers } from "./accounts/grants.ts";
import { secondFactorHandlers } from "./second-factor/handlers.ts";
import { ownSessionHandlers } from "./sessions/own-sessions.ts";
import { singleSignOnHandlers } from "./single-sign-on/handlers.ts";
import { changePasswordHandler, signInHandler, signOutHandler } from "./sessions/sign-in.ts";
import { whoAmIHandler } from "./sessions/who-am-i.ts";
import { identityHoldings } from "./holdings.ts";

export const identityModule: DomainModule = {
  name: "identity",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: identityHoldings,
  handlers: [
    signInHandler,
    signOutHandler,
    whoAmIHandler,
    changePasswordHandler,
    ...organisationHandlers,
    ...officerHandlers,
    ...grantHandlers,
    ...ownSessionHandlers,
    ...secondFactorHandlers,
    ...singleSignOnHandlers,
  ],
  permissions: {
    [identityPermissions.accounts]: { label: "查看用户", duties: ["system-admin", "security-admin"] },
    [identityPermissions.businessAccounts]: { label: "管理业务人员账号", duties: ["system-admin"] },
    [identityPermissions.administratorAccounts]: { label: "管理三类管理员账号", duties: ["security-admin"] },
    [identityPermissions.secondFactor]: { label: "重置动态口令、规定谁须使用", duties: ["security-admin"] },
    [identityPermissions.links]: { label: "批准统一身份关联", duties: ["security-admin"] },
    [identityPermissions.organisations]: { label: "管理单位", duties: ["system-admin"] },
  },
  envelopes: [
    { table: "identity.second_factor", column: "secret", key: [["officer_id", "bigint"]] },
    { table: "identity.second_factor", column: "pending_secret", key: [["officer_id", "bigint"]] },
    { table: "identity.single_sign_on_attempt", column: "verifier", key: [["state_hash", "text"]] },
  ],
  officersIn: ({ database }, region) => colleaguesIn(database.worker, region),
  commands: addUserCommands,
  seedDemo,
};
