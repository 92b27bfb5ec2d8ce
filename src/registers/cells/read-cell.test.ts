import { checkCharacter, loadRegionIndex } from "#registry";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatYuan } from "../../platform/money.ts";
import type { Cell } from "../../platform/sheets/index.ts";
import type { RegisterColumn } from "../definition.ts";
import { modules } from "../fixtures.ts";
import { testRuntime, type TestRuntime } from "../../platform/testing/index.ts";
import { readCell, type ReadingContext } from "./read-cell.ts";

let runtime: TestRuntime;
let context: ReadingContext;
const seventeen = "43312419850312001";
const identity = seventeen + checkCharacter(seventeen)!;

beforeAll(async () => {
  runtime = await testRuntime(modules);
  const { matcher } = await loadRegionIndex(runtime.database.worker);
  context = { keys: runtime.keys, divisions: matcher, area: "433124", businessDate: "2025-06-18" };
});
afterAll(() => runtime?.close());

function read(type: RegisterColumn["type"], cell: Cell, more: Partial<RegisterColumn> = {}, header = ""): string {
  const reading = readCell(context, { column: "x", label: "栏目", type, ...more }, cell, { header });
  switch (reading.kind) {
    case "nothing":
      return "nothing";
    case "value":
      return reading.value;
    case "fault":
      return `✗ ${reading.message}`;
    case "person":
      return `person ${reading.mask}`;
    case "employer":
      return `employer ${reading.code ?? reading.text}`;
    case "reference":
      return `reference ${reading.text}`;
  }
}

describe("each type of column", () => {
  test.each<[RegisterColumn["type"], Cell, string]>([
    ["text", "　首次 介绍　", "首次 介绍"],
    ["text", "无", "无"],
    ["text", "——", "nothing"],
    ["text", `联系 ${identity} 本人`, "联系 433124********001* 本人"],
    ["integer", "１２", "12"],
    ["integer", 12, "12"],
    ["integer", "1,200 人次", "1200"],
    ["integer", "3个月", "3"],
    ["integer", "12.0", "12"],
    ["integer", "12.5", "✗ “12.5”不是整数，请只填数字。"],
    ["integer", "约十人", "✗ “约十人”不是整数，请只填数字。"],
    ["fen", "1,234.5", "123450"],
    ["fen", "￥300元/月", "30000"],
    ["fen", 3800.5000000001, "380050"],
    ["fen", 0.1, "10"],
    ["fen", "3.5万元", "3500000"],
    ["fen", "1.234", "✗ “1.234”不是金额，请按元填写数字，最多到分，如 1234.50。"],
    ["fen", "免费", "✗ “免费”不是金额，请按元填写数字，最多到分，如 1234.50。"],
    ["fen", "/", "nothing"],
    ["date", "2024年3月1日", "2024-03-01"],
    ["date", "2024.3.1", "2024-03-01"],
    ["date", "20240301", "2024-03-01"],
    ["date", "２０２４／３／１", "2024-03-01"],
    ["date", 45_352, "2024-03-01"],
    ["date", { kind: "date", serial: 45_352, text: "2024-03-01T08:00:00", precision: "moment" }, "2024-03-01"],
    ["date", "2024年3月", "✗ “2024年3月”只写到月，请写明是哪一天，如 2024-03-15。"],
    ["date", "2024-02-30", "✗ “2024-02-30”这一天不存在，是否为 2024-02-29？"],
    ["date", "去年", "✗ “去年”不是日期，请按 2024-03-01 这样填写。"],
    ["month", "2024年3月", "2024-03-01"],
    ["month", 202_403, "2024-03-01"],
    ["month", "2024-03-18", "2024-03-01"],
    ["month", 2024.1, "✗ “2024.1”可能是 1 月，也可能是 10 月，请按 2024-10 这样填写。"],
    ["boolean", "是", "true"],
    ["boolean", "√", "true"],
    ["boolean", "无", "false"],
    ["boolean", "—", "nothing"],
    ["boolean", "不详", "✗ “不详”看不出是或否，请填“是”或“否”。"],
    ["region", "花垣县龙潭镇", "433124102"],
    ["region", "433124", "433124"],
    ["region", "长沙市", "4301"],
    ["region", "某某国", "✗ “某某国”在行政区划中查无此处，请按行政区划全称填写，如“花垣县双龙镇”。"],
    ["person", identity, "person 433124********001*"],
    ["person", Number(`${seventeen}0`), "✗ 证件号码以数字格式保存，第 16 位起已丢失，请把单元格设为文本后重新填写。"],
    ["employer", "花垣锦达电子有限公司", "employer 花垣锦达电子有限公司"],
    ["employer", "91433124MA4L0000XX", "✗ 统一社会信用代码校验位不符，至少有一位填写有误。"],
    ["reference", " Ａ-1 ", "reference A-1"],
    ["employer", "（辖区外单位）", "nothing"],
    ["date", { kind: "error", text: "#N/A" }, "✗ “#N/A”是表格公式的错误值，请填写实际内容。"],
    ["date", "至今", "nothing"],
    ["date", null, "nothing"],
  ])("%s %j is %s", (type, cell, expected) => {
    const mask = `${identity.slice(0, 6)}********${identity.slice(-4)}`;
    expect(read(type, cell)).toBe(expected.replace("433124********001*", mask));
  });

  test("code: one of its words, whatever the width; else what it may be", () => {
    const codes = { codes: ["省内（含县内）", "省外", "境外"] };
    expect(read("code", "省内(含县内) ", codes)).toBe("省内（含县内）");
    expect(read("code", "省内", codes)).toBe("✗ “省内”不在可填内容里，是否为“省内（含县内）”？");
    expect(read("code", "外", codes)).toBe("✗ “外”不在可填内容里，请从下列选一项：省内（含县内）、省外、境外。");
  });

  test("an amount under a header in ten thousands", () => {
    expect(read("fen", 0.12345, {}, "金额（万元）")).toBe("123450");
    expect(read("fen", "0.0000001", {}, "金额（万元）")).toMatch(/^✗/);
  });

  test("a region that decides whose row it is must be the office's own", () => {
    expect(read("region", "吉首市", { column: "county" })).toMatch(/^✗ .*不在本单位管辖范围内/);
    expect(read("region", "花垣县", { column: "county" })).toBe("433124");
  });
});

test("every amount of yuan with two decimals is read to the fen, however it is written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (fen) => {
      const text = formatYuan(fen);
      expect(read("fen", text)).toBe(String(fen));
      expect(read("fen", text.replaceAll(",", ""))).toBe(String(fen));
      expect(read("fen", Number(text.replaceAll(",", "")))).toBe(String(fen));
      expect(read("fen", `${text} 元`)).toBe(String(fen));
    }),
  );
});
