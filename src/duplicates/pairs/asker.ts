import type { ActionContext } from "../../platform/module.ts";
import type { Asker } from "./store.ts";

export const askerOf = ({ caller, businessDate }: ActionContext): Asker => ({
  scope: caller.sight.region,
  officerId: caller.officerId,
  businessDate,
});
