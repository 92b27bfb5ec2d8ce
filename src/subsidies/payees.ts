import type { FactSource } from "#kernel";

/** Who is behind a subject that rules pay: a relation of one domain. */
export interface PayeeSource {
  /** Of what kind, e.g. `agency`: with the number it names the payee in all of this domain. */
  readonly kind: string;
  /** Fact sources whose subject it is: two domains may call different things by one column. Empty: of every source. */
  readonly sources: readonly string[];
  /** The subject's column in them, e.g. `workshop_id`. */
  readonly column: string;
  /** SELECT of `id bigint, name text, person_id bigint, employer_id bigint`: the registered person or employer that it is, if any. */
  readonly sql: string;
}

/** What every installation knows by itself. */
const KNOWN: readonly PayeeSource[] = [
  {
    kind: "person",
    sources: [],
    column: "person_id",
    sql: "SELECT person_id AS id, name, person_id, NULL::bigint AS employer_id FROM registry.person",
  },
  {
    kind: "employer",
    sources: [],
    column: "employer_id",
    sql: "SELECT employer_id AS id, name, NULL::bigint AS person_id, employer_id FROM registry.employer",
  },
];

/** Finds who is behind a source's subject; undefined where the office cannot know whose account it is. */
export type FindPayee = (source: FactSource, column: string) => PayeeSource | undefined;

export function payeeFinder(payees: readonly PayeeSource[]): FindPayee {
  const all = [...payees, ...KNOWN];
  return (source, column) =>
    all.find((one) => one.column === column && (one.sources.length === 0 || one.sources.includes(source.name)));
}
