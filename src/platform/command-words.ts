import { Option, type Command } from "commander";
import stringWidth from "string-width";

/** What commander says of wrong usage, by its code; `named` are the words it puts between quotes. */
const faults: Readonly<Record<string, (named: readonly string[], text: string) => string>> = {
  "commander.unknownCommand": ([command]) => `没有命令 ${command}。`,
  "commander.unknownOption": ([option]) => `没有选项 ${option}。`,
  "commander.missingArgument": ([name]) => `缺少 <${name}>。`,
  "commander.optionMissingArgument": ([option]) => `选项 ${option} 后面缺少内容。`,
  "commander.missingMandatoryOptionValue": ([option]) => `缺少必填选项 ${option}。`,
  "commander.invalidArgument": ([option, value], text) =>
    `${option} 不能是“${value}”，可以是：${/Allowed choices are (.*)\./u.exec(text)?.[1] ?? ""}。`,
  "commander.excessArguments": ([command]) => `命令 ${command} 后面多了内容；含空格的文件名要加引号。`,
};

/** The sentence for a usage error of commander's, in Chinese. */
export function usageSentence({ code, message }: { code: string; message: string }): string {
  const named = [...message.matchAll(/'([^']*)'/gu)].map(([, words]) => words!);
  const meant = /Did you mean (?:one of )?(.*)\?/u.exec(message)?.[1];
  const say = faults[code];
  const said = say ? say(named, message) : `用法不对：${message.replace(/^error: /u, "")}`;
  return meant ? `${said}是不是要用 ${meant}？` : said;
}

const titles: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Commands:": "命令：",
};

const inChinese = (text: string) => text.replace("[options]", "[选项]").replace("[command]", "[命令]");

function describeOption({ description, defaultValue }: Option): string {
  const values = [defaultValue ?? []].flat().filter((value) => typeof value === "string" && value !== "");
  return values.length === 0 ? description : `${description}（默认 ${values.join("、")}）`;
}

/** An option that takes one of some words, each with what it is called where it has a name. */
export function choiceOption(
  flags: string,
  choices: readonly string[],
  labels?: Readonly<Record<string, string>>,
): Option {
  const said = choices.map((choice) => (labels ? `${choice}（${labels[choice]}）` : choice));
  return new Option(flags, said.join("、")).choices(choices);
}

/** Help in Chinese of a program and of whatever commands are added to it after. Its faults are left to whoever catches them (`usageSentence`). */
export function speakChinese(program: Command): void {
  const own = program.createHelp();
  program
    .helpOption("-h, --help", "显示用法")
    .helpCommand("help [命令]", "显示一个命令的用法")
    .configureHelp({
      // A Chinese character takes two places.
      displayWidth: stringWidth,
      styleTitle: (title) => titles[title] ?? title,
      commandUsage: (command) => inChinese(own.commandUsage(command)),
      subcommandTerm: (command) => inChinese(own.subcommandTerm(command)),
      optionDescription: describeOption,
    })
    .configureOutput({ outputError: () => {} })
    .exitOverride();
}
