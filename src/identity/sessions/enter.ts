import type { ActionContext } from "../../platform/module.ts";
import { newToken, SESSION_COOKIE, tokenDigest } from "./gate.ts";
import { openSession } from "./store.ts";

/**
 * Opens a session in the browser that asks. Always a new token: one that somebody planted in the browser before gets no rights by
 * signing in, and one that was seen before a second factor or a new password has none after it.
 */
export async function enter(
  context: ActionContext,
  into: { officerId: string; stage: "full" | "second-factor"; singleSignOn: boolean },
): Promise<{ csrf: string }> {
  const { tx, request, caller } = context;
  const token = newToken();
  const csrf = newToken();
  await openSession(tx, {
    hash: tokenDigest(token),
    replaces: caller.session?.id ?? null,
    ...into,
    csrf,
    ip: request.ip,
    userAgent: request.userAgent.slice(0, 300),
  });
  context.setCookie(SESSION_COOKIE, token, { httpOnly: true });
  return { csrf };
}
