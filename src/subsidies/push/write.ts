import { sql } from "kysely";
import { newToken, tokenDigest } from "#identity";
import { openPersonSecret } from "#registry";
import { dayWords } from "../../platform/day-words.ts";
import { addDays } from "../../platform/dates/index.ts";
import type { Tx } from "../../platform/db/database.ts";
import type { Keys } from "../../platform/keys.ts";
import type { TextMessage } from "../../platform/messages.ts";
import type { Services } from "../../platform/module.ts";
import { formatYuan } from "../../platform/money.ts";
import { payeeAnswers, type PayeeOffice, type PushChannel } from "../contract.ts";
import { fillWording } from "../letters/wording.ts";
import { wordingOf, type Wording } from "../letters/store.ts";
import { basisWords } from "../letters/values.ts";
import type { SubsidiesOptions } from "../options.ts";
import { officeOf } from "../payee/office.ts";
import { channelFor, siteOf } from "./channels.ts";

/** Messages written at once; each opens one envelope and seals one. */
const AT_ONCE = 500;

/** By which a link's holder is known to be the payee: the last six digits of his identity number, for this claim alone. */
export const sixDigest = (keys: Keys, claimId: string, lastSix: string): string =>
  keys.keyedHash("row", `benefit-six|${claimId}|${lastSix}`);

interface Told {
  readonly claim_id: string;
  readonly number: string;
  readonly rule_id: string;
  readonly rule_path: string;
  readonly title: string;
  readonly amount_fen: string;
  readonly person_id: string;
  readonly home_region: string;
  readonly name: string;
  readonly secret: Buffer;
  readonly phone_mask: string | null;
  readonly round: number;
}

/**
 * Persons of a county who are to be told of a claim now: it waits for them, they have not said anything but yes, they want messages, and
 * the last one is as many days ago as the office says. Locked against another worker by the unique round of each claim.
 */
const toTell = (region: string, today: string, { everyDays, mostMessages }: PayeeOffice) => sql<Told>`
  SELECT c.claim_id, c.number, c.rule_id, c.rule_path, c.title, c.amount_fen, p.person_id, p.home_region, p.name, p.secret, p.phone_mask, coalesce(l.round, 0) + 1 AS round
  FROM subsidies.claim c JOIN registry.person p ON p.person_id = c.payee_person_id
  LEFT JOIN LATERAL (SELECT max(m.round) AS round, max(m.written_on) AS last, bool_or(m.state = 'visit') AS at_home FROM subsidies.push m WHERE m.claim_id = c.claim_id) l ON true
  WHERE c.state = 'proposed' AND c.region = ${region} AND c.amount_fen > 0 AND p.life_state = 'active'
    AND (l.round IS NULL OR (l.round < ${mostMessages} AND NOT l.at_home AND l.last + ${everyDays}::int <= ${today}::date))
    AND NOT EXISTS (SELECT FROM subsidies.claim_event e WHERE e.claim_id = c.claim_id AND e.act = ANY(${payeeAnswers.filter((one) => one !== "confirm")}::text[]))
    AND coalesce((SELECT w.wanted FROM subsidies.message_wish w WHERE w.person_id = p.person_id ORDER BY w.wish_id DESC LIMIT 1), true)
  ORDER BY c.claim_id LIMIT ${AT_ONCE}`;

/** Counties in which a claim waits for its payee. */
export async function waitingCounties(services: Pick<Services, "database">, under: string): Promise<readonly string[]> {
  const found = await sql<{ region: string }>`SELECT DISTINCT region FROM subsidies.claim
    WHERE state = 'proposed' AND payee_person_id IS NOT NULL AND starts_with(region, ${under}) ORDER BY region`.execute(
    services.database.worker,
  );
  return found.rows.map(({ region }) => region);
}

/**
 * Writes the messages of a county; nothing is sent here. Asked again it writes none twice: a claim has one message of each round.
 * Returns how many were written, and how many people are to be visited instead.
 */
export async function writePushes(
  services: Services,
  { rulebook }: Pick<SubsidiesOptions, "rulebook">,
  region: string,
): Promise<{ readonly written: number; readonly visits: number }> {
  const total = { written: 0, visits: 0 };
  for (;;) {
    const made = await services.database.worker.transaction().execute(async (tx) => {
      const { office } = await officeOf(tx, region);
      const site = siteOf(services);
      const channel = channelFor(services, office);
      if (!office.messages || channel === null || site === null) return null;
      const today = services.businessDate(region);
      const found = await toTell(region, today, office).execute(tx);
      if (found.rows.length === 0) return null;
      const book = await rulebook.get(tx);
      const wording = await wordingOf(tx, region, "message");
      const basisOf = (path: string) => {
        const measure = book.measures.find(({ version }) => version.path === path);
        return measure ? basisWords(book, measure) : "现行政策";
      };
      const given = { office, wording, channel, site, today, keys: services.keys, region };
      return keep(
        tx,
        given,
        found.rows.map((told) => rowOf(given, told, basisOf(told.rule_path))),
      );
    });
    if (made === null) return total;
    total.written += made.written;
    total.visits += made.visits;
    if (made.written + made.visits === 0) return total;
  }
}

interface Given {
  readonly office: PayeeOffice;
  readonly wording: Wording;
  readonly channel: Exclude<PushChannel, "visit">;
  readonly site: string;
  readonly today: string;
  readonly keys: Keys;
  readonly region: string;
}

interface PushToWrite {
  readonly told: Told;
  readonly channel: PushChannel;
  readonly content: Buffer | null;
  readonly tokenHash: string | null;
  readonly sixHash: string | null;
}

/** Behind the mark of the address, which browsers do not send to a server: the token stands in no log. */
const linkOf = (site: string, token: string): string => `${site}/my#benefit=${token}`;

function rowOf(given: Given, told: Told, basis: string): PushToWrite {
  const { office, wording, keys, site, today } = given;
  const { identity, phone } = openPersonSecret(keys, told.secret);
  if (phone === null) return { told, channel: "visit", content: null, tokenHash: null, sixHash: null };
  const token = newToken();
  const text = fillWording(wording.body, {
    机关: office.name,
    姓名: told.name,
    项目: told.title,
    金额: formatYuan(Number(told.amount_fen)),
    编号: told.number,
    依据: basis,
    联系: office.contact,
    链接: linkOf(site, token),
    截止日期: dayWords(addDays(today, office.linkDays)),
  });
  const message: TextMessage = { phone, text, reference: `${told.number}-${told.round}` };
  return {
    told,
    channel: given.channel,
    content: keys.seal(JSON.stringify(message)),
    tokenHash: tokenDigest(token),
    sixHash: sixDigest(keys, told.claim_id, identity.slice(-6).toUpperCase()),
  };
}

async function keep(
  tx: Tx,
  { office, wording, today, region }: Given,
  rows: readonly PushToWrite[],
): Promise<{ readonly written: number; readonly visits: number }> {
  const of = <T>(value: (row: PushToWrite) => T): T[] => rows.map(value);
  const expiresOn = addDays(today, office.linkDays);
  const made = await sql<{ channel: PushChannel }>`
    INSERT INTO subsidies.push (claim_id, round, region, home_region, person_id, rule_id, title, amount_fen, channel, state, phone_mask, content, token_hash, six_hash, template_id, written_on, expires_on)
    SELECT n.claim_id, n.round, ${region}, n.home_region, n.person_id, n.rule_id, n.title, n.amount_fen, n.channel, CASE n.channel WHEN 'visit' THEN 'visit' ELSE 'waiting' END,
      CASE n.channel WHEN 'visit' THEN '' ELSE n.phone_mask END, n.content, n.token_hash, n.six_hash, ${wording.templateId}::bigint, ${today}::date, ${expiresOn}::date
    FROM unnest(${of(({ told }) => told.claim_id)}::bigint[], ${of(({ told }) => told.round)}::int[], ${of(({ told }) => told.home_region)}::text[], ${of(({ told }) => told.person_id)}::bigint[],
      ${of(({ told }) => told.rule_id)}::text[], ${of(({ told }) => told.title)}::text[], ${of(({ told }) => told.amount_fen)}::bigint[], ${of(({ channel }) => channel)}::text[],
      ${of(({ told }) => told.phone_mask ?? "")}::text[], ${of(({ content }) => content)}::bytea[], ${of(({ tokenHash }) => tokenHash)}::text[], ${of(({ sixHash }) => sixHash)}::text[])
      AS n(claim_id, round, home_region, person_id, rule_id, title, amount_fen, channel, phone_mask, content, token_hash, six_hash)
    ON CONFLICT (claim_id, round) DO NOTHING RETURNING channel`.execute(tx);
  const visits = made.rows.filter(({ channel }) => channel === "visit").length;
  return { written: made.rows.length - visits, visits };
}
