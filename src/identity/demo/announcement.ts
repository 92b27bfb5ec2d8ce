import { dutyLabels } from "../contract.ts";
import { demoAccounts, demoPassword, demoPrefectures } from "./accounts.ts";

/** What the start of a demonstration says: its business dates, and who may sign in to do what. */
export function demoAnnouncement(businessDate: (region?: string) => string): string[] {
  const groups = Map.groupBy(demoAccounts, (account) => account.group);
  return [
    `演示数据，业务日期 ${businessDate()}${elsewhere(businessDate)}。演示账号（密码均为 ${demoPassword}）：`,
    ...[...groups].flatMap(([group, accounts]) => [
      `  ${group}`,
      ...accounts.map(
        ({ login, name, organisation, dutyLabels: duties }) =>
          `    ${padded(login, LOGIN)}${padded(name, NAME)}${padded(duties.join("、"), DUTY)}${organisation}`,
      ),
    ]),
  ];
}

/** "（济宁市 2023-06-18）": where the sources lie in another year. */
function elsewhere(businessDate: (region?: string) => string): string {
  const dates = demoPrefectures
    .map(({ code, name }) => ({ name, date: businessDate(code) }))
    .filter(({ date }) => date !== businessDate());
  return dates.length === 0 ? "" : `（${dates.map(({ name, date }) => `${name} ${date}`).join("，")}）`;
}

/** Columns as a terminal counts them: a Chinese character takes two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > "\u2e7f" ? 2 : 1), 0);
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(1, columns - width(text)));
}

const widest = (texts: readonly string[]) => Math.max(...texts.map(width)) + 2;
const LOGIN = widest(demoAccounts.map(({ login }) => login));
const NAME = widest(demoAccounts.map(({ name }) => name));
const DUTY = widest(Object.values(dutyLabels));
