import { sql } from "kysely";
import { handleExport } from "#exports";
import { regionNames } from "#registry";
import type { Tx } from "../../platform/db/database.ts";
import { handle, type ActionContext, type DomainModule, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { findTaskState } from "../../platform/tasks/state.ts";
import {
  exportCertificate,
  getPrivacyTask,
  listCertificate,
  listRuns,
  type CertificateLine,
  type RunRow,
} from "../contract.ts";
import { bookOf } from "./book.ts";
import { countiesOf, titlesOf } from "./handlers.ts";

async function runsOf(
  tx: Tx,
  counties: string,
  only: string | null,
  paging: { page: number; size: number },
): Promise<RunRow[]> {
  const { rows } = await sql<{
    run_id: string;
    kind: RunRow["kind"];
    business_date: string;
    state: string;
    started_at: Date;
    finished_at: Date | null;
    digest: string | null;
    rows: string;
  }>`SELECT r.run_id, r.kind, r.business_date, r.state, r.started_at, r.finished_at, r.digest,
      (SELECT coalesce(sum(c.rows), 0) FROM privacy.run_count c WHERE c.run_id = r.run_id AND (starts_with(c.county, ${counties}) OR c.county = '')) AS rows
    FROM privacy.run r WHERE ${only}::bigint IS NULL OR r.run_id = ${only}::bigint
    ORDER BY r.run_id DESC LIMIT ${paging.size} OFFSET ${(paging.page - 1) * paging.size}`.execute(tx);
  return rows.map((row) => ({
    runId: row.run_id,
    kind: row.kind,
    businessDate: row.business_date,
    running: row.state === "running",
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    rows: Number(row.rows),
    digest: row.digest,
  }));
}

/** What went: runs, their certificates, and how far the present one is. */
export function runHandlers(modules: () => readonly DomainModule[]): readonly Handler[] {
  const titles = () => titlesOf(bookOf(modules()));

  async function certificate(
    context: ActionContext,
    runId: string,
    paging: { page: number; size: number },
  ): Promise<{ rows: CertificateLine[]; total: number }> {
    const counties = countiesOf(context);
    const found = context.tx
      .selectFrom("privacy.run_count")
      .where("run_id", "=", runId)
      .where(sql<boolean>`(starts_with(county, ${counties}) OR county = '')`);
    const { n } = await found.select((eb) => eb.fn.countAll<string>().as("n")).executeTakeFirstOrThrow();
    const rows = await found
      .selectAll()
      .orderBy("county")
      .orderBy("rule")
      .orderBy("table_name")
      .limit(paging.size)
      .offset((paging.page - 1) * paging.size)
      .execute();
    const nameOf = await regionNames(
      context.tx,
      rows.map((row) => row.county),
    );
    const known = titles();
    return {
      total: Number(n),
      rows: rows.map((row) => ({
        key: `${row.rule} ${row.county} ${row.table_name}`,
        county: row.county,
        countyName: row.county === "" ? "全系统" : nameOf(row.county).fullName,
        title: known.get(row.rule)?.title ?? row.rule,
        table: row.table_name,
        rows: Number(row.rows),
        lastDay: row.last_day,
      })),
    };
  }

  return [
    handle(listRuns, async (context, paging) => {
      const { n } = await context.tx
        .selectFrom("privacy.run")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .executeTakeFirstOrThrow();
      return { total: Number(n), rows: await runsOf(context.tx, countiesOf(context), null, paging) };
    }),

    handle(listCertificate, async (context, { runId, ...paging }) => {
      const [run] = await runsOf(context.tx, countiesOf(context), runId, { page: 1, size: 1 });
      if (!run) return refuse(platformProblems.notFound("这次清除"));
      return { run, ...(await certificate(context, runId, paging)) };
    }),

    handleExport(exportCertificate, async (context, { runId }) => {
      const [run] = await runsOf(context.tx, countiesOf(context), runId, { page: 1, size: 1 });
      if (!run) return refuse(platformProblems.notFound("这次清除"));
      const { total } = await certificate(context, runId, { page: 1, size: 1 });
      return {
        title: `清除证明 ${run.businessDate} 第 ${run.runId} 号`,
        about: `摘要 ${run.digest ?? "（进行中）"}`,
        persons: false,
        total,
        columns: [
          { header: "县市区", kind: "text", width: 30 },
          { header: "清除的内容", kind: "text", width: 36 },
          { header: "数据表", kind: "text", width: 30 },
          { header: "条数", kind: "int", width: 12 },
          { header: "到期截止日", kind: "date", width: 14 },
          { header: "证明摘要", kind: "text", width: 70 },
        ],
        tracedBy: [],
        subject: `privacy.run:${runId}`,
        async *rows() {
          for (let page = 1; (page - 1) * 500 < total; page++)
            for (const row of (await certificate(context, runId, { page, size: 500 })).rows)
              yield [row.countyName, row.title, row.table, row.rows, row.lastDay, run.digest];
        },
      };
    }),

    handle(getPrivacyTask, async (context, { taskId }) => {
      const { tx } = context;
      // Tasks of other domains are about persons, of whom administrators see none.
      const own = await tx
        .selectFrom("platform.task")
        .select("task_id")
        .where("task_id", "=", taskId)
        .where("subject", "=", "privacy")
        .executeTakeFirst();
      return (
        (own && (await findTaskState(tx, taskId, countiesOf(context)))) ?? refuse(platformProblems.notFound("该任务"))
      );
    }),
  ];
}
