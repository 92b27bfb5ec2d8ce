import { sql } from "kysely";
import { handle } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { SESSION_IDLE_MINUTES } from "../contract.ts";
import { endOtherSessions, endOwnSession, mySecurity, type OwnSession } from "../second-factor-contract.ts";
import { ownFactor } from "../second-factor/store.ts";
import { officerSubject } from "../subjects.ts";
import { signedIn } from "./sign-in.ts";
import { closeSessionsOf, ownAccount, SESSION_LONGEST_HOURS } from "./store.ts";

const security = handle(mySecurity, async ({ tx, caller }) => {
  const { officerId, session } = signedIn(caller);
  const factor = await ownFactor(tx);
  const { login } = await ownAccount(tx, officerId);
  const { rows } = await sql<{
    session_id: string;
    is_current: boolean;
    created_at: Date;
    seen_at: Date;
    ip: string;
    user_agent: string;
    single_sign_on: boolean;
  }>`SELECT * FROM identity.own_sessions(${session.id}, ${SESSION_IDLE_MINUTES}, ${SESSION_LONGEST_HOURS})`.execute(tx);
  return {
    login,
    secondFactor: {
      kind: factor.secret === null ? null : factor.kind,
      since: factor.confirmed_at?.toISOString() ?? null,
      codesLeft: Number(factor.codes_left),
      demanded: factor.demanded,
    },
    sessions: rows.map((row): OwnSession => ({
      sessionId: row.session_id,
      current: row.is_current,
      createdAt: row.created_at.toISOString(),
      seenAt: row.seen_at.toISOString(),
      ip: row.ip,
      userAgent: row.user_agent,
      singleSignOn: row.single_sign_on,
    })),
  };
});

const endOne = handle(endOwnSession, async (context, { sessionId }) => {
  const { officerId } = signedIn(context.caller);
  context.audit({ subject: officerSubject(officerId) });
  const { rows } = await sql<{ ended: boolean }>`
    SELECT identity.end_own_session(${sessionId}) AS ended`.execute(context.tx);
  if (!rows[0]?.ended) refuse(platformProblems.notFound("该处登录"));
  return {};
});

const endOthers = handle(endOtherSessions, async (context) => {
  const { officerId, session } = signedIn(context.caller);
  const sessionsEnded = await closeSessionsOf(context.tx, officerId, session.id);
  context.audit({ subject: officerSubject(officerId), sessionsEnded });
  return { sessionsEnded };
});

export const ownSessionHandlers = [security, endOne, endOthers];
