import { uncommonCharacters, UNCOMMON_LEAST } from "./common-passwords.ts";

export const PASSWORD_LEAST_LENGTH = 10;
export const PASSWORD_LENGTH_LIMIT = 128;

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

/** What is wrong with a new password, as Chinese sentences without a full stop; empty when it may be used. */
export function passwordFaults(password: string, login: string): string[] {
  const faults: string[] = [];
  if (password.length < PASSWORD_LEAST_LENGTH) faults.push(`至少 ${PASSWORD_LEAST_LENGTH} 位`);
  if (password.length > PASSWORD_LENGTH_LIMIT) faults.push(`最多 ${PASSWORD_LENGTH_LIMIT} 位`);
  // GB/T 22239-2019, 8.1.4.1 a asks for it.
  if (classes.filter((one) => one.test(password)).length < 3) faults.push("大写字母、小写字母、数字、符号中至少含三类");
  if (password.toLowerCase().includes(login.toLowerCase())) faults.push("不能包含登录名");
  if (password !== "" && uncommonCharacters(password, login.split(/[._-]/)) < UNCOMMON_LEAST)
    faults.push("太容易猜到（常用词、连续按键、年份、重复字符），请换成别人想不到的词");
  return faults;
}
