import type { Client } from "pg";
import { asUuid, bankAccountHash } from "#registry";
import type { Keys } from "../../src/platform/keys.ts";

const DAY = "2025-06-18";
const SEALED_AT_ONCE = 5_000;
/** Payees of these worlds: organisations, whose accounts are this domain's own. */
const FIRST_PAYEE = 900_000_000_000;

export interface ClearedClaims {
  readonly region: string;
  readonly count: number;
  readonly fundLineId: string;
  /** So many claims of such worlds there are already: each payee has one. */
  readonly before?: number;
}

/** A line with enough for whatever is to be paid. */
export async function addLine(owner: Client, region: string, document = "湘财社〔2025〕1号"): Promise<string> {
  const { rows } = await owner.query<{ fund_line_id: string }>(
    `INSERT INTO subsidies.fund_line (region, fund, level, year, document, valid_from) VALUES ($1, '就业专项资金', '省级', 2025, $2, '2025-01-01') RETURNING fund_line_id`,
    [region, document],
  );
  const fundLineId = rows[0]!.fund_line_id;
  await owner.query(
    `INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, note, officer_name, business_date) VALUES ($1, $2, 'budget', 900000000000000, $3, '测', $4)`,
    [fundLineId, region, document, DAY],
  );
  return fundLineId;
}

/**
 * Claims that wait to be paid, with items, history, money kept and an account each; of the measures in force in turn. Amounts differ, so
 * that lines which change places are found out.
 */
export async function addClearedClaims(owner: Client, keys: Keys, given: ClearedClaims): Promise<void> {
  const { region, count, fundLineId, before = 0 } = given;
  const from = FIRST_PAYEE + before;
  await owner.query(
    `WITH versions AS (SELECT version_id, path, rule_id, title, row_number() OVER (ORDER BY version_id) - 1 AS turn, count(*) OVER () AS n FROM policy.version WHERE state = 'published' AND kind = 'measure')
     INSERT INTO subsidies.claim (region, way, handling, rule_path, rule_id, version_id, title, fund, payee_subject, payee_kind, payee_id, payee_name, items, persons, amount_fen, state, received_on, decided_on, fund_line_id)
     SELECT $1, 'proactive', '申请确认', v.path, v.rule_id, v.version_id, v.title, '就业专项资金', '介绍机构', 'agency', $2::bigint + g, '测试机构' || g, 2, 0, 10000 + (g * 7919) % 90001, 'cleared', $5, $5, $4
     FROM generate_series(1, $3::int) g JOIN versions v ON v.turn = g % v.n ORDER BY g`,
    [region, from, count, fundLineId, DAY],
  );
  const own = "payee_kind = 'agency' AND payee_id > $1 AND payee_id <= $1 + $2";
  await owner.query(
    `INSERT INTO subsidies.claim_item (claim_id, region, rule_path, row_key, benefit_keys, event_date, amount_fen, facts)
     SELECT claim_id, region, rule_path, claim_id || '-' || part, '{}', $3, CASE part WHEN 1 THEN 1000 ELSE amount_fen - 1000 END, jsonb_build_object('recorded', true, 'part', part)
     FROM subsidies.claim, generate_series(1, 2) part WHERE ${own}`,
    [from, count, DAY],
  );
  await owner.query(
    `INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_name, business_date)
     SELECT claim_id, region, act, CASE act WHEN 'find' THEN 'checked' WHEN 'approve' THEN 'approved' ELSE 'cleared' END, amount_fen, '测', $3
     FROM subsidies.claim, unnest(ARRAY['find', 'approve', 'clear']) act WHERE ${own} ORDER BY claim_id, array_position(ARRAY['find', 'approve', 'clear'], act)`,
    [from, count, DAY],
  );
  await owner.query(
    `INSERT INTO subsidies.fund_movement (fund_line_id, region, kind, amount_fen, claim_id, officer_name, business_date)
     SELECT fund_line_id, region, 'reserve', amount_fen, claim_id, '测', $3 FROM subsidies.claim WHERE ${own}`,
    [from, count, DAY],
  );
  for (let at = 1; at <= count; at += SEALED_AT_ONCE) {
    const some = Array.from({ length: Math.min(SEALED_AT_ONCE, count - at + 1) }, (_, index) => {
      const payee = from + at + index;
      const account = `6217${payee}`;
      return {
        key: `agency:${payee}`,
        secret: keys.seal(account),
        mask: `6217********${account.slice(-4)}`,
        hash: asUuid(bankAccountHash(keys, account)),
      };
    });
    await owner.query(
      `INSERT INTO subsidies.payee_account (payee_key, region, holder, bank, secret, account_mask, account_hash, set_by_name)
       SELECT k, $5, '测试机构' || right(k, 7), '花垣县农村商业银行', s, m, h, '测' FROM unnest($1::text[], $2::bytea[], $3::text[], $4::uuid[]) AS a(k, s, m, h)`,
      [
        some.map(({ key }) => key),
        some.map(({ secret }) => secret),
        some.map(({ mask }) => mask),
        some.map(({ hash }) => hash),
        region,
      ],
    );
  }
  await owner.query("ANALYZE subsidies.claim, subsidies.claim_item, subsidies.payee_account, subsidies.fund_movement");
}
