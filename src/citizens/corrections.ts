import { editPersonCells, maskBankAccount, maskPhone, narrow, personCells, within } from "#registry";
import { sql, type SqlBool } from "kysely";
import { addDays } from "../platform/dates/index.ts";
import type { UploadedFile } from "../platform/module.ts";
import { handle, handleDownload, handleUpload, type ActionContext } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import {
  acceptCorrection,
  askCorrection,
  askCorrectionWithEvidence,
  downloadEvidence,
  countCorrections,
  listCorrections,
  myCorrections,
  refuseCorrection,
  withdrawCorrection,
  type CorrectionRow,
} from "./contract.ts";
import { evidenceBody, requireEvidence } from "./evidence.ts";
import { ownPerson } from "./gate.ts";
import { heldValues, shownValue } from "./my-data.ts";
import { citizensProblems } from "./problems.ts";
import {
  authorityLabels,
  CORRECTION_DAYS,
  correctionFieldLabels,
  type Authority,
  type CorrectionField,
  type CorrectionState,
} from "./words.ts";

export interface Wish {
  readonly field: CorrectionField;
  readonly proposed: string;
  readonly reason: string;
}

/** What a wish becomes in the table: the value as the register would hold it; a number only masked, and itself in an envelope. */
export async function readWish(
  context: ActionContext,
  wish: Wish,
): Promise<{ proposed: string; secret: Buffer | null }> {
  if (wish.field === "other") return { proposed: wish.proposed, secret: null };
  const value = (await personCells.read(context.tx, wish.field, wish.proposed)) ?? "";
  if (wish.field !== "phone" && wish.field !== "bank_account") return { proposed: value, secret: null };
  const mask = wish.field === "phone" ? maskPhone : maskBankAccount;
  return { proposed: mask(value), secret: context.services.keys.seal(value) };
}

export const correctionSubject = (correctionId: string) => `citizens.correction:${correctionId}`;

export function dueOn(businessDate: string): string {
  return addDays(businessDate, CORRECTION_DAYS);
}

/** Writes the request of a person who is seen; one at a time for each field. */
export async function insertCorrection(
  context: ActionContext,
  of: { personId: string; homeRegion: string; accountId: string | null; mandateId: string | null },
  wish: Wish,
  file?: UploadedFile,
): Promise<{ correctionId: string; dueOn: string }> {
  const { tx, businessDate } = context;
  const waiting = await tx
    .selectFrom("citizens.correction")
    .select("correction_id")
    .where("person_id", "=", of.personId)
    .where("field", "=", wish.field)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  if (waiting && wish.field !== "other") refuse(citizensProblems.askedAlready());
  const held =
    wish.field === "other" ? null : shownValue(wish.field, await heldValues(context, of.personId), (code) => code);
  const due = dueOn(businessDate);
  const row = await tx
    .insertInto("citizens.correction")
    .values({
      person_id: of.personId,
      home_region: of.homeRegion,
      account_id: of.accountId,
      mandate_id: of.mandateId,
      field: wish.field,
      held,
      ...(await readWish(context, wish)),
      reason: wish.reason,
      evidence_key: file?.key ?? null,
      evidence_name: file?.name ?? null,
      due_on: due,
    })
    .returning("correction_id")
    .executeTakeFirstOrThrow();
  context.audit({ subject: correctionSubject(row.correction_id), field: correctionFieldLabels[wish.field] });
  return { correctionId: row.correction_id, dueOn: due };
}

async function ask(context: ActionContext, wish: Wish, file?: UploadedFile) {
  const { personId, accountId, homeRegion } = ownPerson(context);
  return insertCorrection(context, { personId, homeRegion, accountId, mandateId: null }, wish, file);
}

const asked = (context: ActionContext) =>
  context.tx.selectFrom("citizens.correction as c").leftJoin("citizens.mandate as m", "m.mandate_id", "c.mandate_id");

const columns = [
  "c.correction_id",
  "c.field",
  "c.held",
  "c.proposed",
  "c.reason",
  "c.evidence_name",
  "c.asked_at",
  "c.due_on",
  "c.state",
  "c.answer",
  "c.account_id",
  "c.link_id",
  "c.decided_by_name",
  "c.decided_at",
  "m.officer_name",
  "m.authority",
] as const;

interface AskedRow {
  correction_id: string;
  field: string;
  held: string | null;
  proposed: string;
  reason: string;
  evidence_name: string | null;
  asked_at: Date;
  due_on: string;
  state: string;
  answer: string;
  link_id: string | null;
  officer_name: string | null;
  authority: string | null;
}

function toRow(row: AskedRow): CorrectionRow {
  const field = row.field as CorrectionField;
  const secret = field === "phone" || field === "bank_account";
  return {
    correctionId: row.correction_id,
    field,
    label: correctionFieldLabels[field],
    held: row.held,
    proposed:
      secret || field === "other" ? row.proposed : (shownValue(field, { [field]: row.proposed }, (code) => code) ?? ""),
    reason: row.reason,
    evidence: row.evidence_name,
    askedAt: row.asked_at.toISOString(),
    dueOn: row.due_on,
    state: row.state as CorrectionState,
    answer: row.answer,
    askedBy:
      row.officer_name !== null
        ? `${row.officer_name}代办（${authorityLabels[row.authority as Authority]}）`
        : row.link_id !== null
          ? "一次性链接"
          : "本人",
  };
}

const mine = handle(myCorrections, async (context, { page, size }) => {
  const { personId } = ownPerson(context);
  const found = asked(context).where("c.person_id", "=", personId);
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .select(columns)
    .orderBy("c.correction_id", "desc")
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  return {
    total: Number(n),
    rows: rows.map((row) => ({
      ...toRow(row),
      decidedBy: row.decided_by_name,
      decidedAt: row.decided_at?.toISOString() ?? null,
    })),
  };
});

const withdraw = handle(withdrawCorrection, async (context, { correctionId }) => {
  const { personId } = ownPerson(context);
  context.audit({ subject: correctionSubject(correctionId) });
  const { numUpdatedRows } = await context.tx
    .updateTable("citizens.correction")
    .set({ state: "withdrawn" })
    .where("correction_id", "=", correctionId)
    .where("person_id", "=", personId)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) refuse(citizensProblems.correctionSettled());
  return {};
});

// ── At the office ───────────────────────────────────────────────────────────────────────────────────────────────────────

const list = handle(listCorrections, async (context, { page, size, region, state, late }) => {
  const { caller, businessDate } = context;
  const scope = narrow(caller.sight.region, region);
  const isLate = sql<SqlBool>`c.state = 'waiting' AND c.due_on < ${businessDate}::date`;
  const found = asked(context)
    .innerJoin("registry.person as p", "p.person_id", "c.person_id")
    .where(within("c.home_region", scope))
    .$if(state !== undefined, (q) => q.where("c.state", "=", state!))
    .$if(late === "true", (q) => q.where(isLate))
    .$if(late === "false", (q) => q.where(sql<SqlBool>`NOT (${isLate})`));
  const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
  const rows = await found
    .leftJoin("registry.region as r", "r.code", "c.home_region")
    .select(columns)
    .select(["c.person_id", "p.name", "p.identity_mask", "r.full_name", isLate.as("late")])
    .orderBy(sql`c.state = 'waiting'`, "desc")
    .orderBy("c.due_on")
    .orderBy("c.correction_id")
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  context.audit({ count: rows.length, filter: { region, state, late } });
  return {
    total: Number(n),
    rows: rows.map((row) => ({
      ...toRow(row),
      personId: row.person_id,
      personName: row.name,
      identityMask: row.identity_mask,
      home: row.full_name ?? "",
      late: Boolean(row.late),
      decidedBy: row.decided_by_name,
    })),
  };
});

const count = handle(countCorrections, async (context) => {
  const { caller, businessDate } = context;
  const counted = await asked(context)
    .where(within("c.home_region", narrow(caller.sight.region, undefined)))
    .where("c.state", "=", "waiting")
    .select(({ fn }) => fn.countAll<string>().as("waiting"))
    .select(sql<string>`count(*) FILTER (WHERE c.due_on < ${businessDate}::date)`.as("late"))
    .executeTakeFirstOrThrow();
  return { waiting: Number(counted.waiting), late: Number(counted.late) };
});

/** A waiting request of the officer's area, locked; names the person in the audit row, who reads there that it was dealt with. */
async function lockCorrection(context: ActionContext, correctionId: string) {
  const { tx, caller } = context;
  const row = await tx
    .selectFrom("citizens.correction as c")
    .selectAll("c")
    .where("c.correction_id", "=", correctionId)
    .where(within("c.home_region", caller.sight.region))
    .executeTakeFirst();
  if (!row) return refuse(platformProblems.notFound("该更正申请"));
  context.audit({
    subject: `registry.person:${row.person_id}`,
    region: row.home_region,
    correction: correctionId,
    purpose: `办理更正申请：${correctionFieldLabels[row.field as CorrectionField]}`,
  });
  // Looked at first and locked then: what is settled cannot be locked, as nobody may change it any more.
  const locked = await tx
    .selectFrom("citizens.correction")
    .select("correction_id")
    .where("correction_id", "=", correctionId)
    .where("state", "=", "waiting")
    .forUpdate()
    .executeTakeFirst();
  if (!locked) refuse(citizensProblems.correctionSettled());
  return row;
}

async function settle(context: ActionContext, correctionId: string, state: "accepted" | "refused", answer: string) {
  const { tx, caller } = context;
  await tx
    .updateTable("citizens.correction")
    .set({
      state,
      answer,
      decided_by: caller.officerId,
      decided_by_name: caller.name,
      decided_at: sql<Date>`now()`,
    })
    .where("correction_id", "=", correctionId)
    .execute();
}

const accept = handle(acceptCorrection, async (context, { correctionId, answer }) => {
  const row = await lockCorrection(context, correctionId);
  let raised: string[] = [];
  if (row.field !== "other") {
    const value = row.secret === null ? row.proposed : context.services.keys.open(row.secret);
    const edit = await editPersonCells(context, {
      personId: row.person_id,
      version: null,
      cells: [{ field: row.field, value }],
      note: `更正申请 ${correctionId}：${row.reason}`,
    });
    raised = edit.raised;
  }
  await settle(context, correctionId, "accepted", answer);
  return { state: "accepted" as const, raised };
});

const decline = handle(refuseCorrection, async (context, { correctionId, answer }) => {
  await lockCorrection(context, correctionId);
  await settle(context, correctionId, "refused", answer);
  return { state: "refused" as const, raised: [] };
});

const evidence = handleDownload(downloadEvidence, async (context, { correctionId }) => {
  const row = await context.tx
    .selectFrom("citizens.correction as c")
    .select(["c.evidence_key", "c.evidence_name", "c.person_id", "c.home_region"])
    .where("c.correction_id", "=", correctionId)
    .where(within("c.home_region", context.caller.sight.region))
    .executeTakeFirst();
  if (!row?.evidence_key) return refuse(platformProblems.notFound("该证明材料"));
  context.audit({
    subject: `registry.person:${row.person_id}`,
    region: row.home_region,
    purpose: "查看更正申请的证明材料",
  });
  return evidenceBody(context, row.evidence_key, row.evidence_name ?? "");
});

export const correctionHandlers = [
  mine,
  handle(askCorrection, (context, wish) => ask(context, wish)),
  handleUpload(askCorrectionWithEvidence, async (context, wish, file) => {
    await requireEvidence(context, file);
    return ask(context, wish, file);
  }),
  withdraw,
  list,
  count,
  accept,
  decline,
  evidence,
];
