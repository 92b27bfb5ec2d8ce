import { expect, test } from "vitest";
import { leadsTo, PASSWORD_PATH, SIGN_IN_PATH, type Session } from "./session.tsx";

const session = (given: Partial<Session> = {}): Session => ({
  officerId: "1",
  name: "向晓岚",
  organisation: "花垣县人力资源和社会保障局",
  dutyLabels: [],
  region: { code: "433124", name: "花垣县", path: "湘西州 · 花垣县" },
  permissions: [],
  csrf: "",
  businessDate: "2025-06-18",
  demo: false,
  ...given,
});

test("nobody signed in is led to the sign-in page, from every page but the open ones", () => {
  expect(leadsTo(null, { path: "/ledger" })).toBe(SIGN_IN_PATH);
  expect(leadsTo(null, { path: SIGN_IN_PATH, open: true })).toBeNull();
  expect(leadsTo(session(), { path: "/ledger" })).toBeNull();
});

test("whoever must set a password of his own is led to that page from every other one", () => {
  const once = session({ mustChangePassword: true });
  for (const path of ["/", "/ledger/$batchId", "/officers"]) expect(leadsTo(once, { path })).toBe(PASSWORD_PATH);
  expect(leadsTo(once, { path: PASSWORD_PATH })).toBeNull();
});
