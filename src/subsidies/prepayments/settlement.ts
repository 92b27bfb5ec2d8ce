/** What becomes of a prepayment: what is still to be paid, or is to come back. In fen; one of the two is always zero. */
export interface Settlement {
  readonly actualFen: number;
  readonly balanceFen: number;
  readonly owedFen: number;
}

/** `prepaidFen` was paid; the items that there really are come to `actualFen`. Together paid and balance less owed are the items, to the fen. */
export const settlementOf = (prepaidFen: number, actualFen: number): Settlement => ({
  actualFen,
  balanceFen: Math.max(actualFen - prepaidFen, 0),
  owedFen: Math.max(prepaidFen - actualFen, 0),
});
