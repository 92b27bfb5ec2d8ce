import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameStatement, withoutValues } from "./statement-name.ts";

describe("the name of a statement", () => {
  test("says what is done to which table", () => {
    expect(nameStatement('select "p"."name" from "registry"."person" as "p" where "p"."person_id" = $1').name).toMatch(
      /^select registry\.person [0-9a-f]{8}$/,
    );
    expect(nameStatement("SELECT * FROM identity.use_session($1, $2)").name).toMatch(/^select identity\.use_session /);
    expect(nameStatement("WITH x AS (SELECT 1) UPDATE ledger.batch SET state = 'done'").name).toMatch(
      /^with ledger\.batch /,
    );
    expect(nameStatement("SET LOCAL app.region = '433124'").name).toMatch(/^set /);
  });

  test("is the same whatever the values, and another for another statement", () => {
    const of = (text: string) => nameStatement(text).name;
    expect(of("SELECT 1 FROM a.b WHERE c = '张三' AND d IN (1, 2, 3)")).toBe(
      of("SELECT 1 FROM a.b WHERE c = '李四' AND d IN (4)".replace("(4)", "(4, 5)")),
    );
    expect(of("SELECT 1 FROM a.b WHERE c = 'x'")).not.toBe(of("SELECT 1 FROM a.b WHERE d = 'x'"));
    expect(of("COPY trial.stage_12 FROM STDIN")).toBe(of("COPY trial.stage_9876 FROM STDIN"));
  });

  test("holds no literal, in whatever quotes or comment it stands", () => {
    const secret = fc.oneof(
      fc.stringMatching(/^[1-9]\d{16}[\dX]$/),
      fc.stringMatching(/^1[3-9]\d{9}$/),
      fc.constantFrom("龙建平", "石桂英", "O'Neill", "a$b", "x\\y"),
    );
    const quoted = fc.constantFrom<(text: string) => string>(
      (text) => `'${text.replaceAll("'", "''")}'`,
      (text) => `E'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`,
      (text) => `$tag$${text}$tag$`,
      (text) => `$$${text.replaceAll("$", "")}$$`,
      (text) => `1 /* ${text} */`,
      (text) => `1 -- ${text}\n`,
      (text) => `"${text.replaceAll('"', '""')}"`,
      (text) => (/^\d+$/.test(text) ? text : "0"),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(secret, quoted), { minLength: 1, maxLength: 5 }), (given) => {
        const sql = `SELECT a1, b FROM registry.person WHERE ${given.map(([text, quote]) => `c = ${quote(text)}`).join(" AND ")} ORDER BY 1`;
        const { name, text } = nameStatement(sql);
        for (const [hidden] of given) {
          const digits = hidden.replaceAll(/\D/g, "");
          for (const word of [name, text, withoutValues(sql)]) {
            if (digits.length >= 6) expect(word).not.toContain(digits);
            if (/[\u4e00-\u9fff]/.test(hidden)) expect(word).not.toContain(hidden);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
