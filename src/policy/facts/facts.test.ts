import { describe, expect, it } from "vitest";
import { DICTIONARIES } from "./index.ts";

describe.each(DICTIONARIES.map((dictionary) => [dictionary.name, dictionary] as const))("%s", (_name, dictionary) => {
  const { fields, jurisdictions } = dictionary;

  it("names each fact once", () => {
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
  });

  it("has its jurisdictions among its facts", () => {
    const names = fields.map(({ name }) => name);
    expect(Object.values(jurisdictions).filter((fact) => !names.includes(fact))).toEqual([]);
  });

  it("gives every column one fact", () => {
    expect(new Set(fields.map(({ column }) => column)).size).toBe(fields.length);
  });
});
