import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctionOf, settlementOf } from "./settlement.ts";

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

describe("a settlement put right", () => {
  it("leaves the payee with what the items come to, to the fen, once everything that is open has come in", () => {
    const owing = fc
      .tuple(fen, fen)
      .map(([a, b]) => ({ prepaid: Math.max(a, b), actual: Math.min(a, b) }))
      .chain((one) =>
        fc.record({
          prepaid: fc.constant(one.prepaid),
          actual: fc.constant(one.actual),
          received: fc.integer({ min: 0, max: one.prepaid - one.actual }),
          found: fc.integer({ min: 1, max: 2 * one.prepaid + 1 }),
        }),
      );
    fc.assert(
      fc.property(owing, ({ prepaid, actual, received, found }) => {
        const openFen = prepaid - actual - received;
        const now = correctionOf(prepaid, actual, found, { receivedFen: received, openFen });
        expect(prepaid - received - (openFen - now.reducedFen) + now.balanceFen).toBe(actual + found);
        expect(now.reducedFen >= 0 && now.reducedFen <= openFen && now.balanceFen >= 0).toBe(true);
        // Nobody is paid while he still owes.
        expect(Math.min(now.balanceFen, openFen - now.reducedFen)).toBe(0);
      }),
    );
  });
});
