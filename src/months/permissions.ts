import type { DomainModule } from "../platform/module.ts";
import { monthsPermissions } from "./contract.ts";

/** Which duties close, acknowledge and oversee. At which level is the officer's own region's matter. */
export const monthsRoles: NonNullable<DomainModule["permissions"]> = {
  [monthsPermissions.read]: {
    label: "查看月度关账和月报",
    duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher", "leader", "auditor"],
  },
  [monthsPermissions.close]: {
    label: "关账上报本地区月度数据",
    duties: ["county-clerk", "reviewer", "town-officer", "city-dispatcher", "province-dispatcher"],
  },
  [monthsPermissions.acknowledge]: {
    label: "签收、退回、重开下级月度数据",
    duties: ["county-clerk", "reviewer", "city-dispatcher", "province-dispatcher"],
  },
  [monthsPermissions.oversee]: { label: "接收月度逾期报告", duties: ["leader", "reviewer"] },
};
