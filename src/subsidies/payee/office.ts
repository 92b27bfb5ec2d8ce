import { sql } from "kysely";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { getPayeeOffice, setPayeeOffice, type PayeeOffice } from "../contract.ts";

interface StoredOffice {
  readonly name: string;
  readonly mark: string;
  readonly contact: string;
  readonly review_body: string;
  readonly court: string;
  readonly messages: boolean;
  readonly channel: "sms" | "wechat";
  readonly every_days: number;
  readonly most_messages: number;
  readonly link_days: number;
  readonly quiet_from: number;
  readonly quiet_to: number;
  readonly set_by_name: string;
}

/**
 * What holds until an office has set its own: a sample, made of the county's name. Since 2024 complaints against an office of a county
 * go to the county's government (行政复议法 第二十四条).
 */
function sampleOffice(countyName: string): PayeeOffice {
  const [first = "本"] = countyName;
  return {
    name: `${countyName}人力资源和社会保障局`,
    mark: `${first}人社`,
    contact: `${countyName}人力资源和社会保障局 12333`,
    reviewBody: `${countyName}人民政府`,
    court: `${countyName}人民法院`,
    messages: true,
    channel: "sms",
    everyDays: 15,
    mostMessages: 3,
    linkDays: 15,
    quietFrom: 21,
    quietTo: 8,
  };
}

export interface FoundOffice {
  readonly office: PayeeOffice;
  /** Null: a sample. */
  readonly setByName: string | null;
}

/** How the office of a county speaks to payees. */
export async function officeOf(tx: Tx, region: string): Promise<FoundOffice> {
  const county = region.slice(0, 6);
  const found = await sql<StoredOffice>`SELECT * FROM subsidies.payee_office WHERE region = ${county}`.execute(tx);
  const [row] = found.rows;
  if (!row) return { office: sampleOffice((await regionNames(tx, [county]))(county).name), setByName: null };
  return {
    office: {
      name: row.name,
      mark: row.mark,
      contact: row.contact,
      reviewBody: row.review_body,
      court: row.court,
      messages: row.messages,
      channel: row.channel,
      everyDays: row.every_days,
      mostMessages: row.most_messages,
      linkDays: row.link_days,
      quietFrom: row.quiet_from,
      quietTo: row.quiet_to,
    },
    setByName: row.set_by_name,
  };
}

/** The county whose office the caller speaks for: whoever answers for more than one speaks for none, nor does a town. */
export function ownCounty({ caller }: Pick<ActionContext, "caller">): string {
  const { region } = caller.sight;
  return region?.length === 6 ? region : refuse(platformProblems.outOfScope());
}

export const officeHandlers: readonly Handler[] = [
  handle(getPayeeOffice, async (context) => {
    const region = ownCounty(context);
    const { office, setByName } = await officeOf(context.tx, region);
    return { ...office, region, sample: setByName === null, setByName };
  }),

  handle(setPayeeOffice, async (context, given) => {
    const { tx, caller } = context;
    const region = ownCounty(context);
    await sql`INSERT INTO subsidies.payee_office (region, name, mark, contact, review_body, court, messages, channel, every_days, most_messages, link_days, quiet_from, quiet_to, set_by_name)
      VALUES (${region}, ${given.name}, ${given.mark}, ${given.contact}, ${given.reviewBody}, ${given.court}, ${given.messages}, ${given.channel}, ${given.everyDays}, ${given.mostMessages},
        ${given.linkDays}, ${given.quietFrom}, ${given.quietTo}, ${caller.name})
      ON CONFLICT (region) DO UPDATE SET name = EXCLUDED.name, mark = EXCLUDED.mark, contact = EXCLUDED.contact, review_body = EXCLUDED.review_body, court = EXCLUDED.court,
        messages = EXCLUDED.messages, channel = EXCLUDED.channel, every_days = EXCLUDED.every_days, most_messages = EXCLUDED.most_messages, link_days = EXCLUDED.link_days,
        quiet_from = EXCLUDED.quiet_from, quiet_to = EXCLUDED.quiet_to, set_by_name = EXCLUDED.set_by_name, set_at = now()`.execute(
      tx,
    );
    context.audit({ subject: `subsidies.office:${region}`, region, office: given.name, messages: given.messages });
    return {};
  }),
];
