import {
  asUuid,
  employerKindLabels,
  employerSizeLabels,
  employerStatusLabels,
  maskPhone,
  phoneHash,
  sourceLabel,
  within,
} from "#registry";
import { sql } from "kysely";
import { takeAttempt } from "#identity";
import { handle, handleDownload, handleUpload, type ActionContext } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import {
  answerInvitation,
  askToRepresent,
  decideRepresentative,
  downloadLicence,
  endMember,
  inviteMember,
  listRepresentatives,
  myEnterprise,
} from "./contract.ts";
import { evidenceBody, requireEvidence } from "./evidence.ts";
import { ownPerson, selfOf } from "./gate.ts";
import { citizensProblems } from "./problems.ts";
import type { MemberRole, memberStateLabels } from "./words.ts";

type MemberState = keyof typeof memberStateLabels;

const codesPerAccount = { allowed: 5, minutes: 1440 };
const invitationsPerAccount = { allowed: 30, minutes: 60 };
const memberSubject = (memberId: string) => `citizens.member:${memberId}`;

/** Whether there is such an enterprise is not told: an officer answers, or nobody does. */
const askFor = handleUpload(askToRepresent, async (context, { creditCode }, file) => {
  const { accountId } = ownPerson(context);
  await takeAttempt(context, `represent|${accountId}`, codesPerAccount);
  await requireEvidence(context, file);
  await sql`SELECT citizens.ask_to_represent(${creditCode}, ${file.key}, ${file.name})`.execute(context.tx);
  context.audit({ subject: `citizens.account:${accountId}`, creditCode });
  return {};
});

function ownEnterprise(context: ActionContext): { employerId: string; accountId: string } {
  const { employerId, accountId } = selfOf(context);
  return employerId === null ? refuse(citizensProblems.notMember()) : { employerId, accountId };
}

const mine = handle(myEnterprise, async (context) => {
  const { tx } = context;
  const { employerId, accountId } = ownEnterprise(context);
  const employer = await tx
    .selectFrom("registry.employer as e")
    .leftJoin("registry.region as r", "r.code", "e.region")
    .select(["e.name", "e.credit_code", "e.kind", "e.size", "e.status", "e.recorded_on", "e.source", "r.full_name"])
    .where("e.employer_id", "=", employerId)
    .executeTakeFirstOrThrow();
  const staff = await tx
    .selectFrom("citizens.member as m")
    .select(["m.member_id", "m.name", "m.phone_mask", "m.role", "m.state", "m.account_id"])
    .where("m.employer_id", "=", employerId)
    .where("m.state", "in", ["invited", "active"])
    .orderBy("m.member_id")
    .execute();
  const own = staff.find((one) => one.account_id === accountId && one.state === "active");
  const role = own?.role as MemberRole | undefined;
  const mayInvite: Exclude<MemberRole, "legal-representative">[] =
    role === "legal-representative" ? ["manager", "clerk"] : role === "manager" ? ["clerk"] : [];
  return {
    name: employer.name,
    creditCode: employer.credit_code,
    regionName: employer.full_name ?? "",
    kind: employerKindLabels[employer.kind as keyof typeof employerKindLabels] ?? "未登记",
    size: employerSizeLabels[employer.size as keyof typeof employerSizeLabels] ?? "未登记",
    status: employerStatusLabels[employer.status as keyof typeof employerStatusLabels],
    recordedOn: employer.recorded_on,
    source: sourceLabel(employer.source),
    staff: staff.map((one) => ({
      memberId: one.member_id,
      name: one.name,
      phoneMask: one.phone_mask,
      role: one.role as MemberRole,
      state: one.state as MemberState,
      mayEnd:
        one.role !== "legal-representative" &&
        (role === "legal-representative" || (role === "manager" && one.role === "clerk") || one === own),
    })),
    mayInvite,
  };
});

const invite = handle(inviteMember, async (context, { phone, name, role }) => {
  const { tx, services } = context;
  const { accountId, employerId } = ownEnterprise(context);
  await takeAttempt(context, `invite|${accountId}`, invitationsPerAccount);
  context.audit({ subject: `registry.employer:${employerId}`, role });
  const hash = asUuid(phoneHash(services.keys, phone));
  const { rows } = await sql<{ done: boolean }>`
    SELECT citizens.invite(${hash}, ${maskPhone(phone)}, ${name}, ${role}) AS done`.execute(tx);
  if (!rows[0]?.done) refuse(citizensProblems.mayNotInvite());
  return {};
});

const respond = handle(answerInvitation, async (context, { memberId, accept }) => {
  const { accountId } = selfOf(context);
  context.audit({ subject: memberSubject(memberId), accept, accountId });
  const { rows } = await sql<{ done: boolean }>`
    SELECT citizens.answer_invitation(${memberId}, ${accept}) AS done`.execute(context.tx);
  if (!rows[0]?.done) refuse(platformProblems.notFound("这项邀请"));
  return {};
});

const end = handle(endMember, async (context, { memberId }) => {
  ownEnterprise(context);
  context.audit({ subject: memberSubject(memberId) });
  const { rows } = await sql<{ done: boolean }>`SELECT citizens.end_member(${memberId}) AS done`.execute(context.tx);
  if (!rows[0]?.done) refuse(platformProblems.notFound("可由您结束的这位工作人员"));
  return {};
});

const representatives = (context: ActionContext) =>
  context.tx
    .selectFrom("citizens.member as m")
    .innerJoin("registry.employer as e", "e.employer_id", "m.employer_id")
    .where("m.role", "=", "legal-representative")
    .where(within("m.region", context.caller.sight.region));

const list = handle(listRepresentatives, async (context, { page, size, state }) => {
  const found = representatives(context).$if(state !== undefined, (q) => q.where("m.state", "=", state!));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .leftJoin("registry.region as r", "r.code", "m.region")
    .select(["m.member_id", "m.employer_id", "e.name as employer_name", "e.credit_code", "r.full_name", "m.name"])
    .select(["m.phone_mask", "m.state", "m.asked_at", "m.evidence_name", "m.decided_by_name", "m.answer"])
    .orderBy(sql`m.state = 'asked'`, "desc")
    .orderBy("m.member_id", "desc")
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  context.audit({ count: rows.length });
  return {
    total: Number(n),
    rows: rows.map((row) => ({
      memberId: row.member_id,
      employerId: row.employer_id,
      employerName: row.employer_name,
      creditCode: row.credit_code,
      regionName: row.full_name ?? "",
      name: row.name,
      phoneMask: row.phone_mask,
      state: row.state as MemberState,
      askedAt: row.asked_at.toISOString(),
      evidence: row.evidence_name,
      decidedBy: row.decided_by_name,
      answer: row.answer,
    })),
  };
});

const decide = handle(decideRepresentative, async (context, { memberId, approve, answer }) => {
  const { tx, caller } = context;
  const row = await representatives(context)
    .select(["m.state", "m.employer_id", "m.region"])
    .where("m.member_id", "=", memberId)
    .executeTakeFirst();
  if (!row) return refuse(platformProblems.notFound("该企业账号申请"));
  context.audit({ subject: `registry.employer:${row.employer_id}`, region: row.region, approve });
  if (row.state !== "asked") refuse(citizensProblems.correctionSettled());
  const holder = await representatives(context)
    .select("m.member_id")
    .where("m.employer_id", "=", row.employer_id)
    .where("m.state", "=", "active")
    .executeTakeFirst();
  if (approve && holder) refuse(citizensProblems.representedAlready());
  await tx
    .updateTable("citizens.member")
    .set({
      state: approve ? "active" : "refused",
      answer,
      decided_by: caller.officerId,
      decided_by_name: caller.name,
      decided_at: sql<Date>`now()`,
    })
    .where("member_id", "=", memberId)
    .execute();
  return {};
});

const licence = handleDownload(downloadLicence, async (context, { memberId }) => {
  const row = await representatives(context)
    .select(["m.evidence_key", "m.evidence_name", "m.employer_id", "m.region"])
    .where("m.member_id", "=", memberId)
    .executeTakeFirst();
  if (!row?.evidence_key) return refuse(platformProblems.notFound("该证明材料"));
  context.audit({ subject: `registry.employer:${row.employer_id}`, region: row.region });
  return evidenceBody(context, row.evidence_key, row.evidence_name ?? "");
});

export const enterpriseHandlers = [askFor, mine, invite, respond, end, list, decide, licence];
