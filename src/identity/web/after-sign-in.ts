import { holds, PASSWORD_PATH, type Session } from "../../ui/index.ts";
import { dutyLabels, identityPermissions } from "../contract.ts";
import { OFFICERS_PATH } from "./paths.ts";

/** Where an officer goes after signing in: back to where he was, else to the page his duty begins with. */
export function pathAfterSignIn(session: Session, back: string): string {
  if (session.mustChangePassword) return PASSWORD_PATH;
  // Only an address of this program: "//elsewhere" and "/\elsewhere" lead to another site.
  if (/^\/(?![/\\])/.test(back)) return back;
  if (holds(session, identityPermissions.accounts)) return OFFICERS_PATH;
  if (session.dutyLabels.includes(dutyLabels["audit-admin"])) return "/audit";
  return "/";
}
