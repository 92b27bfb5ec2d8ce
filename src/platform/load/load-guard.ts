import { monitorEventLoopDelay } from "node:perf_hooks";
import { platformProblems, Refusal } from "../problem.ts";
import { classRules, routeClasses, type RouteClass } from "./route-class.ts";

const LOOK_MS = 250;
/** Lateness of the event loop from which those give way that yield first, and those that yield last, as multiples of the configured one. */
const LATE = { first: 1, last: 4 };
/** Requests waiting for a connection, as a multiple of the connections, from which they do. */
const CROWD = { first: 2, last: 10 };
const RETRY_SECONDS = { first: 10, last: 5 };
/** Files being received at once: they need no connection yet, but memory and disk. */
const MOST_RECEIVED = 24;

interface Lane {
  readonly most: number;
  running: number;
  readonly waiting: Array<() => void>;
}

export type ShedReason = "late" | "crowd" | "queue" | "patience";

/**
 * Keeps what is light quick when there is too much: each class of requests may hold so many connections at once and let so many wait,
 * and when the machine is late all the same, what is heavy is refused first, signing in and health never.
 */
export class LoadGuard {
  readonly #lanes: Readonly<Record<RouteClass, Lane>>;
  readonly #connections: number;
  readonly #lateFromMs: number;
  readonly #waitingForConnection: () => number;
  readonly #shed: (routeClass: RouteClass, reason: ShedReason) => void;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #looking: NodeJS.Timeout;
  #lateMs = 0;
  #looked = performance.now();
  #receiving = 0;

  constructor(options: {
    connections: number;
    /** Lateness of the event loop from which what is heavy gives way. */
    lateMs: number;
    waitingForConnection: () => number;
    shed: (routeClass: RouteClass, reason: ShedReason) => void;
  }) {
    this.#connections = options.connections;
    this.#lateFromMs = options.lateMs;
    this.#waitingForConnection = options.waitingForConnection;
    this.#shed = options.shed;
    this.#lanes = Object.fromEntries(
      routeClasses.map((name) => [
        name,
        { most: Math.max(1, Math.floor(classRules[name].share * options.connections)), running: 0, waiting: [] },
      ]),
    ) as unknown as Record<RouteClass, Lane>;
    this.#delay.enable();
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#looking);
    this.#delay.disable();
  }

  /** How late the event loop was in the last quarter of a second. */
  get lateMs(): number {
    return this.#lateMs;
  }

  running(routeClass: RouteClass): number {
    return this.#lanes[routeClass].running;
  }

  /** Refuses before anything is done for the request when its class must give way now. */
  admit(routeClass: RouteClass): void {
    const { yields } = classRules[routeClass];
    if (yields === "never") return;
    // Between two looks the loop may already stand still: a look that is overdue counts as late.
    const late = Math.max(this.#lateMs, performance.now() - this.#looked - 2 * LOOK_MS);
    const reason =
      late >= LATE[yields] * this.#lateFromMs
        ? "late"
        : this.#waitingForConnection() >= CROWD[yields] * this.#connections
          ? "crowd"
          : null;
    if (reason) this.#refuse(routeClass, reason, RETRY_SECONDS[yields]);
  }

  /** Runs `work` when its class has room; refuses when too many wait, or it has waited too long. */
  async run<T>(routeClass: RouteClass, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes[routeClass];
    if (lane.running >= lane.most) await this.#wait(routeClass, lane);
    else lane.running++;
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody who comes now passes those who wait.
      const next = lane.waiting.shift();
      if (next) next();
      else lane.running--;
    }
  }

  async receive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#receiving >= MOST_RECEIVED) this.#refuse("upload", "queue", RETRY_SECONDS.first);
    this.#receiving++;
    try {
      return await work();
    } finally {
      this.#receiving--;
    }
  }

  #wait(routeClass: RouteClass, lane: Lane): Promise<void> {
    const { queue, patienceMs } = classRules[routeClass];
    if (lane.waiting.length >= queue) this.#refuse(routeClass, "queue", RETRY_SECONDS.first);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const enter = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      lane.waiting.splice(lane.waiting.indexOf(enter), 1);
      try {
        this.#refuse(routeClass, "patience", RETRY_SECONDS.last);
      } catch (refusal) {
        reject(refusal as Refusal);
      }
    }, patienceMs);
    lane.waiting.push(enter);
    return promise;
  }

  #refuse(routeClass: RouteClass, reason: ShedReason, seconds: number): never {
    this.#shed(routeClass, reason);
    throw new Refusal(platformProblems.busy(seconds));
  }

  #look(): void {
    const now = performance.now();
    this.#lateMs = Math.max(now - this.#looked - LOOK_MS, this.#delay.percentile(99) / 1e6 - 10, 0);
    this.#looked = now;
    this.#delay.reset();
  }
}
