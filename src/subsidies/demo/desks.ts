import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { callerAtDesk, createGate } from "#identity";
import { isWorkday } from "../../platform/dates/workdays.ts";
import { addDays } from "../../platform/dates/index.ts";
import type { OutputOf, RequestOf, Route } from "../../platform/contract.ts";
import { runAct } from "../../platform/http/run-action.ts";
import type { DomainModule, Services } from "../../platform/module.ts";

/** The officers of a demonstration's county at their desks, on earlier days: the same handlers, permissions, scope and audit as on the screen. */
export class Desks {
  readonly #services: Services;
  readonly #module: DomainModule;
  readonly #today: string;

  constructor(services: Services, module: DomainModule, today: string) {
    this.#services = services;
    this.#module = module;
    this.#today = today;
  }

  /** The day so many working days before today. */
  before(workdays: number): string {
    let day = this.#today;
    for (let left = workdays; left > 0;) {
      day = addDays(day, -1);
      if (isWorkday(day)) left -= 1;
    }
    return day;
  }

  /** The program as it was so many working days ago. */
  services(workdays: number): Services {
    const day = this.before(workdays);
    return { ...this.#services, businessDate: () => day };
  }

  async act<R extends Route>(
    ago: number,
    login: string,
    route: R,
    input: RequestOf<R>,
    file?: { readonly name: string; readonly content: string },
  ): Promise<OutputOf<R>> {
    const services = this.services(ago);
    const handler = this.#module.handlers!.find((one) => one.route === route)!;
    const caller = await callerAtDesk(services, [this.#module], login);
    const uploaded = file && {
      fileId: "",
      name: file.name,
      fields: {},
      ...(await this.#stored(file.content)),
    };
    const answer = await runAct(services, createGate([this.#module]), {
      handler,
      caller,
      input,
      request: { ip: "", userAgent: "" },
      ...(uploaded ? { file: uploaded } : {}),
    });
    return route.output.parse(answer) as OutputOf<R>;
  }

  async #stored(content: string) {
    const key = `upload/${randomUUID()}`;
    return { key, ...(await this.#services.files.put(key, Readable.from([Buffer.from(content)]), 1e7)) };
  }
}
