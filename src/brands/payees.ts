/** Whom rules pay among what this domain keeps (subsidies, `PayeeSource`). */
export const brandsPayees: readonly {
  readonly kind: string;
  readonly sources: readonly string[];
  readonly column: string;
  readonly sql: string;
}[] = [
  {
    kind: "brand",
    sources: ["劳务品牌认定", "劳务品牌评优"],
    column: "brand_id",
    sql: "SELECT brand_id AS id, coalesce(organiser, name) AS name, NULL::bigint AS person_id, NULL::bigint AS employer_id FROM brands.brand",
  },
];
