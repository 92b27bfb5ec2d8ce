/** What the entries of this domain in the field register share. */
const seenBy = "发放地的经办、复核、财政和审计人员";
export const money = {
  basis: ["duty-of-office", "subsidies", "accounts"],
  period: "money",
  seenBy,
  end: "anonymise",
} as const;

/** SQL: rows of a table with a claim whose payee is being erased. */
export const ofPayee =
  "FROM subsidies.claim c, erasing e WHERE c.payee_person_id = e.old_id AND c.claim_id = t.claim_id";
