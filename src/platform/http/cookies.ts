import type { Config } from "../config.ts";

/**
 * The name a cookie goes by. Behind HTTPS it carries the prefix that browsers take from this very host and over TLS only, so that no
 * neighbouring host and nobody on an unencrypted line can plant one (RFC 6265bis, 4.1.3.2).
 */
export function cookieName(config: Pick<Config, "secureCookie">, name: string): string {
  return config.secureCookie ? `__Host-${name}` : name;
}
