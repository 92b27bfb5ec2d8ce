import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settlementOf } from "./settlement.ts";

const fen = fc.integer({ min: 0, max: 100_000_000_000 });

describe("a settlement", () => {
  it("adds up to the fen: what was paid, with what is added or comes back, is what the items come to", () => {
    fc.assert(
      fc.property(fen, fen, (prepaid, actual) => {
        const { balanceFen, owedFen, actualFen } = settlementOf(prepaid, actual);
        expect(prepaid + balanceFen - owedFen).toBe(actual);
        expect(actualFen).toBe(actual);
        expect(Math.min(balanceFen, owedFen)).toBe(0);
        expect(balanceFen >= 0 && owedFen >= 0).toBe(true);
      }),
    );
  });
});
