import fc from "fast-check";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isBreached } from "./breached-passwords.ts";
import { passwordFaults, PASSWORD_LENGTH_LIMIT } from "./password-rules.ts";

describe("a new password", () => {
  test("that stands in circulating lists is refused, although it is long and mixes its characters", () => {
    const circulating = `
      Password123 Password123! P@ssw0rd123 Passw0rd2024 Pa$$w0rd1234 Admin123456 Admin@12345 Qwerty123456
      Qwer1234!@#$ 1qaz2wsx3EDC 1qaz@WSX3edc !QAZ2wsx#EDC Aa123456789 Aa1234567890 Abc123456789 Abcd1234!@#$
      Abcdef123456 Asdf1234!@#$ Zxcvbnm123! Welcome2024! Iloveyou123! Woaini1314520 Woaini123456! Zhongguo2025!
      Zhangsan123! Huawei@12345 Test@1234567 Root@123456 Letmein12345! Dragon123456 AAAaaa111222! Changeme1234
      Wengang2025! Jiuyeju2025@ Renshe@2025123`
      .trim()
      .split(/\s+/);
    expect(circulating.length).toBeGreaterThan(30);
    expect(circulating.filter((password) => !passwordFaults(password, "yangjing").join().includes("猜到"))).toEqual([]);
  });

  test("is not hardly more than the login it belongs to", () => {
    for (const password of ["Yang.Jing.2025", "Jing@Yang2024!", "Y@ngJ1ng123456"])
      expect(passwordFaults(password, "yang.jing").join(), password).toMatch(/猜到|登录名/);
  });

  test("of one's own finding is taken: phrases, blanks, Chinese, 64 characters and more", () => {
    const good = [
      "Right-password-1",
      "三峰 Tujia 织锦 1987",
      "Kettle orbit 7 basin",
      "vK9#tq2LmZ",
      `Quiet river ${"over old stone ".repeat(4)}7`,
    ];
    expect(good.flatMap((password) => passwordFaults(password, "yangjing"))).toEqual([]);
    expect(passwordFaults(`aB1${"十百千万亿".repeat(30)}`, "yangjing")).toEqual([`最多 ${PASSWORD_LENGTH_LIMIT} 位`]);
  });
});

describe("the operator's list of leaked passwords", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wengang-breached-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const digest = (password: string) => createHash("sha1").update(password).digest("hex").toUpperCase();

  test("is searched without reading it whole: what is in it is found, what is not is not", async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string(), { maxLength: 200 }),
        fc.string(),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        async (leaked, other, end, ended) => {
          const file = join(folder, `list-${++made}.txt`);
          const lines = leaked.map((one) => `${digest(one)}:${one.length * 7919}`).toSorted();
          writeFileSync(file, lines.join(end) + (ended && lines.length > 0 ? end : ""));
          for (const one of leaked.slice(0, 20)) expect(await isBreached(file, one)).toBe(true);
          expect(await isBreached(file, other)).toBe(leaked.includes(other));
        },
      ),
      { numRuns: 60 },
    );
  });
});
