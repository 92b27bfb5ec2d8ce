import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withSight } from "../../platform/db/database.ts";
import {
  activateOfficer,
  approveGrant,
  assignOfficer,
  createOfficer,
  listGrants,
  refuseGrant,
  withdrawGrant,
  type Duty,
} from "../contract.ts";
import { addOfficer, signedIn, testSite, type AddedOfficer, type Browser, type TestSite } from "../fixtures.ts";
import { sightOf } from "../permissions.ts";

let site: TestSite;
const administrators: Record<"system" | "security" | "audit" | "otherSystem" | "far", AddedOfficer> = {} as never;
const at: Record<keyof typeof administrators, Browser> = {} as never;
beforeAll(async () => {
  site = await testSite();
  const make = async (name: keyof typeof administrators, duty: Duty, region = "433124") => {
    administrators[name] = await addOfficer(site.owner, { region, duties: [duty] });
    at[name] = await signedIn(site.server, administrators[name].login);
  };
  await make("system", "system-admin");
  await make("security", "security-admin");
  await make("audit", "audit-admin");
  await make("otherSystem", "system-admin");
  await make("far", "security-admin", "433125");
});
afterAll(() => site.close());

let made = 0;
async function propose(
  duty: Duty = "county-clerk",
  by: Browser = at.system,
): Promise<{ officerId: string; proposalId: string }> {
  const { body } = await by.ask(createOfficer, {
    login: `proposed.${++made}`,
    name: "田小满",
    organisationId: administrators.system.organisationId,
    region: "433124",
    duties: [duty],
  });
  const found = await at.system.ask(listGrants, { state: "waiting", size: 200 });
  return {
    officerId: body.officerId,
    proposalId: found.body.rows.find((row) => row.officerId === body.officerId)!.proposalId,
  };
}

describe("an account proposed by one administrator", () => {
  test("is approved neither by himself, nor by one of his kind, nor by the auditor, nor from elsewhere", async () => {
    const { proposalId } = await propose();
    for (const browser of [at.system, at.otherSystem])
      expect(await browser.ask(approveGrant, { proposalId })).toMatchObject({
        problem: "identity.not-yours-to-approve",
      });
    expect(await at.audit.ask(approveGrant, { proposalId })).toMatchObject({ status: 403 });
    expect(await at.far.ask(approveGrant, { proposalId })).toMatchObject({ status: 404 });
    expect(await at.security.ask(approveGrant, { proposalId })).toMatchObject({ status: 200 });
    expect(await at.security.ask(approveGrant, { proposalId })).toMatchObject({ status: 409 });
  });

  test("of an administrator needs the system administrator's word", async () => {
    const { proposalId } = await propose("audit-admin", at.security);
    expect(await at.security.ask(approveGrant, { proposalId })).toMatchObject({
      problem: "identity.not-yours-to-approve",
    });
    expect(await at.system.ask(approveGrant, { proposalId })).toMatchObject({ status: 200 });
  });

  test("cannot be started past the other, and stays shut when he refuses", async () => {
    const { officerId, proposalId } = await propose();
    expect(await at.system.ask(activateOfficer, { officerId })).toMatchObject({ status: 409 });
    expect(await at.security.ask(refuseGrant, { proposalId, reason: "该单位没有此岗位" })).toMatchObject({
      status: 200,
    });
    expect(await at.system.ask(activateOfficer, { officerId })).toMatchObject({ status: 409 });
    const { body } = await at.system.ask(listGrants, { state: "refused", size: 200 });
    expect(body.rows[0]).toMatchObject({ officerId, reason: "该单位没有此岗位", mayDecide: false, mayWithdraw: false });
  });

  test("can be withdrawn by whoever proposed it and nobody else", async () => {
    const { proposalId } = await propose();
    expect(await at.otherSystem.ask(withdrawGrant, { proposalId })).toMatchObject({
      problem: "identity.not-yours-to-approve",
    });
    expect(await at.system.ask(withdrawGrant, { proposalId })).toMatchObject({ status: 200 });
  });
});

describe("more for somebody who is there", () => {
  test("waits for the other administrator; then it holds, and his sessions end", async () => {
    const officer = await addOfficer(site.owner, {
      region: "433124110",
      organisationId: administrators.system.organisationId,
    });
    const browser = await signedIn(site.server, officer.login);
    const wider = {
      officerId: officer.officerId,
      name: "石建华",
      organisationId: officer.organisationId,
      region: "433124",
      duties: ["county-clerk" as const],
    };
    expect(await at.system.ask(assignOfficer, wider)).toMatchObject({ body: { waiting: true } });
    expect(await at.system.ask(assignOfficer, wider)).toMatchObject({ problem: "identity.grant-waiting" });
    expect((await browser.openPage()).officer?.region.code).toBe("433124110");
    const { body } = await at.security.ask(listGrants, { state: "waiting", size: 200 });
    const proposal = body.rows.find((row) => row.officerId === officer.officerId)!;
    expect(proposal).toMatchObject({ kind: "assign", mayDecide: true, before: { duties: ["county-clerk"] } });
    await at.security.ask(approveGrant, { proposalId: proposal.proposalId });
    expect((await browser.openPage()).officer).toBeNull();
    await browser.signIn(officer.login);
    expect((await browser.openPage()).officer?.region.code).toBe("433124");
  });
});

test("the database itself decides no grant for its proposer, its subject or the wrong administrator", async () => {
  const { proposalId } = await propose();
  const decide = (officer: AddedOfficer, duty: Duty) =>
    withSight(site.runtime.database.app, sightOf([duty], officer.region, officer.officerId), async (tx) => {
      const { rows } = await sql<{
        done: boolean;
      }>`SELECT identity.decide_grant(${proposalId}, 'approved', '') AS done`.execute(tx);
      return rows[0]!.done;
    });
  expect(await decide(administrators.system, "system-admin")).toBe(false);
  expect(await decide(administrators.otherSystem, "security-admin")).toBe(false);
  expect(await decide(administrators.far, "security-admin")).toBe(false);
  expect(await decide(administrators.security, "security-admin")).toBe(true);
  await expect(
    site.owner.query("UPDATE identity.grant_proposal SET decided_by = proposed_by WHERE proposal_id = $1", [
      proposalId,
    ]),
  ).rejects.toThrow("grant_by_two");
});
