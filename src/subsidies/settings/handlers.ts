import { regionNames, sees } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import {
  listOfficeSettings,
  setOfficeSetting,
  settingKinds,
  subsidiesPermissions,
  type Setting,
  type SettingKind,
} from "../contract.ts";
import { COUNTY_DIGITS, officeOf, placeOf } from "../places.ts";
import { subsidiesProblems } from "../problems.ts";
import { SAMPLES } from "../terms.ts";
import { insertSetting, settingsAbove, storedInForce, type StoredSetting } from "./store.ts";

const sampleOf = (kind: SettingKind): Setting => ({
  settingId: null,
  kind,
  value: SAMPLES[kind],
  place: null,
  validFrom: null,
  document: null,
  setByName: null,
});

async function toSettings(tx: Tx, rows: readonly StoredSetting[]): Promise<Setting[]> {
  const nameOf = await regionNames(
    tx,
    rows.map(({ region }) => region),
  );
  return rows.map((row) => ({
    settingId: row.setting_id,
    kind: row.kind,
    value: row.value,
    place: placeOf(nameOf, row.region),
    validFrom: row.valid_from,
    document: row.document,
    setByName: row.set_by_name,
  }));
}

export function settingHandlers(): readonly Handler[] {
  return [
    handle(listOfficeSettings, async ({ tx, caller, businessDate }, { region }) => {
      const scope = caller.sight.region;
      if (scope === null || (region && !sees(scope, region))) refuse(platformProblems.outOfScope());
      // Whoever answers for a part of a county works by the county's.
      const office = (region ?? scope).slice(0, COUNTY_DIGITS);
      const inForce: Setting[] = [];
      for (const kind of settingKinds) {
        const stored = (await storedInForce(tx, kind, [office], businessDate)).get(office);
        inForce.push(stored ? (await toSettings(tx, [stored]))[0]! : sampleOf(kind));
      }
      return {
        inForce,
        history: await toSettings(tx, await settingsAbove(tx, office)),
        maySet: caller.permissions.has(subsidiesPermissions.settings) && office === scope,
      };
    }),

    handle(setOfficeSetting, async (context, { setting, validFrom, document }) => {
      const { tx, caller, businessDate } = context;
      const region = officeOf(caller.sight.region);
      // What was done stays as it was decided: nothing is set for days that are over.
      if (validFrom < businessDate) refuse(subsidiesProblems.settingInPast(businessDate));
      const settingId = await insertSetting(tx, {
        region,
        ...setting,
        validFrom,
        document,
        officerId: caller.officerId,
        name: caller.name,
      });
      context.audit({
        subject: `subsidies.setting:${settingId}`,
        region,
        setting: setting.kind,
        value: JSON.stringify(setting.value),
        validFrom,
        document,
      });
      return { settingId };
    }),
  ];
}
