import { sql } from "kysely";
import { carrierOf, type MessageCarrier, type TextMessage } from "../../platform/messages.ts";
import type { Services } from "../../platform/module.ts";
import type { TaskContext } from "../../platform/tasks/definition.ts";
import type { PushChannel } from "../contract.ts";
import type { SubsidiesOptions } from "../options.ts";
import { officeOf } from "../payee/office.ts";
import { hourInChina, isQuiet } from "./quiet.ts";
import { waitingCounties, writePushes } from "./write.ts";

/** So few that little is left unknown when the worker ends among them. */
const AT_ONCE = 20;
const MOST_ATTEMPTS = 3;
const AGAIN_MINUTES = 30;
/** What stands on the row when a carrier says no more than that it did not. */
const REFUSED = "短信、公众号服务没有接收";

interface Taken {
  readonly push_id: string;
  readonly channel: PushChannel;
  readonly content: Buffer | null;
  readonly attempts: number;
}

/**
 * Notes first that these are being sent, and has that committed: a worker that ends between the two leaves them as of unknown fate, and
 * nobody sends them again.
 */
async function take(services: Services, region: string): Promise<readonly Taken[]> {
  const taken = await sql<Taken>`UPDATE subsidies.push SET state = 'sending', attempts = attempts + 1
    WHERE push_id IN (SELECT p.push_id FROM subsidies.push p JOIN subsidies.claim c ON c.claim_id = p.claim_id
      WHERE p.region = ${region} AND p.state = 'waiting' AND p.next_at <= now() AND c.state = 'proposed' ORDER BY p.push_id LIMIT ${AT_ONCE} FOR UPDATE OF p SKIP LOCKED)
    RETURNING push_id, channel, content, attempts`.execute(services.database.worker);
  return taken.rows;
}

/** Sends what waits in a county. Returns how many were handed over and how many were not. */
export async function sendWaiting(
  services: Services,
  region: string,
  carriers: (channel: PushChannel) => MessageCarrier | null = (channel) => ownCarrier(services, channel),
): Promise<{ readonly sent: number; readonly refused: number }> {
  const total = { sent: 0, refused: 0 };
  for (;;) {
    const taken = await take(services, region);
    if (taken.length === 0) return total;
    const outcomes = await Promise.all(taken.map((one) => sendOne(services, one, carriers(one.channel))));
    const [sent, refused] = [taken.filter((_, at) => outcomes[at]), taken.filter((_, at) => !outcomes[at])];
    await settle(services, sent, refused);
    total.sent += sent.length;
    total.refused += refused.length;
  }
}

/** The outbox of a demonstration takes everything, and keeps it to be looked at. */
function ownCarrier(services: Services, channel: PushChannel): MessageCarrier | null {
  if (channel === "outbox") return { send: () => Promise.resolve() };
  return channel === "visit" ? null : carrierOf(services, channel);
}

async function sendOne(services: Services, { content }: Taken, carrier: MessageCarrier | null): Promise<boolean> {
  if (!carrier || !content) return false;
  try {
    await carrier.send(JSON.parse(services.keys.open(content)) as TextMessage);
    return true;
  } catch {
    // What a carrier says may hold the number: it is neither logged nor kept.
    return false;
  }
}

async function settle(services: Services, sent: readonly Taken[], refused: readonly Taken[]): Promise<void> {
  const idsOf = (rows: readonly Taken[]) => rows.map(({ push_id }) => push_id);
  const { worker } = services.database;
  // Number and text have served; what the demonstration shows goes with its time.
  await sql`UPDATE subsidies.push SET state = 'sent', sent_at = now(), content = CASE channel WHEN 'outbox' THEN content END
    WHERE push_id = ANY(${idsOf(sent)}::bigint[])`.execute(worker);
  await sql`UPDATE subsidies.push SET state = CASE WHEN attempts < ${MOST_ATTEMPTS} THEN 'waiting' ELSE 'failed' END, problem = ${REFUSED},
      content = CASE WHEN attempts < ${MOST_ATTEMPTS} THEN content END, next_at = now() + make_interval(mins => ${AGAIN_MINUTES} * attempts)
    WHERE push_id = ANY(${idsOf(refused)}::bigint[])`.execute(worker);
}

/** Writes and sends for every county under `region` whose telephones may ring now. */
export async function pushAll(
  options: Pick<SubsidiesOptions, "rulebook">,
  { services, progress, signal }: Pick<TaskContext, "services" | "progress" | "signal">,
  region: string,
): Promise<void> {
  const counties = await waitingCounties(services, region);
  for (const [done, county] of counties.entries()) {
    if (signal.aborted) return;
    await progress("发送补贴消息", done, counties.length);
    await writePushes(services, options, county);
    if (await mayRing(services, county)) await sendWaiting(services, county);
  }
}

/** Telephones may ring in this hour; the outbox of a demonstration rings none. */
async function mayRing(services: Services, county: string): Promise<boolean> {
  if (carrierOf(services, "sms") === null && carrierOf(services, "wechat") === null) return true;
  const { office } = await services.database.worker.transaction().execute((tx) => officeOf(tx, county));
  return !isQuiet(hourInChina(new Date()), office.quietFrom, office.quietTo);
}
