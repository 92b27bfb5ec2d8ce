import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("somebody at a terminal reads no log lines unless something is wrong; a service's log is whole", () => {
  expect(readConfig({}, true).logLevel).toBe("warn");
  expect(readConfig({}, false).logLevel).toBe("info");
  expect(readConfig({ WENGANG_LOG: "debug" }, true).logLevel).toBe("debug");
});

test("a faulty variable is named in words", () => {
  expect(() => readConfig({ WENGANG_DATE: "2025-02-30" })).toThrow(/WENGANG_DATE：应为 YYYY-MM-DD/);
});

test("addresses that the program calls are encrypted, but on this machine", () => {
  for (const name of ["WENGANG_SMS_URL", "WENGANG_S3_ENDPOINT", "WENGANG_OIDC_ISSUER"]) {
    for (const address of [
      "http://sms.example/",
      "http://169.254.169.254/",
      "file:///etc/passwd",
      "gopher://127.0.0.1/",
    ])
      expect(() => readConfig({ [name]: address }), `${name} ${address}`).toThrow(name);
  }
  expect(readConfig({ WENGANG_SMS_URL: "http://127.0.0.1:9000/" }).sms?.url).toBe("http://127.0.0.1:9000/");
  expect(readConfig({ WENGANG_SMS_URL: "https://sms.example/" }).sms?.url).toBe("https://sms.example/");
});
