import { EXPORT_MOST_TAKES, exportNumber, type ExportRow, type ExportState } from "./contract.ts";
import type { StoredExport } from "./store.ts";

/** An export as the screen shows it to this officer. */
export function showExport(row: StoredExport, officerId: string): ExportRow {
  const { state } = row as { state: ExportState };
  return {
    exportId: row.export_id,
    number: exportNumber(row.business_date, row.export_id),
    title: row.title,
    about: row.about,
    purpose: row.purpose,
    persons: row.persons,
    unmasked: row.unmasked,
    officerName: row.officer_name,
    organisation: row.organisation,
    mine: row.officer_id === officerId,
    state,
    rowsAsked: row.rows_asked,
    rowsWritten: row.rows_written,
    takesLeft: state === "approved" && !row.expired ? EXPORT_MOST_TAKES - row.takes : 0,
    askedAt: row.asked_at.toISOString(),
    takenAt: row.taken_at?.toISOString() ?? null,
    decidedName: row.decided_name,
    decidedOrganisation: row.decided_organisation,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionNote: row.decision_note,
    expiresAt: row.expires_at?.toISOString() ?? null,
    expired: row.expired,
  };
}
