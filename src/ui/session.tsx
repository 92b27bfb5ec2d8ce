import { createContext, use, type ReactNode } from "react";

/** The identity domain's page. Anything that needs an officer leads there, with the way back in `?back=`. */
export const SIGN_IN_PATH = "/sign-in";

/** The identity domain's page too: whoever must set a password of his own is led there from everywhere. */
export const PASSWORD_PATH = "/password";

/** And his second factor and sessions: whoever must have the former and has not is led there. */
export const SECURITY_PATH = "/security";

/** Who sits in front of the screen. `src/web.tsx` makes it from the identity domain's answer. */
export interface Session {
  readonly officerId: string;
  readonly name: string;
  readonly organisation: string;
  /** Words for what he does: "台账与补贴经办". */
  readonly dutyLabels: readonly string[];
  readonly region: { readonly code: string; readonly name: string; /** "湘西州 · 花垣县" */ readonly path: string };
  readonly permissions: readonly string[];
  readonly csrf: string;
  /** Today for the business, which in a demonstration is not the clock's day. */
  readonly businessDate: string;
  readonly demo: boolean;
  /** Must set a password of his own before anything else. */
  readonly mustChangePassword?: boolean;
  /** Must set up a second factor before anything else. */
  readonly mustEnrol?: boolean;
}

export interface SessionControl {
  readonly session: Session | null;
  /** Asks the server again: after signing in, after changing one's password. */
  readonly refresh: () => Promise<Session | null>;
  readonly signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionControl | null>(null);

export function SessionProvider({ control, children }: { control: SessionControl; children: ReactNode }) {
  return <SessionContext value={control}>{children}</SessionContext>;
}

export function useSessionControl(): SessionControl {
  const control = use(SessionContext);
  if (!control) throw new Error("no session provider");
  return control;
}

/** The signed-in officer. Only for pages within the shell; a page open to everyone asks `useSessionControl`. */
export function useSession(): Session {
  const { session } = useSessionControl();
  if (!session) throw new Error("nobody is signed in");
  return session;
}

/** Where someone is led who may not open this page yet; null: he may. */
export function leadsTo(
  session: Session | null,
  page: { readonly path: string; readonly open?: boolean },
): string | null {
  if (page.open) return null;
  if (!session) return SIGN_IN_PATH;
  if (session.mustChangePassword) return page.path === PASSWORD_PATH ? null : PASSWORD_PATH;
  return session.mustEnrol && page.path !== SECURITY_PATH && page.path !== PASSWORD_PATH ? SECURITY_PATH : null;
}

export function holds(session: Session | null, permission: string | readonly string[] | undefined): boolean {
  if (permission === undefined) return true;
  const wanted = typeof permission === "string" ? [permission] : permission;
  return session !== null && wanted.some((one) => session.permissions.includes(one));
}

/** May the officer do this? The server decides; this only spares him a button that would be refused. */
export function useMay(permission: string | readonly string[] | undefined): boolean {
  return holds(useSessionControl().session, permission);
}

export function May({
  permission,
  children,
  otherwise = null,
}: {
  permission: string | readonly string[];
  children: ReactNode;
  otherwise?: ReactNode;
}) {
  return useMay(permission) ? children : otherwise;
}
