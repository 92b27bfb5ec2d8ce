import { sql, type RawBuilder } from "kysely";
import type { ActionContext } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { payeeProblems } from "./problems.ts";

/** Who asks from an account: a person for himself, or an enterprise. */
export type Self =
  | { readonly kind: "person"; readonly personId: string; readonly accountId: string; readonly homeRegion: string }
  | { readonly kind: "employer"; readonly employerId: string; readonly accountId: string; readonly homeRegion: string };

/** The first wall: every query of these pages is about this one, and takes nobody's number from outside. */
export function selfAsPayee({ caller }: Pick<ActionContext, "caller">): Self {
  const self = caller.sight.self ?? refuse(platformProblems.notSignedIn());
  const { accountId, homeRegion, personId, employerId } = self;
  if (employerId !== null) return { kind: "employer", employerId, accountId, homeRegion };
  if (personId === null) return refuse(payeeProblems.needsRealName());
  return { kind: "person", personId, accountId, homeRegion };
}

/** SQL: claim `c` is paid to him. */
export const isOwn = (self: Self): RawBuilder<unknown> =>
  self.kind === "person"
    ? sql`c.payee_person_id = ${self.personId}::bigint`
    : sql`c.payee_employer_id = ${self.employerId}::bigint`;
