import { pino, type Logger } from "pino";

export type Log = Logger;

/** Structured log. Names of fields that may hold persons' data or secrets are redacted wherever they stand. */
export function createLog(level: string): Log {
  const secret = ["password", "idNumber", "phone", "bankAccount", "token", "cookie", "authorization"];
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]),
      censor: "［已隐去］",
    },
  });
}
