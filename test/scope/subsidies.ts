import { secretText } from "./tokens.ts";
import { counties, type World } from "./world.ts";

const AS_OF = "2025-06-18";
const STATES = ["proposed", "accepted", "checked", "approved", "published", "cleared", "paying"] as const;
const DECIDED = new Set<string>(["approved", "published", "cleared", "paying"]);

/** What an office that pays has: money of a document, claims at several desks with their items and history, a batch, an account. */
export async function addSubsidies(world: World, offices: readonly string[] = counties): Promise<void> {
  for (const region of offices) {
    const own = () => secretText({ class: "私", places: [region] });
    const secret = { class: "私", places: [region] } as const;
    const fundLineId = world.id("fundLine", secret);
    await world.put("subsidies.fund_line", {
      fund_line_id: fundLineId,
      region,
      fund: "就业专项资金",
      level: "县级",
      year: 2025,
      document: `${own()}${fundLineId}`,
      valid_from: "2025-01-01",
    });
    await world.put("subsidies.fund_movement", {
      movement_id: world.fresh(),
      fund_line_id: fundLineId,
      region,
      kind: "budget",
      amount_fen: 100_000,
      note: own(),
      officer_name: "测试",
      business_date: AS_OF,
    });
    const claims: string[] = [];
    for (const state of STATES) {
      const decided = DECIDED.has(state);
      const claimId = world.id("claim", secret);
      claims.push(claimId);
      await world.put("subsidies.claim", {
        claim_id: claimId,
        region,
        way: "proactive",
        handling: "申请确认",
        rule_path: "policies/measures/export-introduction/430000.yaml",
        rule_id: "export-introduction",
        version_id: 1,
        title: "劳务输出就业创业服务补助",
        fund: "就业专项资金",
        payee_subject: "介绍机构",
        payee_kind: "agency",
        payee_id: claimId,
        payee_name: own(),
        items: 1,
        persons: 1,
        amount_fen: 100,
        state,
        received_on: AS_OF,
        ...(decided ? { decided_on: AS_OF, fund_line_id: fundLineId } : {}),
      });
      if (decided)
        await world.put("subsidies.fund_movement", {
          movement_id: world.fresh(),
          fund_line_id: fundLineId,
          region,
          kind: "reserve",
          amount_fen: 100,
          claim_id: claimId,
          officer_name: "测试",
          business_date: AS_OF,
        });
      await world.put("subsidies.claim_item", {
        item_id: world.fresh(),
        claim_id: claimId,
        region,
        rule_path: "policies/measures/export-introduction/430000.yaml",
        row_key: world.fresh(),
        benefit_keys: ["HN-introduction"],
        event_date: AS_OF,
        amount_fen: 100,
        facts: JSON.stringify({ note: own() }),
        dropped: own(),
      });
      await world.put("subsidies.claim_event", {
        event_id: world.fresh(),
        claim_id: claimId,
        region,
        act: "find",
        state,
        amount_fen: 100,
        officer_name: "测试",
        note: own(),
        business_date: AS_OF,
      });
    }
    const publicationId = world.id("publication", secret);
    const published = claims[STATES.indexOf("published")];
    await world.put("subsidies.publication", {
      publication_id: publicationId,
      region,
      rule_id: "export-introduction",
      title: "劳务输出就业创业服务补助",
      fund: "就业专项资金",
      claims: 1,
      amount_fen: 100,
      starts_on: AS_OF,
      ends_on: "2025-06-25",
      state: "open",
      digest: own(),
      contact: own(),
      published_by_name: "测试",
    });
    await world.put("subsidies.publication_line", {
      publication_id: publicationId,
      line: 1,
      claim_id: published,
      region,
      village: region,
      payee_name: own(),
      persons: 1,
      amount_fen: 100,
    });
    await world.put("subsidies.objection", {
      objection_id: world.id("objection", secret),
      publication_id: publicationId,
      claim_id: published,
      region,
      raised_by: own(),
      content: own(),
      raised_on: AS_OF,
      due_on: "2025-07-02",
      state: "open",
    });
    await addPayeeRows(world, region, claims, own);
    const batchId = world.id("paymentBatch", secret);
    await world.put("subsidies.payment_batch", {
      batch_id: batchId,
      region,
      fund_line_id: fundLineId,
      state: "draft",
      payments: 1,
      total_fen: 100,
      built_by_name: own(),
      built_on: AS_OF,
    });
    await world.put("subsidies.payment", {
      payment_id: world.fresh(),
      batch_id: batchId,
      claim_id: claims.at(-1),
      region,
      fund_line_id: fundLineId,
      line: 1,
      payee_name: own(),
      secret: world.runtime.keys.seal("6217000000000000"),
      of_person: false,
      account_mask: "6217********0000",
      account_hash: "00000000-0000-0000-0000-000000000000",
      amount_fen: 100,
      state: "planned",
    });
    await world.put("subsidies.payee_account", {
      payee_key: `agency:${claims[0]}`,
      region,
      holder: own(),
      bank: own(),
      secret: world.runtime.keys.seal("6217000000000001"),
      account_mask: "6217********0001",
      account_hash: "00000000-0000-0000-0000-000000000001",
      set_by_name: "测试",
    });
  }
}

/** What the office says to payees and they to it. */
async function addPayeeRows(world: World, region: string, claims: readonly string[], own: () => string): Promise<void> {
  const secret = { class: "私", places: [region] } as const;
  const templateId = world.id("letterTemplate", secret);
  await world.put("subsidies.letter_template", {
    template_id: templateId,
    region,
    kind: "acceptance",
    version: 1,
    title: own(),
    body: own(),
    state: "draft",
    drafted_by: 1,
    drafted_by_name: own(),
  });
  await world.put("subsidies.payee_office", {
    region,
    name: own(),
    mark: "测人社",
    contact: own(),
    review_body: own(),
    court: own(),
    messages: true,
    channel: "sms",
    every_days: 15,
    most_messages: 3,
    link_days: 15,
    quiet_from: 21,
    quiet_to: 8,
    set_by_name: own(),
  });
  const letterId = world.id("letter", secret);
  await world.put("subsidies.letter", {
    letter_id: letterId,
    claim_id: claims[1],
    region,
    kind: "acceptance",
    year: 2025,
    serial: 1,
    number: `${own()}${letterId}`,
    wording: own(),
    office: own(),
    title: own(),
    body: own(),
    issued_on: AS_OF,
    issued_by_name: own(),
    digest: own(),
  });
  await world.put("subsidies.review", {
    review_id: world.id("review", secret),
    claim_id: claims[1],
    region,
    employer_id: world.fresh(),
    account_id: world.fresh(),
    kind: "facts",
    content: own(),
    asked_on: AS_OF,
    due_on: "2025-07-09",
    state: "open",
  });
  const { rows } = await world.owner.query<{ person_id: string; home_region: string }>(
    "SELECT person_id, home_region FROM registry.person WHERE starts_with(home_region, $1) ORDER BY person_id LIMIT 1",
    [region],
  );
  if (!rows[0]) return;
  const home = { class: "私", places: [rows[0].home_region] } as const;
  const push = {
    round: 1,
    region,
    ...rows[0],
    rule_id: "export-introduction",
    amount_fen: 100,
    written_on: AS_OF,
    expires_on: "2025-07-03",
  };
  await world.put("subsidies.push", {
    ...push,
    push_id: world.id("push", home),
    claim_id: claims[0],
    // Whom a village visits, the village may know.
    title: secretText(home),
    channel: "visit",
    state: "visit",
  });
  await world.put("subsidies.push", {
    ...push,
    push_id: world.id("push", secret),
    claim_id: claims[1],
    title: own(),
    channel: "sms",
    state: "sent",
    phone_mask: own(),
    token_hash: world.fresh(),
    six_hash: world.fresh(),
  });
}
