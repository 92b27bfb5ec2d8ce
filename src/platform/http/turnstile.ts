import { hash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { LoadGuard } from "../load/load-guard.ts";
import { RateLimits } from "../load/rate-limits.ts";
import { classRules, type RouteClass } from "../load/route-class.ts";
import type { Caller, Services } from "../module.ts";
import { platformProblems, Refusal } from "../problem.ts";
import { sourceOf } from "./source-of.ts";

/** Cookies that somebody was known by a short time ago, by their digests. */
const MOST_KNOWN = 10_000;

/**
 * What every request passes before anything is done for it: how often its account, or its address when nobody is signed in, may ask;
 * and whether the machine has room. Whoever is signed in is never counted by his address: a county's officers come from one, and
 * somebody among them who floods it must not lock out the others.
 */
export class Turnstile {
  readonly load: LoadGuard;
  readonly #limits: RateLimits;
  readonly #services: Services;
  readonly #known = new Set<string>();

  constructor(services: Services) {
    const { database, config, telemetry, keys, log } = services;
    this.#services = services;
    this.#limits = new RateLimits(database.pools, keys, log);
    this.load = new LoadGuard({
      connections: config.databaseConnections,
      lateMs: config.lateMs,
      waitingForConnection: () => database.pools.app.waitingCount,
      shed: (routeClass, reason) => {
        telemetry.shed.add(1, { "wengang.route.class": routeClass, reason });
        services.refused("load", routeClass);
      },
    });
    telemetry.gauge("wengang.load.running", "{request}", "Requests at work, by class", (result) => {
      for (const routeClass of Object.keys(classRules) as RouteClass[])
        result.observe(this.load.running(routeClass), { "wengang.route.class": routeClass });
    });
  }

  stop(): void {
    this.#limits.stop();
    this.load.stop();
  }

  /** Before it is known who asks; costs no question to the database. */
  before(routeClass: RouteClass, request: FastifyRequest): void {
    this.load.admit(routeClass);
    const seconds = this.#limits.refused(`address ${routeClass}`, sourceOf(request.ip));
    if (seconds > 0 && !this.#known.has(cookieMark(request))) this.#refuse(routeClass, "address", seconds);
  }

  async count(routeClass: RouteClass, request: FastifyRequest, caller: Caller): Promise<void> {
    const { perAccount, perAddress, windowSeconds } = classRules[routeClass];
    const account = caller.sight.self
      ? `a${caller.sight.self.accountId}`
      : (caller.officerId ?? caller.sight.officerId);
    const by = account === null ? "address" : "account";
    if (account !== null) this.#remember(cookieMark(request));
    const seconds = await this.#limits.take(`${by} ${routeClass}`, account ?? sourceOf(request.ip), {
      allowed: account === null ? perAddress : perAccount,
      windowSeconds,
      exact: false,
    });
    if (seconds > 0) this.#refuse(routeClass, by, seconds);
  }

  /** For pages that everybody reads: nobody is asked who he is. */
  async admitPublic(request: FastifyRequest): Promise<void> {
    this.before("public", request);
    const { perAddress, windowSeconds } = classRules.public;
    const seconds = await this.#limits.take("address public", sourceOf(request.ip), {
      allowed: perAddress,
      windowSeconds,
    });
    if (seconds > 0) this.#refuse("public", "address", seconds);
  }

  #remember(mark: string): void {
    if (this.#known.has(mark)) return;
    if (this.#known.size >= MOST_KNOWN) this.#known.delete(this.#known.values().next().value!);
    this.#known.add(mark);
  }

  #refuse(routeClass: RouteClass, by: "account" | "address", seconds: number): never {
    this.#services.telemetry.limited.add(1, { "wengang.route.class": routeClass, by });
    this.#services.refused("limit", routeClass);
    throw new Refusal(platformProblems.tooMany(seconds));
  }
}

const cookieMark = (request: FastifyRequest) => hash("sha256", request.headers.cookie ?? "");
