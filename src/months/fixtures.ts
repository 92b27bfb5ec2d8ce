import { addOffice, addTown, HUAYUAN, Office, working, idle, workLedger, type WorkRow } from "../ledger/fixtures.ts";
import { sql } from "kysely";
import type { DomainModule } from "../platform/module.ts";
import type { TestRuntime } from "../platform/testing/index.ts";
import type { OutputOf } from "../platform/contract.ts";
import { acknowledgeMonths, getRegionMonth, submitMonth } from "./contract.ts";

export { HUAYUAN, working, idle, workLedger, type WorkRow };
export const SHUANGLONG = "433124110";
export const HUAYUAN_TOWN = "433124109";
export const XIANGXI = "4331";
export const HUNAN = "43";
export const FENGHUANG = "433123";

/** An officer of a duty at a place, with an office of his own. */
export async function addOfficer(runtime: TestRuntime, login: string, region: string, duty: string): Promise<void> {
  await sql`WITH office AS (INSERT INTO identity.organisation (name, department, region) VALUES (${`人社部门${login}`}, 'human-resources', ${region}) RETURNING organisation_id)
    INSERT INTO identity.officer (login, name, organisation_id, organisation_region, region, duties, password_hash)
    SELECT ${login}, ${`办${login}`}, organisation_id, ${region}, ${region}, ARRAY[${duty}], '$argon2id$none' FROM office`.execute(
    runtime.database.worker,
  );
}

/** Huayuan with two towns, Fenghuang beside it, the city and the province above. */
export async function monthsOffice(runtime: TestRuntime, modules: readonly DomainModule[]): Promise<MonthsOffice> {
  await addOffice(runtime);
  await addOffice(runtime, FENGHUANG, "2");
  await addTown(runtime, SHUANGLONG);
  await addTown(runtime, HUAYUAN_TOWN, "town2");
  await addOfficer(runtime, "city", XIANGXI, "city-dispatcher");
  await addOfficer(runtime, "province", HUNAN, "province-dispatcher");
  await addOfficer(runtime, "leader", XIANGXI, "leader");
  return new MonthsOffice(runtime, modules);
}

export class MonthsOffice extends Office {
  async close(
    region: string,
    month: string,
    as: string,
    more: { missing?: string[]; note?: string } = {},
  ): Promise<OutputOf<typeof submitMonth>> {
    const closed = await this.act(submitMonth, { region, month, ...more }, as);
    await this.drain();
    return closed;
  }

  acknowledge(regions: string[], month: string, as: string): Promise<OutputOf<typeof acknowledgeMonths>> {
    return this.act(acknowledgeMonths, { month, regions }, as);
  }

  month(region: string, month: string, as: string): Promise<OutputOf<typeof getRegionMonth>> {
    return this.act(getRegionMonth, { region, month }, as);
  }

  /** Everybody whom the tables have named is 脱贫人口 since 2018; every third a 监测对象 besides, by the order of his number. */
  async makeLifted(): Promise<void> {
    await sql`INSERT INTO registry.person_category (person_id, category, valid_from, home_region, recorded_on, source)
      SELECT person_id, 'lifted-from-poverty', '2018-01-01'::date, home_region, recorded_on, source FROM registry.person
      UNION ALL SELECT person_id, 'monitored', '2022-01-01'::date, home_region, recorded_on, source FROM registry.person WHERE person_id % 3 = 0
      ON CONFLICT DO NOTHING`.execute(this.runtime.database.worker);
  }
}
