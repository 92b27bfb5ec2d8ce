import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Temporal } from "temporal-polyfill";
import { ZipWriter } from "../platform/sheets/zip-writer.ts";
import { handle, handleDownload, type DomainModule } from "../platform/module.ts";
import { refuse } from "../platform/problem.ts";
import {
  AUDIT_COUNT_LIMIT,
  AUDIT_EXPORT_LIMIT,
  auditPermissions,
  exportAuditEntries,
  listAuditEntries,
} from "./contract.ts";
import { auditCommands } from "./commands.ts";
import { entriesTable } from "./entries-table.ts";
import { momentInChina } from "./moments.ts";
import { auditProblems } from "./problems.ts";
import { sha256 } from "./seal/chain.ts";
import { sealGauges } from "./seal/gauges.ts";
import { sealHandlers } from "./seal/handlers.ts";
import { PROOF_NAME } from "./seal/read-proof.ts";
import { loadSigner } from "./seal/signing.ts";
import { sealTasks } from "./seal/tasks.ts";
import { proveEntries } from "./seal/write-proof.ts";
import { entriesForExport, pageOfEntries, type AuditFilter } from "./store.ts";
import { auditHoldings } from "./holdings.ts";

const list = handle(listAuditEntries, async (context, { page, size, ...filter }) => {
  requireOrder(filter);
  const found = await pageOfEntries(context.tx, context.caller.sight, filter, { page, size }, AUDIT_COUNT_LIMIT);
  context.audit({ count: found.rows.length, filter: { ...filter, page } });
  return found;
});

const exportEntries = handleDownload(exportAuditEntries, async (context, { purpose, format, ...filter }) => {
  requireOrder(filter);
  const rows = await entriesForExport(context.tx, context.caller.sight, filter, AUDIT_EXPORT_LIMIT + 1);
  context.audit({ purpose, filter });
  if (rows.length > AUDIT_EXPORT_LIMIT) refuse(auditProblems.exportTooLarge(AUDIT_EXPORT_LIMIT));
  context.audit({ count: rows.length });
  const { name, organisation } = context.caller;
  const now = momentInChina(Temporal.Now.instant().toString());
  const watermark = `导出人：${organisation} ${name}；导出时间：${now}；用途：${purpose}；共 ${rows.length} 条；导出编号：${context.requestId}`;
  const table = await entriesTable(format, rows, watermark);
  const file = { name: `审计日志-${now.slice(0, 10)}.${format}`, sha256: sha256(table) };
  const { keyFolder, auditSignature } = context.services.config;
  const ids = rows.map((row) => row.entryId);
  const out = new PassThrough();
  const zipped = buffer(out);
  const zip = new ZipWriter(out);
  await zip.add(file.name, [table]);
  await zip.add(PROOF_NAME, proveEntries(context.tx, ids, { watermark, file }, loadSigner(keyFolder, auditSignature)));
  await zip.finish();
  return { fileName: `审计日志-${now.slice(0, 10)}.zip`, mediaType: "application/zip", body: await zipped };
});

function requireOrder({ from, to }: AuditFilter): void {
  if (from !== undefined && to !== undefined && to < from) refuse(auditProblems.daysReversed());
}

export const auditModule: DomainModule = {
  name: "audit",
  migrations: join(import.meta.dirname, "migrations"),
  holdings: auditHoldings,
  handlers: [list, exportEntries, ...sealHandlers],
  tasks: sealTasks,
  gauges: sealGauges,
  commands: auditCommands,
  permissions: {
    [auditPermissions.read]: { label: "查询审计日志", duties: ["auditor", "audit-admin"] },
  },
};
