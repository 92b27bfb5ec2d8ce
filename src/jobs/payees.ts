/** Whom rules pay among what this domain keeps (subsidies, `PayeeSource`). */
export const jobsPayees: readonly {
  readonly kind: string;
  readonly sources: readonly string[];
  readonly column: string;
  readonly sql: string;
}[] = [
  {
    kind: "agency",
    sources: ["劳务介绍"],
    column: "agency_id",
    sql: "SELECT agency_id AS id, name, NULL::bigint AS person_id, NULL::bigint AS employer_id FROM jobs.agency",
  },
];
