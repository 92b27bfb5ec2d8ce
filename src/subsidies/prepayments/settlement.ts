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

export interface Correction extends Settlement {
  /** Taken off what is being recovered. */
  readonly reducedFen: number;
}

/**
 * Items worth `foundFen` were found after a settlement whose `owedFen` is being recovered: `receivedFen` of it came in, `openFen` is still to
 * come. They first take off what is open; what they are worth beyond it had been paid in for nothing, or is more than was prepaid, and is paid.
 */
export function correctionOf(
  prepaidFen: number,
  actualFen: number,
  foundFen: number,
  { receivedFen, openFen }: { readonly receivedFen: number; readonly openFen: number },
): Correction {
  const { actualFen: all, owedFen } = settlementOf(prepaidFen, actualFen + foundFen);
  return {
    actualFen: all,
    owedFen,
    reducedFen: Math.min(foundFen, openFen),
    balanceFen: Math.max(all - (prepaidFen - receivedFen), 0),
  };
}
