import { Readable } from "node:stream";
import { secretText, type Secret } from "./tokens.ts";
import { counties, type World } from "./world.ts";

const AS_OF = "2025-06-18";
const STATES = ["proposed", "accepted", "checked", "approved", "published", "cleared", "paid", "paying"] as const;
const DECIDED = new Set<string>(["approved", "published", "cleared", "paid", "paying"]);

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
    await world.put("subsidies.fund_settlement", {
      settlement_id: world.id("settlement", secret),
      fund_line_id: fundLineId,
      region,
      kind: "carry",
      amount_fen: 10,
      document: own(),
      state: "proposed",
      proposed_by_name: own(),
      proposed_on: AS_OF,
    });
    await world.put("subsidies.fund_target", {
      target_id: world.fresh(),
      region,
      year: 2025,
      fund: `资金${world.fresh()}`,
      indicator: "claims",
      target: 10,
      document: own(),
      set_by_name: own(),
      set_on: AS_OF,
    });
    await world.put("subsidies.setting", {
      setting_id: world.fresh(),
      region,
      kind: "answer",
      value: JSON.stringify({ workdays: 8 }),
      valid_from: "2025-01-01",
      // No secret: everybody below works by it.
      document: "办理设定",
      set_by_name: "测试",
    });
    for (const state of ["open", "rectified"] as const)
      await world.put("subsidies.inspection_item", {
        item_id: world.id("inspection", secret),
        region,
        source: "审计",
        found_by: own(),
        found_on: AS_OF,
        content: own(),
        demand: own(),
        responsible: own(),
        due_on: AS_OF,
        state,
        recorded_by_name: own(),
        ...(state === "rectified"
          ? { measure: own(), evidence: own(), rectified_by_name: own(), rectified_on: AS_OF }
          : {}),
      });
    const claims: string[] = [];
    const items: string[] = [];
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
      const itemId = world.fresh();
      items.push(itemId);
      await world.put("subsidies.claim_item", {
        item_id: itemId,
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
    const paid = STATES.indexOf("paid");
    await world.put("subsidies.fund_movement", {
      movement_id: world.fresh(),
      fund_line_id: fundLineId,
      region,
      kind: "spend",
      amount_fen: 100,
      claim_id: claims[paid],
      officer_name: "测试",
      business_date: AS_OF,
    });
    const recoveryId = world.id("recovery", secret);
    await world.put("subsidies.recovery", {
      recovery_id: recoveryId,
      region,
      claim_id: claims[paid],
      fund_line_id: fundLineId,
      amount_fen: 40,
      state: "repaying",
      grounds: own(),
      contact: own(),
      filed_by: 1,
      filed_by_name: own(),
      filed_on: AS_OF,
      notified_on: AS_OF,
      reply_by: AS_OF,
      statement: own(),
      decision: own(),
      decided_by: 2,
      decided_on: AS_OF,
      pay_by: AS_OF,
    });
    await world.put("subsidies.recovery_instalment", {
      recovery_id: recoveryId,
      line: 1,
      region,
      due_on: AS_OF,
      amount_fen: 40,
    });
    await world.put("subsidies.recovery_receipt", {
      receipt_id: world.fresh(),
      recovery_id: recoveryId,
      region,
      amount_fen: 10,
      received_on: AS_OF,
      method: "银行转账",
      reference: `${own()}${recoveryId}`,
      officer_name: own(),
      business_date: AS_OF,
    });
    await world.put("subsidies.recovery_reduction", {
      reduction_id: world.fresh(),
      recovery_id: recoveryId,
      region,
      amount_fen: 5,
      cause: "settlement",
      note: own(),
      officer_name: own(),
      business_date: AS_OF,
    });
    await world.put("subsidies.recovery_event", {
      event_id: world.fresh(),
      recovery_id: recoveryId,
      region,
      act: "file",
      state: "filed",
      officer_name: own(),
      organisation: own(),
      note: own(),
      business_date: AS_OF,
    });
    const difference = {
      region,
      claim_id: claims[paid],
      item_id: items[paid],
      was_fen: 100,
      outcome: "NOT_ELIGIBLE",
      causes: ["fact"],
      failed: [],
      version_id: 1,
      changed: "[]",
      found_on: AS_OF,
    };
    await world.put("subsidies.difference", {
      ...difference,
      difference_id: world.id("difference", secret),
      now_fen: 60,
      state: "recovery",
      recovery_id: recoveryId,
      ended_by_name: own(),
      ended_on: AS_OF,
    });
    await world.put("subsidies.difference", {
      ...difference,
      difference_id: world.id("difference", secret),
      now_fen: 130,
      state: "open",
    });
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
    await addApplications(world, region, secret, claims[0]!);
  }
}

/** A draft of an officer's, one handed in, one that came from another county, and a prepayment. */
async function addApplications(world: World, region: string, secret: Secret, claimId: string): Promise<void> {
  const own = () => secretText(secret);
  const officer = world.officers.find((one) => one.region === region)?.caller.officerId ?? "1";
  const { rows } = await world.owner.query<{ person_id: string }>(
    "SELECT person_id FROM registry.person WHERE starts_with(home_region, $1) ORDER BY person_id LIMIT 1",
    [region],
  );
  const person = rows[0]?.person_id;
  if (!person) return;
  for (const state of ["draft", "lodged", "forwarded"] as const) {
    const applicationId = world.id("application", secret);
    const handedIn = state === "draft" ? {} : { declared: true, submitted_on: AS_OF };
    await world.put("subsidies.application", {
      application_id: applicationId,
      region,
      pays_region: region,
      subject: applicationId,
      ...(state === "forwarded"
        ? { identity_hash: "00000000-0000-4000-8000-000000000001", identity_mask: own() }
        : { person_id: person }),
      applicant_name: own(),
      way: "counter",
      agent: own(),
      taken_by: officer,
      taken_by_name: own(),
      state,
      answer: own(),
      begun_on: AS_OF,
      ...handedIn,
    });
    await world.put("subsidies.application_line", {
      line_id: world.id("applicationLine", secret),
      application_id: applicationId,
      rule_path: "policies/measures/transport-allowance/430000.yaml",
      rule_id: "transport-allowance",
      title: own(),
      state: state === "lodged" ? "claimed" : "draft",
      why: own(),
      claim_ids: state === "lodged" ? [claimId] : [],
    });
    await world.put("subsidies.application_statement", {
      application_id: applicationId,
      fact: "务工.去向",
      label: own(),
      value: JSON.stringify("省外"),
      shown: own(),
      reason: own(),
    });
    const key = `upload/application-${applicationId}`;
    await world.runtime.files.put(key, Readable.from([Buffer.from(`%PDF-1.7 ${own()}`)]), 1e4);
    await world.put("subsidies.application_file", {
      file_id: world.id("applicationFile", secret),
      application_id: applicationId,
      material: own(),
      key,
      name: own(),
      bytes: 10,
      sha256: own(),
      media_type: "application/pdf",
      added_by_name: own(),
    });
  }
  await world.put("subsidies.prepayment", {
    prepayment_id: world.id("prepayment", secret),
    region,
    claim_id: claimId,
    rule_path: "policies/measures/export-introduction/430000.yaml",
    fund: "就业专项资金",
    payee_key: `agency:${claimId}`,
    document: own(),
    plan: own(),
    amount_fen: 100,
    begun_on: AS_OF,
    settle_by: "2025-12-31",
  });
}

/** What the office says to payees and they to it. */
async function addPayeeRows(world: World, region: string, claims: readonly string[], own: () => string): Promise<void> {
  const secret = { class: "私", places: [region] } as const;
  // An office names itself and drafts a wording once, however often the world grows.
  const named = await world.owner.query("SELECT FROM subsidies.payee_office WHERE region = $1", [region]);
  if (named.rowCount === 0) {
    await world.put("subsidies.letter_template", {
      template_id: world.id("letterTemplate", secret),
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
  }
  const letterId = world.id("letter", secret);
  await world.put("subsidies.letter", {
    letter_id: letterId,
    claim_id: claims[1],
    region,
    kind: "acceptance",
    year: 2025,
    serial: Number(BigInt(letterId) % 1_000_000n),
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
