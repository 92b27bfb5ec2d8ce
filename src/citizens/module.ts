import { join } from "node:path";
import type { DomainModule } from "../platform/module.ts";
import { citizensPermissions } from "./contract.ts";
import { correctionHandlers } from "./corrections.ts";
import { enterpriseHandlers } from "./enterprises.ts";
import { identifyAccount } from "./gate.ts";
import { linkHandlers } from "./links.ts";
import { mandateHandlers } from "./mandates.ts";
import { handOver, MESSAGE_WRITTEN } from "./messages.ts";
import { myDataHandlers } from "./my-data.ts";
import { citizensPages } from "./pages.ts";
import { signInHandlers } from "./sign-in.ts";
import { citizensHoldings } from "./holdings.ts";

export const citizensModule: DomainModule = {
  name: "citizens",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: citizensHoldings,
  envelopes: [
    { table: "citizens.message", column: "content", key: [["message_id", "bigint"]] },
    { table: "citizens.correction", column: "secret", key: [["correction_id", "bigint"]] },
  ],
  accounts: { prefix: "/api/citizen/", identify: identifyAccount },
  handlers: [
    ...signInHandlers,
    ...myDataHandlers,
    ...correctionHandlers,
    ...mandateHandlers,
    ...linkHandlers,
    ...enterpriseHandlers,
  ],
  publicPages: citizensPages,
  subscribers: { [MESSAGE_WRITTEN]: handOver },
  permissions: {
    [citizensPermissions.answer]: { label: "办理更正申请、审核企业账号", duties: ["county-clerk", "town-officer"] },
    [citizensPermissions.act]: {
      label: "登记代办授权、代办、发放一次性链接",
      duties: ["county-clerk", "town-officer", "village-worker"],
    },
  },
};
