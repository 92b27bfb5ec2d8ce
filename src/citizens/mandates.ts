import { within } from "#registry";
import { sql } from "kysely";
import type { Tx } from "../platform/db/database.ts";
import { handle, handleUpload, type ActionContext } from "../platform/module.ts";
import { platformProblems, refuse } from "../platform/problem.ts";
import { askOnMandate, endMandate, myMandates, recordMandate, revokeMandate, type MandateRow } from "./contract.ts";
import { insertCorrection } from "./corrections.ts";
import { requireEvidence } from "./evidence.ts";
import { ownPerson } from "./gate.ts";
import { citizensProblems } from "./problems.ts";
import { authorityLabels, type Authority } from "./words.ts";

const A_YEAR_DAYS = 366;
const mandateSubject = (mandateId: string) => `citizens.mandate:${mandateId}`;

export interface StoredMandate {
  mandate_id: string;
  officer_id: string;
  officer_name: string;
  organisation: string;
  authority: string;
  authorised_on: string;
  valid_from: string;
  valid_to: string;
  note: string;
  revoked_by: string | null;
  acts: string | null;
}

/** A person's authorities, the newest first. Row security shows them to the person and to his home; the caller has looked besides. */
export function mandatesOf({ tx }: ActionContext, personId: string): Promise<StoredMandate[]> {
  return tx
    .selectFrom("citizens.mandate as m")
    .select(["m.mandate_id", "m.officer_id", "m.officer_name", "m.organisation", "m.authority", "m.authorised_on"])
    .select(["m.valid_from", "m.valid_to", "m.note", "m.revoked_by"])
    .select((eb) =>
      eb
        .selectFrom("citizens.correction as c")
        .whereRef("c.mandate_id", "=", "m.mandate_id")
        .select((inner) => inner.fn.countAll<string>().as("n"))
        .as("acts"),
    )
    .where("m.person_id", "=", personId)
    .orderBy("m.mandate_id", "desc")
    .limit(100)
    .execute();
}

export function toMandateRow(row: StoredMandate): MandateRow {
  return {
    mandateId: row.mandate_id,
    officer: row.officer_name,
    organisation: row.organisation,
    authority: authorityLabels[row.authority as Authority],
    authorisedOn: row.authorised_on,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    note: row.note,
    revokedBy: row.revoked_by as "person" | "officer" | null,
    acts: Number(row.acts ?? 0),
  };
}

const mine = handle(myMandates, async (context) => {
  const { personId } = ownPerson(context);
  return { rows: (await mandatesOf(context, personId)).map(toMandateRow) };
});

const revoke = handle(revokeMandate, async (context, { mandateId }) => {
  const { personId } = ownPerson(context);
  context.audit({ subject: mandateSubject(mandateId) });
  const { numUpdatedRows } = await context.tx
    .updateTable("citizens.mandate")
    .set({ revoked_at: sql<Date>`now()`, revoked_by: "person" })
    .where("mandate_id", "=", mandateId)
    .where("person_id", "=", personId)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) refuse(platformProblems.notFound("这项有效的授权"));
  return {};
});

/** A person of the officer's area; names him in the audit row. */
export async function requirePerson(
  context: ActionContext,
  personId: string,
): Promise<{ personId: string; homeRegion: string }> {
  const { tx, caller } = context;
  const row = await tx
    .selectFrom("registry.person as p")
    .select("p.home_region")
    .where("p.person_id", "=", personId)
    .where(within("p.home_region", caller.sight.region))
    .executeTakeFirst();
  if (!row) return refuse(platformProblems.notFound("此人"));
  context.audit({ subject: `registry.person:${personId}`, region: row.home_region });
  return { personId, homeRegion: row.home_region };
}

const record = handleUpload(recordMandate, async (context, input, file) => {
  const { tx, caller, businessDate } = context;
  const { homeRegion } = await requirePerson(context, input.personId);
  const { authorisedOn, validFrom, validTo } = input;
  const longest = (Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000;
  if (
    authorisedOn > businessDate ||
    validFrom < authorisedOn ||
    validTo < validFrom ||
    validTo < businessDate ||
    longest > A_YEAR_DAYS
  )
    refuse(citizensProblems.mandateDates());
  await requireEvidence(context, file);
  const row = await tx
    .insertInto("citizens.mandate")
    .values({
      person_id: input.personId,
      home_region: homeRegion,
      officer_id: caller.officerId!,
      officer_name: caller.name,
      organisation: caller.organisation,
      authority: input.authority,
      authorised_on: authorisedOn,
      valid_from: validFrom,
      valid_to: validTo,
      evidence_key: file.key,
      evidence_name: file.name,
      note: input.note,
    })
    .returning("mandate_id")
    .executeTakeFirstOrThrow();
  context.audit({ purpose: `登记代办授权：${authorityLabels[input.authority]}`, mandate: row.mandate_id });
  return { mandateId: row.mandate_id };
});

const end = handle(endMandate, async (context, { mandateId }) => {
  const { tx, caller } = context;
  const { numUpdatedRows } = await tx
    .updateTable("citizens.mandate")
    .set({ revoked_at: sql<Date>`now()`, revoked_by: "officer" })
    .where("mandate_id", "=", mandateId)
    .where(within("home_region", caller.sight.region))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  context.audit({ subject: mandateSubject(mandateId) });
  if (numUpdatedRows !== 1n) refuse(platformProblems.notFound("这项有效的授权"));
  return {};
});

/** Only by the officer whom the person authorised, within the time, and not after the person took it back. */
const askFor = handle(askOnMandate, async (context, { mandateId, ...wish }) => {
  const { tx, caller, businessDate } = context;
  const mandate = await tx
    .selectFrom("citizens.mandate as m")
    .innerJoin("registry.person as p", "p.person_id", "m.person_id")
    .select(["m.person_id", "m.officer_id", "m.valid_from", "m.valid_to", "m.revoked_at", "p.home_region"])
    .where("m.mandate_id", "=", mandateId)
    .where(within("m.home_region", caller.sight.region))
    .executeTakeFirst();
  if (!mandate) return refuse(platformProblems.notFound("该代办授权"));
  const inForce = mandate.revoked_at === null && mandate.valid_from <= businessDate && businessDate <= mandate.valid_to;
  if (mandate.officer_id !== caller.officerId || !inForce) refuse(citizensProblems.mandateNotInForce());
  const asked = await insertCorrection(
    context,
    { personId: mandate.person_id, homeRegion: mandate.home_region, accountId: null, mandateId },
    wish,
  );
  // Under the person's name in the log, where he reads who did what for him.
  context.audit({
    subject: `registry.person:${mandate.person_id}`,
    region: mandate.home_region,
    purpose: "代办更正申请",
    mandate: mandateId,
    correction: asked.correctionId,
  });
  return asked;
});

/** The id of an officer's authority to act for a person that holds on a day; null: he has none. Row security and `officerId` bound it. */
export async function findMandate(tx: Tx, officerId: string, personId: string, on: string): Promise<string | null> {
  const row = await tx
    .selectFrom("citizens.mandate")
    .select("mandate_id")
    .where("officer_id", "=", officerId)
    .where("person_id", "=", personId)
    .where("revoked_at", "is", null)
    .where("valid_from", "<=", on)
    .where("valid_to", ">=", on)
    .orderBy("mandate_id", "desc")
    .executeTakeFirst();
  return row?.mandate_id ?? null;
}

export const mandateHandlers = [mine, revoke, record, end, askFor];
