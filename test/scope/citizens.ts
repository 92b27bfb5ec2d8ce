import { Readable } from "node:stream";
import { counties, villages, type World } from "./world.ts";
import { secretText } from "./tokens.ts";

/** What citizens and enterprises have asked of each place's office: every word carries the place it belongs to. */
export async function addCitizens(
  world: World,
  at: readonly string[] = villages,
  within: readonly string[] = counties,
): Promise<void> {
  for (const village of at) {
    const place = { class: "私", places: [village] } as const;
    const text = secretText(place);
    const { rows } = await world.owner.query<{ person_id: string }>(
      "SELECT person_id FROM registry.person p WHERE NOT EXISTS (SELECT FROM citizens.account a WHERE a.person_id = p.person_id) AND home_region = $1 ORDER BY person_id LIMIT 1",
      [village],
    );
    const [person] = rows;
    if (!person) continue;
    const of = { person_id: person.person_id, home_region: village };
    const officer = world.officers.find(({ region }) => village.startsWith(region))!.caller.officerId;
    const mandateId = world.id("mandate", place);
    await world.put("citizens.mandate", {
      mandate_id: mandateId,
      ...of,
      officer_id: officer,
      officer_name: text,
      organisation: text,
      authority: "written",
      authorised_on: "2025-06-01",
      valid_from: "2025-06-01",
      valid_to: "2025-12-31",
      evidence_key: `evidence/${mandateId}`,
      evidence_name: text,
      note: text,
    });
    await world.put("citizens.correction", {
      correction_id: world.id("correction", place),
      ...of,
      field: "skills",
      held: text,
      proposed: text,
      reason: text,
      mandate_id: mandateId,
      due_on: "2025-06-10",
    });
    await world.put("citizens.link", {
      link_id: world.id("personLink", place),
      token_hash: world.fresh(),
      purpose: "correction",
      ...of,
      issued_by: officer,
      issued_by_name: text,
      organisation: text,
      reason: text,
      issued_at: new Date(),
      expires_at: new Date(Date.now() + 3_600_000),
    });
    await world.put("citizens.account", {
      account_id: world.fresh(),
      phone_hash: `00000000-0000-4000-8000-${world.fresh().slice(-12)}`,
      phone_mask: text,
      person_id: person.person_id,
      name: text,
      home_region: village,
      bound_at: new Date(),
      bound_by: "registry",
    });
  }
  for (const county of within) {
    const place = { class: "厂", places: [county] } as const;
    const { rows } = await world.owner.query<{ employer_id: string; name: string }>(
      "SELECT employer_id, name FROM registry.employer WHERE region = $1 ORDER BY employer_id LIMIT 1",
      [county],
    );
    const accountId = world.fresh();
    const licence = `licence/${accountId}`;
    await world.runtime.files.put(licence, Readable.from([Buffer.from(`%PDF-1.7 ${secretText(place)}`)]), 1e4);
    await world.put("citizens.account", {
      account_id: accountId,
      phone_hash: `00000000-0000-4000-8000-${accountId.slice(-12)}`,
      phone_mask: secretText(place),
    });
    if (rows[0])
      await world.put("citizens.member", {
        account_id: accountId,
        member_id: world.id("member", place),
        employer_id: rows[0].employer_id,
        employer_name: rows[0].name,
        region: county,
        phone_hash: `00000000-0000-4000-8000-${world.fresh().slice(-12)}`,
        phone_mask: secretText(place),
        name: secretText(place),
        role: "legal-representative",
        state: "asked",
        evidence_key: licence,
        evidence_name: secretText(place),
      });
    await addAccess(world, county);
  }
}

/** Grants, links and rules of an office: for its administrators alone. */
async function addAccess(world: World, county: string): Promise<void> {
  const place = { class: "员", places: [county] } as const;
  const office = world.officers.filter(({ region }) => region === county);
  const [proposer, subject] = [office[0], office.at(-1)];
  if (!proposer || !subject || proposer === subject) return;
  const { rows } = await world.owner.query<{ organisation_id: string }>(
    "SELECT organisation_id FROM identity.officer WHERE officer_id = $1",
    [subject.caller.officerId],
  );
  const known = await world.owner.query("SELECT 1 FROM identity.grant_proposal WHERE officer_id = $1", [
    subject.caller.officerId,
  ]);
  if (known.rowCount !== 0) return;
  await world.put("identity.grant_proposal", {
    proposal_id: world.id("proposal", place),
    officer_id: subject.caller.officerId,
    kind: "assign",
    name: secretText(place),
    organisation_id: rows[0]!.organisation_id,
    organisation_region: county,
    region: county,
    duties: ["county-clerk"],
    proposed_by: proposer.caller.officerId,
    proposed_by_name: secretText(place),
  });
  await world.put("identity.link", {
    link_id: world.id("signOnLink", place),
    issuer: "https://sign-on.test",
    subject: secretText(place) + county,
    claim: secretText(place),
    officer_id: subject.caller.officerId,
    organisation_region: county,
  });
  await world.put("identity.second_factor_rule", {
    rule_id: world.id("factorRule", place),
    region: county,
    duty: "leader",
  });
}
