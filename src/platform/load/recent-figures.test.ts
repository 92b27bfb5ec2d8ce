import { expect, test, vi } from "vitest";
import { RecentFigures } from "./recent-figures.ts";

const AGE_MS = 10_000;

function figures(ageMs = AGE_MS) {
  const clock = { now: 1_000 };
  const recent = new RecentFigures(ageMs, () => clock.now);
  const workOut = vi.fn<() => Promise<number>>();
  for (let n = 1; n <= 10; n++) workOut.mockResolvedValueOnce(n);
  return { clock, recent, workOut };
}

test("an answer serves for its age and not a moment longer", async () => {
  const { clock, recent, workOut } = figures();
  expect(await recent.get("1", "4331", workOut)).toBe(1);
  clock.now += AGE_MS;
  expect(await recent.get("2", "4331", workOut)).toBe(1);
  clock.now += 1;
  expect(await recent.get("2", "4331", workOut)).toBe(2);
});

test("each area has its own", async () => {
  const { recent, workOut } = figures();
  expect(await recent.get("1", "433101", workOut)).toBe(1);
  expect(await recent.get("1", "433122", workOut)).toBe(2);
});

test("whoever asks while it is worked out waits for the same", async () => {
  const { recent } = figures();
  let done: (value: number) => void = () => {};
  const workOut = vi.fn<() => Promise<number>>(() => new Promise((resolve) => (done = resolve)));
  const both = Promise.all([recent.get("1", "k", workOut), recent.get("2", "k", workOut)]);
  done(7);
  expect(await both).toEqual([7, 7]);
  expect(workOut).toHaveBeenCalledTimes(1);
});

test("who has changed something sees it at once, and so do the others from then on", async () => {
  const { clock, recent, workOut } = figures();
  await recent.get("1", "k", workOut);
  clock.now += 5;
  recent.wrote("2");
  clock.now += 5;
  expect(await recent.get("1", "k", workOut)).toBe(1);
  expect(await recent.get("2", "k", workOut)).toBe(2);
  expect(await recent.get("1", "k", workOut)).toBe(2);
});

test("what failed is tried again", async () => {
  const { recent } = figures();
  await expect(recent.get("1", "k", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(await recent.get("1", "k", () => Promise.resolve(3))).toBe(3);
});

test("without an age everything is worked out", async () => {
  const { recent, workOut } = figures(0);
  await recent.get("1", "k", workOut);
  expect(await recent.get("1", "k", workOut)).toBe(2);
});

test("what nobody asks for any more is forgotten", async () => {
  const { clock, recent } = figures();
  for (let n = 0; n < 5_000; n++) {
    clock.now += 100;
    recent.wrote(`o${n}`);
    await recent.get("1", `k${n}`, () => Promise.resolve(n));
  }
  const again = vi.fn<() => Promise<number>>(() => Promise.resolve(0));
  await recent.get("1", "k4999", again);
  expect(again).not.toHaveBeenCalled();
});
