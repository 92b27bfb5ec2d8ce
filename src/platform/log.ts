import { pino, type Logger } from "pino";
import { traceIds } from "./telemetry/trace.ts";

export type Log = Logger;

/** Structured log. Names of fields that may hold persons' data or secrets are redacted wherever they stand. */
export function createLog(level: string): Log {
  const secret = ["password", "idNumber", "phone", "bankAccount", "token", "cookie", "authorization"];
  return pino({
    level,
    base: undefined,
    // Lines of one request and of the work it caused are found by its trace, also where no traces are collected.
    mixin: traceIds,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]),
      censor: "［已隐去］",
    },
  });
}
