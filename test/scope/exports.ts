import { exportPersons } from "../../src/registry/contract.ts";
import { secretText } from "./tokens.ts";
import { counties, type World } from "./world.ts";

/** Lists that somebody of each county asked for: one waits, one was approved by somebody else. */
export async function addExports(world: World, offices: readonly string[] = counties): Promise<void> {
  for (const region of offices) {
    const secret = { class: "员", places: [region] } as const;
    const asked = {
      route: exportPersons.path,
      title: "人员名单",
      about: secretText(secret),
      input: { purpose: "核对数据范围" },
      purpose: secretText(secret),
      persons: true,
      unmasked: false,
      region,
      officer_id: world.fresh(),
      officer_name: secretText(secret),
      organisation: secretText(secret),
      business_date: "2025-06-18",
      rows_asked: 3,
    };
    await world.put("exports.export", { ...asked, export_id: world.id("export", secret), state: "waiting" });
    await world.put("exports.export", {
      ...asked,
      export_id: world.id("export", secret),
      state: "approved",
      decided_by: world.fresh(),
      decided_name: secretText(secret),
      decided_organisation: secretText(secret),
      decided_at: "2025-06-18T09:00:00+08:00",
      expires_at: "2099-06-18T09:00:00+08:00",
    });
  }
}
