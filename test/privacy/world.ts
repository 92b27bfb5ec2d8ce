import { sql } from "kysely";
import { bookOf } from "../../src/privacy/retention/book.ts";
import type { PeriodId } from "../../src/platform/privacy/index.ts";
import type { TestRuntime } from "../../src/platform/testing/index.ts";
import { modules } from "../../src/app.ts";

export const book = bookOf(modules);

/** A length that two officers agreed to, in Hunan. */
export async function agree(
  runtime: TestRuntime,
  period: PeriodId,
  length: number,
  unit: "months" | "days" = "months",
): Promise<void> {
  await sql`INSERT INTO privacy.setting (area, period, length, unit, reason, state, proposed_by, proposed_by_name, decided_by, decided_by_name, decided_at)
    VALUES ('43', ${period}, ${length}, ${unit}, '按档案管理规定', 'approved', 1, '安全员', 2, '系统员', now())`.execute(
    runtime.database.worker,
  );
}

/** The installation on another business day. */
export const onDay = (runtime: TestRuntime, day: string): TestRuntime => ({ ...runtime, businessDate: () => day });

export async function agreeAll(runtime: TestRuntime): Promise<void> {
  for (const period of [
    "person",
    "spell",
    "category",
    "reported",
    "money",
    "service",
    "task",
    "batch",
    "upload",
    "evidence",
    "export",
    "account",
    "draft",
    "link",
  ] as const)
    await agree(runtime, period, 12);
}
