import { platformProblems, refuse } from "../platform/problem.ts";
import { shapeOf, type Shape } from "./shape.ts";
import type { RegisterDefinition } from "./definition.ts";

/** All registers of the installation, by name. Given by the composition root: the kit knows no domain. */
export class Shelf {
  readonly definitions: readonly RegisterDefinition[];
  readonly #shapes: ReadonlyMap<string, Shape>;

  constructor(definitions: readonly RegisterDefinition[]) {
    this.definitions = definitions;
    this.#shapes = new Map(definitions.map((definition) => [definition.name, shapeOf(definition)]));
    if (this.#shapes.size !== definitions.length) throw new Error("two registers have the same name");
  }

  /** Refuses in words when there is none of that name. */
  get(name: string): Shape {
    return this.#shapes.get(name) ?? refuse(platformProblems.notFound("该登记簿"));
  }

  /** Of a register that a definition names: that it is there is checked when the program is prepared. */
  referred(name: string): Shape {
    const shape = this.#shapes.get(name);
    if (!shape) throw new Error(`no register ${name}`);
    return shape;
  }

  find(name: string): Shape | undefined {
    return this.#shapes.get(name);
  }
}
