import type { Tx } from "../platform/db/database.ts";
import type { WhoEntered } from "./contract.ts";
import type { MemberRole, memberStateLabels } from "./words.ts";

type Membership = NonNullable<WhoEntered["account"]>["memberships"][number];

/** Of the asking account; whom it belongs to is row security's and this condition's to say. The name of an enterprise is no secret. */
export async function membershipsOf(tx: Tx, accountId: string): Promise<Membership[]> {
  const rows = await tx
    .selectFrom("citizens.member as m")
    .select(["m.member_id", "m.employer_id", "m.employer_name", "m.role", "m.state", "m.answer"])
    .where("m.account_id", "=", accountId)
    .where("m.state", "<>", "ended")
    .orderBy("m.member_id")
    .execute();
  return rows.map((row) => ({
    memberId: row.member_id,
    employerId: row.employer_id,
    employerName: row.employer_name,
    role: row.role as MemberRole,
    state: row.state as keyof typeof memberStateLabels,
    answer: row.answer,
  }));
}
