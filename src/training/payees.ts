/** Whom rules pay among what this domain keeps (subsidies, `PayeeSource`). */
export const trainingPayees: readonly {
  readonly kind: string;
  readonly sources: readonly string[];
  readonly column: string;
  readonly sql: string;
}[] = [
  {
    kind: "provider",
    sources: ["培训报名"],
    column: "provider_id",
    sql: "SELECT provider_id AS id, name, NULL::bigint AS person_id, NULL::bigint AS employer_id FROM training.provider",
  },
];
