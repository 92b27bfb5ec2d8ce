import { timingSafeEqual } from "node:crypto";
import { Temporal } from "temporal-polyfill";
import type { Keys } from "../../platform/keys.ts";

/** A browser on which a login was entered rightly. Gives no right: it only decides for whom a wrong password is counted. */
export const DEVICE_COOKIE = "wengang_device";
export const DEVICE_DAYS = 90;

const FORM = /^(\d{4}-\d{2}-\d{2})\.([0-9a-f]{16,128})$/;

/** `day.mark`: keeps nothing here, tells nothing of the login there. */
export function deviceMark(keys: Keys, login: string, day = Temporal.Now.plainDateISO("UTC").toString()): string {
  return `${day}.${keys.keyedHash("row", `device|${login}|${day}`)}`;
}

export function isKnownDevice(keys: Keys, cookie: string | undefined, login: string): boolean {
  const [, day] = FORM.exec(cookie ?? "") ?? [];
  if (cookie === undefined || day === undefined) return false;
  const earliest = Temporal.Now.plainDateISO("UTC").subtract({ days: DEVICE_DAYS }).toString();
  const expected = Buffer.from(deviceMark(keys, login, day));
  const sent = Buffer.from(cookie);
  return day >= earliest && sent.length === expected.length && timingSafeEqual(sent, expected);
}
