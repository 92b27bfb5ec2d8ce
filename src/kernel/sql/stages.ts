/** A table that a stage joins, and the condition that ties it to the row. */
export interface Join {
  readonly table: string;
  readonly on: string;
}

/**
 * The columns of a statement, each computed once, in the first stage that knows all it reads; the stages are nested SELECTs. They are fenced with
 * OFFSET 0: PostgreSQL would otherwise write each stage's expressions anew wherever the next reads them. Few stages are fast ones:
 * every fence hands all columns on.
 */
export class Stages {
  private readonly first: string;
  private readonly name: string;
  private readonly levels: Map<string, number>;
  private readonly selects: string[][] = [];
  private readonly joins: string[][] = [];

  /** `first` is a SELECT that gives `columns`; the stages after it are called `name` and a number. */
  constructor(first: string, columns: readonly string[], name = "stage") {
    this.first = first;
    this.name = name;
    this.levels = new Map(columns.map((name) => [name, 0]));
  }

  /** Adds a column and gives its name; for what is but another column, that one's name. Names are never used twice. */
  define(name: string, sql: string, join?: Join): string {
    if (!join && this.levels.has(sql)) return sql;
    const level = Math.max(0, ...wordsOf(`${sql} ${join?.on ?? ""}`).map((word) => (this.levels.get(word) ?? -1) + 1));
    // Stage 0 is the facts; what reads nothing at all can stand beside what reads only facts.
    const index = Math.max(level, 1) - 1;
    this.levels.set(name, index + 1);
    (this.selects[index] ??= []).push(`${sql} AS ${name}`);
    if (join) (this.joins[index] ??= []).push(`LEFT JOIN ${join.table} ON ${join.on}`);
    return name;
  }

  /** Stages that begin with `first`, which gives all that these give, and `columns`. */
  continued(first: string, columns: readonly string[], name: string): Stages {
    return new Stages(first, [...this.levels.keys(), ...columns], name);
  }

  /** The stages as common table expressions, and the name of the last. */
  ctes(): { readonly ctes: readonly string[]; readonly last: string } {
    const ctes = [`${this.name}_0 AS (${this.first} OFFSET 0)`];
    for (const index of this.selects.keys())
      ctes.push(`${this.name}_${index + 1} AS (${this.select(index, `${this.name}_${index}`)})`);
    return { ctes, last: `${this.name}_${this.selects.length}` };
  }

  /** The stages as one item of a FROM clause, for where no common table expression may stand. */
  nested(): string {
    return [...this.selects.keys()].reduce(
      (inner, index) => `(${this.select(index, inner)}) t`,
      `(${this.first} OFFSET 0) t`,
    );
  }

  private select(index: number, from: string): string {
    const source = [from.endsWith(") t") ? from : `${from} t`, ...(this.joins[index] ?? [])].join("\n");
    return `SELECT t.*,\n  ${this.selects[index]!.join(",\n  ")}\nFROM ${source} OFFSET 0`;
  }
}

/** What could be a column's name: no part of a literal, nothing quoted. */
const wordsOf = (sql: string): readonly string[] =>
  sql.replaceAll(/'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"/g, " ").match(/[a-z_]\w*/g) ?? [];
