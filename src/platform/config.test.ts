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
