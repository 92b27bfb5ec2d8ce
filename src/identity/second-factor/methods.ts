import { Secret, TOTP } from "otpauth";
import QRCode from "qrcode";
import type { FactorKind } from "../second-factor-contract.ts";

/**
 * A way to prove a second time who one is. What a 国密 key (GM/T 0027) would add is an entry in `secondFactorMethods`: `begin` then
 * keeps the key's certificate as the secret and `check` verifies its signature over the moment.
 */
export interface SecondFactorMethod {
  /** A new secret to be kept in an envelope, and what the officer needs to set up his device. */
  begin(login: string): Promise<{ secret: string; shown: { secret: string; uri: string; qr: string } }>;
  /** The time step that the answer is good for, null when it is wrong. A step is used once (see identity.use_factor_step). */
  check(secret: string, answer: string, moment: Date): number | null;
}

const PERIOD_SECONDS = 30;
/** Steps before and after: a telephone's clock may be half a minute off. */
const WINDOW = 1;

function totpOf(secret: string, login: string): TOTP {
  return new TOTP({
    issuer: "稳岗",
    label: login,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}

/** RFC 6238 with the parameters that every authenticator application knows. */
const totp: SecondFactorMethod = {
  async begin(login) {
    const secret = new Secret({ size: 20 }).base32;
    const uri = totpOf(secret, login).toString();
    return { secret, shown: { secret, uri, qr: await QRCode.toString(uri, { type: "svg", margin: 1 }) } };
  },
  check(secret, answer, moment) {
    const timestamp = moment.getTime();
    const delta = totpOf(secret, "").validate({ token: answer, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
  },
};

export const secondFactorMethods: Readonly<Record<FactorKind, SecondFactorMethod>> = { totp };
