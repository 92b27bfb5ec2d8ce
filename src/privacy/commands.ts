import type { Command } from "commander";
import { sql } from "kysely";
import type { DomainModule, Services } from "../platform/module.ts";
import { bookOf } from "./retention/book.ts";
import { titlesOf } from "./retention/handlers.ts";
import { previewRetention, runRetention } from "./retention/run.ts";

interface Options {
  readonly json?: boolean;
}

/** `wengang retention`: for the operator of the machine. What goes, goes by lengths that two officers agreed to; nothing else does. */
export const privacyCommands =
  (modules: () => readonly DomainModule[]) =>
  (program: Command, open: () => Promise<Services>): void => {
    const retention = program.command("retention").description("保存期限：预览将清除的数据，或立即按已批准的期限清除");
    const titles = () => titlesOf(bookOf(modules()));

    retention
      .command("preview")
      .description("按规则和县统计已到期的数据（不清除）")
      .option("--json", "以 JSON 输出")
      .action(async ({ json }: Options) => {
        const services = await open();
        const { worker } = services.database;
        const { rows: areas } = await sql<{
          area: string;
        }>`SELECT DISTINCT left(code, 2) AS area FROM registry.region WHERE hosted ORDER BY 1`.execute(worker);
        for (const { area } of areas) await previewRetention(services, bookOf(modules()), area);
        const found = await worker
          .selectFrom("privacy.preview")
          .selectAll()
          .where("rule", "<>", "")
          .orderBy("rule")
          .orderBy("county")
          .execute();
        const known = titles();
        const rows = found.map((row) => ({
          rule: row.rule,
          title: known.get(row.rule)?.title ?? row.rule,
          county: row.county,
          table: row.table_name,
          rows: Number(row.rows),
          held: Number(row.held),
          agreed: row.agreed,
          asOf: row.as_of,
        }));
        if (json) process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
        else if (rows.length === 0) process.stdout.write("没有到期的数据。\n");
        else
          for (const row of rows)
            process.stdout.write(
              `${row.county}\t${row.title}\t${row.rows} 条到期${row.held > 0 ? `，另有 ${row.held} 条保全` : ""}${row.agreed ? "" : "（期限未批准，不会清除）"}\n`,
            );
      });

    retention
      .command("run")
      .description("立即清除已到期的数据；只按已批准的期限")
      .option("--json", "以 JSON 输出")
      .action(async ({ json }: Options) => {
        const services = await open();
        const runId = await runRetention(services, bookOf(modules()), "asked", "命令行");
        const counts = await services.database.worker
          .selectFrom("privacy.run_count")
          .selectAll()
          .where("run_id", "=", runId)
          .orderBy("county")
          .orderBy("rule")
          .execute();
        const known = titles();
        const rows = counts.map((row) => ({
          rule: row.rule,
          title: known.get(row.rule)?.title ?? row.rule,
          county: row.county,
          table: row.table_name,
          rows: Number(row.rows),
        }));
        if (json) process.stdout.write(`${JSON.stringify({ runId, rows }, null, 2)}\n`);
        else {
          process.stdout.write(`清除记录第 ${runId} 号：${rows.reduce((sum, row) => sum + row.rows, 0)} 条\n`);
          for (const row of rows)
            process.stdout.write(`${row.county || "全系统"}\t${row.title}\t${row.table}\t${row.rows}\n`);
        }
      });
  };
