import { expect, test } from "vitest";
import type { Session } from "../../ui/index.ts";
import { pathAfterSignIn } from "./after-sign-in.ts";

const session = (given: Partial<Session> = {}): Session => ({
  officerId: "1",
  name: "向晓岚",
  organisation: "花垣县人力资源和社会保障局",
  dutyLabels: ["台账与补贴经办"],
  region: { code: "433124", name: "花垣县", path: "湘西土家族苗族自治州 · 花垣县" },
  permissions: ["registry.read"],
  csrf: "",
  businessDate: "2025-06-18",
  demo: false,
  ...given,
});

test("signing in leads back to where the officer was, and nowhere outside the program", () => {
  expect(pathAfterSignIn(session(), "/ledger/12?step=compare")).toBe("/ledger/12?step=compare");
  for (const outside of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "ledger",
    "",
  ]) {
    expect(pathAfterSignIn(session(), outside)).toBe("/");
  }
});

test("administrators begin with their own page, and a one-time password is replaced first", () => {
  expect(pathAfterSignIn(session({ permissions: ["identity.accounts"], dutyLabels: ["系统管理员"] }), "")).toBe(
    "/officers",
  );
  expect(pathAfterSignIn(session({ permissions: ["audit.read"], dutyLabels: ["审计员"] }), "")).toBe("/audit");
  expect(pathAfterSignIn(session({ mustChangePassword: true, permissions: [] }), "/ledger")).toBe("/password");
});
