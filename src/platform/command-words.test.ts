import { Command, CommanderError } from "commander";
import { expect, test } from "vitest";
import { choiceOption, speakChinese, usageSentence } from "./command-words.ts";

function program(): Command {
  const made = new Command("wengang");
  speakChinese(made);
  made
    .command("import")
    .argument("<文件>", "一份表")
    .requiredOption("--as <登录名>")
    .addOption(choiceOption("--size <规模>", ["village", "county"], { village: "村", county: "县" }).default("county"))
    .action(() => {});
  return made;
}

function saidOf(args: readonly string[]): string {
  try {
    program().parse(args, { from: "user" });
  } catch (cause) {
    if (cause instanceof CommanderError) return usageSentence(cause);
  }
  return "";
}

test.each([
  [["imprt"], "没有命令 imprt。是不是要用 import？"],
  [["import", "a", "--as", "x", "--siez", "county"], "没有选项 --siez。是不是要用 --size？"],
  [["import", "--as", "x"], "缺少 <文件>。"],
  [["import", "a", "--as"], "选项 --as <登录名> 后面缺少内容。"],
  [["import", "a"], "缺少必填选项 --as <登录名>。"],
  [["import", "a", "--as", "x", "--size", "huge"], "--size <规模> 不能是“huge”，可以是：village, county。"],
  [["import", "a", "b", "--as", "x"], "命令 import 后面多了内容；含空格的文件名要加引号。"],
  [["import", "a", "--as", "x"], ""],
])("%j is answered in Chinese", (args, said) => {
  expect(saidOf(args)).toBe(said);
});

test("a fault of commander's that is not known keeps its own words", () => {
  expect(usageSentence({ code: "commander.new", message: "error: something 'x'" })).toBe("用法不对：something 'x'");
});

test("help is in Chinese, and its columns stand under each other where a character takes two places", () => {
  const help = program().commands[0]!.helpInformation();
  expect(help).toContain("用法： wengang import [选项] <文件>");
  expect(help).toContain("--size <规模>  village（村）、county（县）（默认 county）");
  expect(help).toContain("  -h, --help     显示用法");
  expect(help).not.toMatch(/Usage|Options|default|choices|display/u);
});
