import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detailLines, subjectWords } from "./words.ts";

test("what was touched is named in the office's words, and unknown kinds stay readable", () => {
  const words = (subject: string | null, detail = {}) => subjectWords({ subject, detail });
  expect(words("ledger.batch:12")).toBe("台账批次 12");
  expect(words("identity.officer:7", { login: "huayuan" })).toBe("用户 huayuan");
  expect(words("months.month:433124:2025-04")).toBe("月度 433124 2025-04");
  expect(words("future.kind:7")).toBe("future.kind:7");
  expect(words(null)).toBe("—");
});

test("everything that a domain writes as touched has its words, so that nobody reads a code in the log", () => {
  const root = join(import.meta.dirname, "../..");
  const written = globSync("**/*.ts", { cwd: root })
    .filter((name) => !name.endsWith(".test.ts"))
    .flatMap((name) =>
      [...readFileSync(join(root, name), "utf8").matchAll(/subject: `([a-z.-]+):/g)].map(([, kind]) => kind!),
    );
  expect(written.length).toBeGreaterThan(50);
  expect(
    [...new Set(written)].filter((kind) => subjectWords({ subject: `${kind}:7`, detail: {} }) === `${kind}:7`),
  ).toEqual([]);
});

test("sums stand in yuan", () => {
  expect(detailLines({ amountFen: 123_450 })).toEqual([{ name: "金额", text: "1,234.50 元" }]);
});

test("a detail becomes lines; what is nested is named with its parent, what is empty is left out", () => {
  const lines = detailLines({
    before: { duties: ["财政"], active: true },
    after: { duties: ["复核", "领导"] },
    note: "",
    odd: [1, { a: 2 }],
  });
  expect(lines).toEqual([
    { name: "变更前 · 职责", text: "财政" },
    { name: "变更前 · 启用", text: "是" },
    { name: "变更后 · 职责", text: "复核、领导" },
    { name: "odd", text: '1、{"a":2}' },
  ]);
});
