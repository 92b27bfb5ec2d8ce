import { describe, expect, it, test } from "vitest";
import { answerFormOf } from "./dictionary.ts";
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

  it("asks for nothing that a person could not answer", () => {
    const asked = fields.filter(({ question }) => question !== undefined);
    expect(asked.filter((field) => answerFormOf(field) === null).map(({ name }) => name)).toEqual([]);
  });

  it("has the code of a county wherever a rule looks for its division", () => {
    const places = fields.filter(({ name }) => Object.values(jurisdictions).includes(name));
    expect(places.filter((field) => answerFormOf(field) !== "county").map(({ name }) => name)).toEqual([]);
  });
});

test("one topic is asked in one way, whichever source asks", () => {
  const byTopic = Map.groupBy(
    DICTIONARIES.flatMap((dictionary) => dictionary.fields).filter(({ topic }) => topic !== undefined),
    ({ topic }) => topic!,
  );
  const differing = [...byTopic].filter(
    ([, fields]) =>
      new Set(fields.map((field) => JSON.stringify([field.question, field.codes, answerFormOf(field)]))).size > 1,
  );
  expect(differing.map(([topic]) => topic)).toEqual([]);
  expect(byTopic.get("person.liftedFromPoverty")?.length).toBeGreaterThan(5);
});

test("whoever can be asked about a source is told in plain words what it is about", () => {
  const asked = DICTIONARIES.filter(({ fields }) => fields.some(({ question }) => question !== undefined));
  expect(asked.filter(({ situation, audience }) => !situation || !audience?.length).map(({ name }) => name)).toEqual(
    [],
  );
});
