import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { Refusal } from "../problem.ts";
import { LoadGuard } from "./load-guard.ts";
import { classRules } from "./route-class.ts";

let guard: LoadGuard;
let shed: string[] = [];
const make = (connections = 12, waiting = () => 0) => {
  shed = [];
  guard = new LoadGuard({
    connections,
    lateMs: 400,
    waitingForConnection: waiting,
    shed: (name, reason) => shed.push(`${name} ${reason}`),
  });
  return guard;
};
afterEach(() => guard.stop());

const problemOf = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (cause) {
    return cause instanceof Refusal ? cause.problem : null;
  }
};

describe("a class of requests", () => {
  test("runs as many as its share of the connections, the others in the order in which they came", async () => {
    make(12);
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        guard.run("export", async () => {
          most = Math.max(most, guard.running("export"));
          order.push(index);
          await sleep(5);
        }),
      ),
    );
    expect(most).toBe(Math.floor(12 * classRules.export.share));
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(guard.running("export")).toBe(0);
  });

  test("gives its place back when the work fails", async () => {
    make(12);
    for (let index = 0; index < 5; index++)
      await expect(guard.run("export", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(guard.running("export")).toBe(0);
  });

  test("refuses whoever comes when too many wait, and says when to come again", async () => {
    make(12);
    const { promise, resolve } = Promise.withResolvers<void>();
    const most = Math.floor(12 * classRules.export.share) + classRules.export.queue;
    const held = Array.from({ length: most }, () => guard.run("export", () => promise));
    const refused = await guard.run("export", () => promise).catch((cause: Refusal) => cause.problem);
    expect(refused).toMatchObject({ status: 503, code: "platform.busy", retryAfter: 10 });
    expect((refused as { message: string }).message).toBe("系统繁忙，本次操作未执行，请 10 秒后重试。");
    // Others have lanes of their own.
    await expect(guard.run("page", async () => "here")).resolves.toBe("here");
    resolve();
    await Promise.all(held);
    expect(shed).toEqual(["export queue"]);
  });
});

describe("when the machine is late", () => {
  test("what is heavy is refused first, pages later, signing in never", () => {
    let waiting = 0;
    make(10, () => waiting);
    const refused = () =>
      (["sign-in", "page", "search", "act", "export", "upload", "public"] as const).filter(
        (name) => problemOf(() => guard.admit(name)) !== null,
      );
    expect(refused()).toEqual([]);
    waiting = 20;
    expect(refused()).toEqual(["search", "export", "upload"]);
    waiting = 100;
    expect(refused()).toEqual(["page", "search", "act", "export", "upload", "public"]);
  });

  test("a blocked event loop is seen, and forgotten when it runs again", async () => {
    make();
    await sleep(300);
    const until = performance.now() + 1_200;
    while (performance.now() < until);
    expect(problemOf(() => guard.admit("export"))).not.toBeNull();
    expect(problemOf(() => guard.admit("sign-in"))).toBeNull();
    await sleep(1_200);
    expect(problemOf(() => guard.admit("export"))).toBeNull();
  });
});
