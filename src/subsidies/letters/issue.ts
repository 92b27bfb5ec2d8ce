import { sql } from "kysely";
import type { CurrentRulebook } from "#policy";
import type { ActionContext } from "../../platform/module.ts";
import type { ClaimAct, LetterKind } from "../contract.ts";
import { officeOf } from "../payee/office.ts";
import { wordingOf } from "./store.ts";
import { basisWords, conditionWords, letterValues, wordingSql } from "./values.ts";

/** The letter that a step of a claim is told by. */
const LETTER_OF: Partial<Record<ClaimAct, LetterKind>> = {
  accept: "acceptance",
  return: "correction",
  refuse: "refusal",
  approve: "award",
  endorse: "award",
};
/** What stands in a letter's number beside the office's mark: 花人社补受〔2025〕12号. */
const NUMBER_OF: Record<LetterKind, string> = {
  acceptance: "补受",
  correction: "补正",
  refusal: "补不",
  award: "补发",
};

/**
 * Issues the letters of a step that was just taken: one for each claim, numbered without gaps in the county and year, frozen as it
 * stands and with the digest over it. One statement for each county and version of a rule. A step without a letter issues none.
 */
export async function issueLetters(
  context: Pick<ActionContext, "tx" | "caller" | "businessDate">,
  rulebook: CurrentRulebook,
  claims: readonly { readonly claim_id: string; readonly region: string; readonly version_id: string }[],
  step: { readonly act: ClaimAct; readonly note: string },
): Promise<void> {
  const kind = LETTER_OF[step.act];
  if (kind === undefined || claims.length === 0) return;
  const { tx, caller, businessDate } = context;
  const book = await rulebook.get(tx);
  const year = Number(businessDate.slice(0, 4));
  for (const own of Map.groupBy(claims, ({ region, version_id }) => `${region} ${version_id}`).values()) {
    const [{ region, version_id }] = own as [(typeof own)[number], ...typeof own];
    const { office } = await officeOf(tx, region);
    const wording = await wordingOf(tx, region, kind);
    // By which it was decided, whatever has taken its place since.
    const measure = await rulebook.versionOf(tx, version_id);
    const values = letterValues({
      office,
      basis: measure ? basisWords(book, measure) : "（原规则已停止执行，依据见补贴件）",
      conditions: measure ? conditionWords(measure) : "",
      note: step.note,
      number: sql<string>`s.number`,
    });
    // Numbers of a county follow each other: whoever else issues waits.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`subsidies.letter ${region} ${kind} ${year}`}, 0))`.execute(
      tx,
    );
    await sql`INSERT INTO subsidies.letter (claim_id, region, kind, year, serial, number, template_id, wording, office, title, body, issued_on, issued_by, issued_by_name, digest)
      SELECT w.claim_id, ${region}, ${kind}, ${year}, w.serial, w.number, ${wording.templateId}::bigint, ${wording.written}, ${office.name}, w.title, w.body, ${businessDate}::date,
        ${caller.officerId}::bigint, ${caller.name},
        encode(sha256(convert_to(concat_ws(E'\n', w.number, w.title, w.body, ${office.name}::text, ${businessDate}::text), 'UTF8')), 'hex')
      FROM (SELECT c.claim_id, s.serial, s.number, ${wordingSql(wording.title, values)} AS title, ${wordingSql(wording.body, values)} AS body
        FROM (SELECT n.claim_id, n.serial, ${`${office.mark}${NUMBER_OF[kind]}〔${year}〕`}::text || n.serial || '号' AS number
          FROM (SELECT o.claim_id, (row_number() OVER (ORDER BY o.claim_id) + (SELECT coalesce(max(l.serial), 0) FROM subsidies.letter l
              WHERE l.region = ${region} AND l.kind = ${kind} AND l.year = ${year}))::int AS serial
            FROM unnest(${own.map(({ claim_id }) => claim_id)}::bigint[]) o(claim_id)) n) s
        JOIN subsidies.claim c ON c.claim_id = s.claim_id CROSS JOIN (SELECT ${businessDate}::date AS today) d) w`.execute(
      tx,
    );
  }
}
