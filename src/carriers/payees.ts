/** Whom rules pay among what this domain keeps (subsidies, `PayeeSource`). */
export const carriersPayees: readonly {
  readonly kind: string;
  readonly sources: readonly string[];
  readonly column: string;
  readonly sql: string;
}[] = [
  {
    kind: "carrier",
    sources: ["车间吸纳"],
    column: "workshop_id",
    sql: "SELECT carrier_id AS id, name, NULL::bigint AS person_id, employer_id FROM carriers.carrier",
  },
  {
    kind: "carrier",
    sources: ["就业帮扶基地认定"],
    column: "base_id",
    sql: "SELECT carrier_id AS id, name, NULL::bigint AS person_id, employer_id FROM carriers.carrier",
  },
];
