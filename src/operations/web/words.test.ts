import { expect, test } from "vitest";
import { ago, duration } from "./words.ts";

test("how long ago is said in the largest unit that tells", () => {
  expect([5, 65, 3_599, 3_600, 86_400, 200_000].map(ago)).toEqual([
    "刚刚",
    "1 分钟前",
    "59 分钟前",
    "1 小时前",
    "24 小时前",
    "2 天前",
  ]);
  expect([12, 1_500].map(duration)).toEqual(["12 毫秒", "1.5 秒"]);
});
