import * as client from "openid-client";
import type { Config } from "../../platform/config.ts";
import type { Services } from "../../platform/module.ts";
import { refuse } from "../../platform/problem.ts";
import { SIGN_IN_PAGE, SINGLE_SIGN_ON_PATH } from "../single-sign-on-contract.ts";
import { identityProblems } from "../problems.ts";

type OidcConfig = NonNullable<Config["oidc"]>;

const PATIENCE_SECONDS = 10;
const known = new Map<string, Promise<client.Configuration>>();

/** The provider as it describes itself, asked once per process; a failure is asked again. */
function provider(oidc: OidcConfig): Promise<client.Configuration> {
  const key = `${oidc.issuer} ${oidc.clientId}`;
  const asked = known.get(key);
  if (asked) return asked;
  const discovered = client.discovery(
    new URL(oidc.issuer),
    oidc.clientId,
    undefined,
    client.ClientSecretPost(oidc.secret),
    {
      timeout: PATIENCE_SECONDS,
      ...(isLoopback(oidc.issuer) ? { execute: [client.allowInsecureRequests] } : {}),
    },
  );
  known.set(key, discovered);
  discovered.catch(() => known.delete(key));
  return discovered;
}

/** Without TLS only on this very machine. */
function isLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

export function configured({ config }: Pick<Services, "config">): OidcConfig {
  return config.oidc ?? refuse(identityProblems.singleSignOnOff());
}

const returnTo = (oidc: OidcConfig) => new URL(SINGLE_SIGN_ON_PATH, oidc.publicUrl).href;

export interface Begun {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Authorization code flow with PKCE, state and nonce. */
export async function beginAt(oidc: OidcConfig): Promise<Begun> {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(await provider(oidc), {
    redirect_uri: returnTo(oidc),
    scope: oidc.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  return { url: url.href, state, nonce, verifier };
}

/** Whom the provider vouches for; throws when anything about its answer is wrong. */
export async function finishAt(
  oidc: OidcConfig,
  answer: { code: string; state: string; iss?: string | undefined },
  begun: { nonce: string; verifier: string },
): Promise<{ issuer: string; subject: string; claim: string }> {
  const returned = new URL(returnTo(oidc));
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) returned.searchParams.set(name, value);
  const configuration = await provider(oidc);
  const tokens = await client.authorizationCodeGrant(configuration, returned, {
    expectedState: answer.state,
    expectedNonce: begun.nonce,
    pkceCodeVerifier: begun.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims()!;
  const claim = claims[oidc.loginClaim];
  return {
    issuer: configuration.serverMetadata().issuer,
    subject: claims.sub,
    claim: typeof claim === "string" ? claim.slice(0, 200) : "",
  };
}

/** Where the provider ends its own session and sends the browser back; null when it has no such address. */
export async function singleSignOnExit({ config, log }: Services): Promise<string | null> {
  if (!config.oidc) return null;
  try {
    const configuration = await provider(config.oidc);
    if (!configuration.serverMetadata().end_session_endpoint) return null;
    return client.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: new URL(SIGN_IN_PAGE, config.oidc.publicUrl).href,
    }).href;
  } catch (cause) {
    log.warn({ err: cause }, "the single sign-on cannot be reached to sign out");
    return null;
  }
}
