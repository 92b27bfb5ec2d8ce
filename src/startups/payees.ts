/** Whom rules pay among what this domain keeps (subsidies, `PayeeSource`). */
export const startupsPayees: readonly {
  readonly kind: string;
  readonly sources: readonly string[];
  readonly column: string;
  readonly sql: string;
}[] = [
  {
    kind: "startup",
    sources: ["创业实体"],
    column: "entity_id",
    sql: "SELECT entity_id AS id, name, person_id, NULL::bigint AS employer_id FROM startups.entity",
  },
  {
    kind: "incubator",
    sources: ["创业孵化基地评选"],
    column: "base_id",
    sql: "SELECT incubator_id AS id, name, NULL::bigint AS person_id, NULL::bigint AS employer_id FROM startups.incubator",
  },
];
