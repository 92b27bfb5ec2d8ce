import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { action, query } from "../platform/contract.ts";
import { parseAddress, writeAddress } from "./address.ts";
import { addressOf } from "./client.ts";

const list = query({
  path: "/api/ledger/batches/:batchId/faults",
  summary: "",
  access: "public",
  input: z.object({}),
  output: z.unknown(),
});
const change = action({
  path: "/api/ledger/batches/:batchId/repairs",
  summary: "",
  access: "public",
  input: z.object({}),
  output: z.unknown(),
});

test("path parts are filled in and encoded; what is empty is not sent", () => {
  expect(addressOf(list, { batchId: "1/2", page: 2, code: undefined, name: "", severity: "waiting" }).url).toBe(
    "/api/ledger/batches/1%2F2/faults?page=2&severity=waiting",
  );
});
test("a change carries the rest as its body", () => {
  expect(addressOf(change, { batchId: "12", cells: [1] })).toEqual({
    url: "/api/ledger/batches/12/repairs",
    rest: { cells: [1] },
  });
});
test("what is written into the address is read back from it", () => {
  const values = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(values, (some) => {
      expect({ ...parseAddress(writeAddress(some)) }).toEqual({ ...some });
    }),
  );
});
